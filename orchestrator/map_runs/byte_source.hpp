// Bytes that are read from front to back: an object of a bucket, or what it unpacks to. Nothing holds a whole file.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "states/result.hpp"

namespace pawl {

// Why a bucket or an object could not be read or written, as S3 says it.
struct S3Error {
    std::string code;     // "NoSuchKey"
    std::string message;  // "The specified key does not exist."
    friend bool operator==(const S3Error&, const S3Error&) = default;
};
template <class T>
using S3Result = Result<T, S3Error>;

class ByteSource {
  public:
    virtual ~ByteSource() = default;
    // How many bytes were put into `into`; 0 at the end. After an error the source is of no use any more.
    virtual S3Result<std::size_t> read(std::span<char> into) = 0;
};

// What is packed in a source whose name ends in .gz, .zst or .zstd; a source with any other name as it is.
std::unique_ptr<ByteSource> unpacked(std::unique_ptr<ByteSource> packed, std::string_view name);

// A source byte by byte, with a look ahead.
class ByteReader {
  public:
    explicit ByteReader(std::unique_ptr<ByteSource> source) : source_{std::move(source)} {}

    static constexpr int end = -1;  // of the source, and whenever it failed: then `error` says why
    int peek() {
        if (position_ == filled_ && !fill()) return end;
        return static_cast<unsigned char>(buffer_[position_]);
    }
    int next() {
        const int byte = peek();
        if (byte != end) ++position_;
        return byte;
    }
    const S3Error* error() const { return failed_ ? &error_ : nullptr; }

  private:
    bool fill();

    static constexpr std::size_t buffer_bytes = 65'536;
    std::unique_ptr<ByteSource> source_;
    std::string buffer_;
    std::size_t position_ = 0;
    std::size_t filled_ = 0;
    bool done_ = false;
    bool failed_ = false;
    S3Error error_;
};

}  // namespace pawl
