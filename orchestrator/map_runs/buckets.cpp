#include "orchestrator/map_runs/buckets.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "orchestrator/functions/write_all.hpp"

namespace pawl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_key_bytes = 1024;  // S3's
// Where an object lies until it is whole. Lists do not show such names, and no key may have one.
constexpr std::string_view temporary_prefix = ".pawl-upload-";

S3Error no_such_bucket() { return {"NoSuchBucket", "The specified bucket does not exist"}; }
S3Error no_such_key() { return {"NoSuchKey", "The specified key does not exist."}; }
S3Error access_denied() { return {"AccessDenied", "Access Denied"}; }

S3Error of_errno(int code) {
    switch (code) {
        case ENOENT:
        case ENOTDIR:
            return no_such_key();
        case EACCES:
        case EPERM:
        case EROFS:
            return access_denied();
        default:
            return {"InternalError", std::string{"We encountered an internal error: "} + std::strerror(code)};
    }
}

// Is `path` `folder`, or below it? Both canonical.
bool within(const fs::path& path, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// The key as a relative path; an error when there can't be one.
S3Result<fs::path> path_of(std::string_view key) {
    if (key.size() > max_key_bytes) return S3Error{"KeyTooLongError", "Your key is too long"};
    if (key.empty() || key.find('\0') != std::string_view::npos) return access_denied();
    for (std::size_t begin = 0; begin <= key.size();) {
        const auto end = std::min(key.find('/', begin), key.size());
        const auto part = key.substr(begin, end - begin);
        if (part.empty() || part == "." || part == ".." || part.starts_with(temporary_prefix)) return access_denied();
        begin = end + 1;
    }
    return fs::path{key};
}

class File {
  public:
    explicit File(int descriptor) : descriptor_{descriptor} {}
    ~File() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int get() const { return descriptor_; }

  private:
    int descriptor_;
};

class FileSource final : public ByteSource {
  public:
    explicit FileSource(int descriptor) : file_{descriptor} {}
    S3Result<std::size_t> read(std::span<char> into) override {
        while (true) {
            const auto got = ::read(file_.get(), into.data(), into.size());
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno != EINTR) return of_errno(errno);
        }
    }

  private:
    File file_;
};

