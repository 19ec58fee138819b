#include "orchestrator/map_runs/byte_source.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

namespace pawl {
namespace {

constexpr std::size_t chunk_bytes = 65'536;

S3Error broken(const char* format) {
    return {"InvalidCompressedData", std::string{"The object is not valid "} + format + " data."};
}

// gzip: one member after another. Spec: RFC 1952.
class Gunzipped final : public ByteSource {
  public:
    explicit Gunzipped(std::unique_ptr<ByteSource> packed) : packed_{std::move(packed)} {
        ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK;  // the largest window; gzip's frame
    }
    ~Gunzipped() override { inflateEnd(&stream_); }
    Gunzipped(const Gunzipped&) = delete;
    Gunzipped& operator=(const Gunzipped&) = delete;

    S3Result<std::size_t> read(std::span<char> into) override {
        if (!ready_) return broken("gzip");
        stream_.next_out = reinterpret_cast<Bytef*>(into.data());
        stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(into.size(), 1U << 30U));
        const auto wanted = stream_.avail_out;
        while (stream_.avail_out == wanted) {
            if (stream_.avail_in == 0) {
                const auto got = packed_->read(input_);
                if (!got) return got.error();
                if (*got == 0) return in_member_ ? S3Result<std::size_t>{broken("gzip")} : std::size_t{0};
                stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
                stream_.avail_in = static_cast<uInt>(*got);
            }
            if (!in_member_) {
                inflateReset(&stream_);
                in_member_ = true;
            }
            const int rc = inflate(&stream_, Z_NO_FLUSH);
            if (rc == Z_STREAM_END) {
                in_member_ = false;
            } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
                return broken("gzip");
            }
        }
        return static_cast<std::size_t>(wanted - stream_.avail_out);
    }

  private:
    std::unique_ptr<ByteSource> packed_;
    std::string input_ = std::string(chunk_bytes, '\0');
    z_stream stream_{};
    bool ready_ = false;
    bool in_member_ = true;  // an empty file is no gzip file
};

// Zstandard: one frame after another. Spec: RFC 8878.
class Unzstd final : public ByteSource {
  public:
    explicit Unzstd(std::unique_ptr<ByteSource> packed) : packed_{std::move(packed)} {}

    S3Result<std::size_t> read(std::span<char> into) override {
        if (!stream_) return broken("zstd");
        ZSTD_outBuffer out{into.data(), into.size(), 0};
        while (out.pos == 0) {
            // With room left in the output, everything that the decoder held back has come out: it needs more.
            if (in_.pos == in_.size && !full_) {
                const auto got = packed_->read(input_);
                if (!got) return got.error();
                if (*got == 0) return in_frame_ ? S3Result<std::size_t>{broken("zstd")} : std::size_t{0};
                in_ = {input_.data(), *got, 0};
            }
            const auto left = ZSTD_decompressStream(stream_.get(), &out, &in_);
            if (ZSTD_isError(left) != 0) return broken("zstd");
            in_frame_ = left != 0;
            full_ = in_frame_ && out.pos == out.size;
        }
        return out.pos;
    }

  private:
    struct Free {
        void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
    };
    std::unique_ptr<ByteSource> packed_;
    std::string input_ = std::string(chunk_bytes, '\0');
    std::unique_ptr<ZSTD_DStream, Free> stream_{ZSTD_createDStream()};
    ZSTD_inBuffer in_{nullptr, 0, 0};
    bool in_frame_ = true;  // an empty file is no zstd file
    bool full_ = false;     // the decoder may hold back output
};

}  // namespace

std::unique_ptr<ByteSource> unpacked(std::unique_ptr<ByteSource> packed, std::string_view name) {
    if (name.ends_with(".gz")) return std::make_unique<Gunzipped>(std::move(packed));
    if (name.ends_with(".zst") || name.ends_with(".zstd")) return std::make_unique<Unzstd>(std::move(packed));
    return packed;
}

bool ByteReader::fill() {
    if (done_) return false;
    buffer_.resize(buffer_bytes);
    position_ = filled_ = 0;
    const auto got = source_->read(buffer_);
    if (!got) {
        error_ = got.error();
        failed_ = true;
    } else {
        filled_ = *got;
    }
    done_ = filled_ == 0;
    if (done_) source_.reset();  // closes the file
    return !done_;
}

}  // namespace pawl