class FileWriter final : public ObjectWriter {
  public:
    FileWriter(int descriptor, std::string temporary, fs::path target)
        : file_{descriptor}, temporary_{std::move(temporary)}, target_{std::move(target)} {}
    ~FileWriter() override {
        if (!finished_) unlink(temporary_.c_str());
    }
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    std::optional<S3Error> write(std::string_view bytes) override {
        buffer_.append(bytes);
        return buffer_.size() < buffer_bytes ? std::nullopt : flush();
    }
    std::optional<S3Error> finish() override {
        if (auto failed = flush()) return failed;
        fchmod(file_.get(), 0644);
        if (fsync(file_.get()) != 0 || rename(temporary_.c_str(), target_.c_str()) != 0) return of_errno(errno);
        finished_ = true;
        const File folder{open(target_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (folder.get() >= 0) fsync(folder.get());
        return std::nullopt;
    }

  private:
    std::optional<S3Error> flush() {
        if (write_all(file_.get(), buffer_) < buffer_.size()) return of_errno(errno);
        buffer_.clear();
        return std::nullopt;
    }

    static constexpr std::size_t buffer_bytes = 262'144;
    File file_;
    const std::string temporary_;
    const fs::path target_;
    std::string buffer_;
    bool finished_ = false;
};

std::string etag_of(const struct stat& about) {
    const auto mix = [](std::uint64_t x) {  // splitmix64
        x += 0x9e3779b97f4a7c15U;
        x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
        x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
        return x ^ (x >> 31U);
    };
    const auto time = static_cast<std::uint64_t>(about.st_mtim.tv_sec) * 1'000'000'000U +
                      static_cast<std::uint64_t>(about.st_mtim.tv_nsec);
    const auto high = mix(mix(static_cast<std::uint64_t>(about.st_ino)) ^ time);
    const auto low = mix(high ^ static_cast<std::uint64_t>(about.st_size));
    std::string tag = "\"";
    for (const auto half : {high, low}) {
        for (int shift = 60; shift >= 0; shift -= 4)
            tag += "0123456789abcdef"[(half >> static_cast<unsigned>(shift)) & 15U];
    }
    return tag + '"';
}

// Walks the folder tree. A folder sorts as its name with a slash behind it: so its keys come where they belong.
class FolderList final : public ObjectList {
  public:
    FolderList(fs::path bucket, std::string prefix) : bucket_{std::move(bucket)}, prefix_{std::move(prefix)} {}

    S3Result<std::optional<ObjectInfo>> next() override {
        if (!begun_) {
            begun_ = true;
            if (auto failed = enter("")) return *std::move(failed);
        }
        while (!open_.empty()) {
            auto& level = open_.back();
            if (level.position == level.names.size()) {
                open_.pop_back();
                continue;
            }
            auto key = level.path + level.names[level.position++];
            if (key.back() == '/') {
                if (auto failed = enter(std::move(key))) return *std::move(failed);
            } else if (auto found = object(std::move(key))) {
                return found;
            }
        }
        return std::optional<ObjectInfo>{};
    }

  private:
    struct Level {
        std::string path;                // "" or "a/b/"
        std::vector<std::string> names;  // of files, and of folders with a slash behind
        std::size_t position = 0;
    };

    // Reads the names of a folder, as far as they may lead to keys with the prefix.
    std::optional<S3Error> enter(std::string path) {
        Level level{std::move(path), {}};
        std::error_code failed;
        fs::directory_iterator entry{bucket_ / level.path, failed};
        for (; !failed && entry != fs::directory_iterator{}; entry.increment(failed)) {
            auto name = entry->path().filename().string();
            if (name.starts_with(temporary_prefix)) continue;
            std::error_code unknown;
            const auto type = entry->symlink_status(unknown).type();
            const bool folder = type == fs::file_type::directory;
            if (!folder && type != fs::file_type::regular && type != fs::file_type::symlink) continue;
            if (folder) name += '/';
            const auto key = level.path + name;
            if (key.starts_with(prefix_) || (folder && prefix_.starts_with(key))) {
                level.names.push_back(std::move(name));
            }
        }
        // A folder that went meanwhile has no objects.
        if (failed && failed != std::errc::no_such_file_or_directory) return of_errno(failed.value());
        std::ranges::sort(level.names);
        open_.push_back(std::move(level));
        return std::nullopt;
    }

    // Nothing when the file went meanwhile, or is a link to something that is no object of this bucket.
    std::optional<ObjectInfo> object(std::string key) const {
        const auto path = bucket_ / key;
        struct stat about {};
        if (lstat(path.c_str(), &about) != 0) return std::nullopt;
        if (S_ISLNK(about.st_mode)) {
            std::error_code failed;
            const auto target = fs::canonical(path, failed);
            if (failed || !within(target, bucket_) || stat(target.c_str(), &about) != 0) return std::nullopt;
        }
        if (!S_ISREG(about.st_mode)) return std::nullopt;
        return ObjectInfo{std::move(key), about.st_size, Instant{std::chrono::seconds{about.st_mtim.tv_sec}},
                          etag_of(about)};
    }

    const fs::path bucket_;
    const std::string prefix_;
    std::vector<Level> open_;
    bool begun_ = false;
};

// Makes the folders that the target's file will lie in. They, or what is there of them, may not lead out of the bucket.
std::optional<S3Error> make_folders(const fs::path& bucket, const fs::path& relative) {
    fs::path folder = bucket;
    for (const auto& part : relative.parent_path()) {
        folder /= part;
        if (mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return of_errno(errno);
        std::error_code failed;
        const auto canonical = fs::canonical(folder, failed);
        if (failed) return of_errno(failed.value());
        if (!within(canonical, bucket) || !fs::is_directory(canonical, failed)) return access_denied();
    }
    return std::nullopt;
}

}  // namespace

Buckets::Buckets(fs::path folder) : folder_{fs::canonical(folder)} {}

S3Result<fs::path> Buckets::folder_of(std::string_view bucket) const {
    if (folder_.empty() || bucket.empty() || bucket == "." || bucket == ".." ||
        bucket.find_first_of(std::string_view{"/\0", 2}) != std::string_view::npos) {
        return no_such_bucket();
    }
    std::error_code failed;
    auto path = fs::canonical(folder_ / bucket, failed);
    if (failed || !fs::is_directory(path, failed)) return no_such_bucket();
    if (!within(path, folder_) || path == folder_) return access_denied();
    return path;
}

S3Result<std::unique_ptr<ByteSource>> Buckets::get(std::string_view bucket, std::string_view key) const {
    const auto folder = folder_of(bucket);
    if (!folder) return folder.error();
    const auto relative = path_of(key);
    if (!relative) return relative.error();
    std::error_code failed;
    const auto path = fs::canonical(*folder / *relative, failed);
    if (failed) return of_errno(failed.value());
    if (!within(path, *folder)) return access_denied();
    // Not blocking: a FIFO would wait for somebody who writes to it. Then it is refused, as is all but plain files.
    const int descriptor = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) return of_errno(errno);
    auto source = std::make_unique<FileSource>(descriptor);
    struct stat about {};
    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) return no_such_key();
    return std::unique_ptr<ByteSource>{std::move(source)};
}

S3Result<std::unique_ptr<ObjectWriter>> Buckets::put(std::string_view bucket, std::string_view key) const {
    const auto folder = folder_of(bucket);
    if (!folder) return folder.error();
    const auto relative = path_of(key);
    if (!relative) return relative.error();
    if (auto failed = make_folders(*folder, *relative)) return *std::move(failed);
    auto target = *folder / *relative;
    std::error_code ignored;
    if (fs::is_directory(target, ignored)) return access_denied();  // a folder and a file can't have one name here
    auto temporary = (target.parent_path() / (std::string{temporary_prefix} + "XXXXXX")).string();
    const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) return of_errno(errno);
    return std::unique_ptr<ObjectWriter>{
        std::make_unique<FileWriter>(descriptor, std::move(temporary), std::move(target))};
}

S3Result<std::unique_ptr<ObjectList>> Buckets::list(std::string_view bucket, std::string_view prefix) const {
    auto folder = folder_of(bucket);
    if (!folder) return folder.error();
    return std::unique_ptr<ObjectList>{std::make_unique<FolderList>(*std::move(folder), std::string{prefix})};
}

}  // namespace pawl
