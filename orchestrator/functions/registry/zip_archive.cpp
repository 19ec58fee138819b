#include "orchestrator/functions/registry/zip_archive.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "orchestrator/functions/file_descriptor.hpp"
#include "orchestrator/functions/write_all.hpp"

namespace pawl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::size_t longest_target = 4096;  // of a symbolic link

struct CloseZip {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};

[[noreturn]] void disk_failed(const fs::path& path) {
    throw std::system_error{errno, std::generic_category(), path.string()};
}

// A name that never leaves the folder: relative, without empty, "." or ".." segments. Folders end in '/'.
bool is_inner_path(std::string_view name) {
    if (name.empty() || name.size() > 1024 || name.find('\0') != std::string_view::npos) return false;
    if (name.ends_with('/')) name.remove_suffix(1);
    for (;;) {
        const auto slash = name.find('/');
        const auto segment = name.substr(0, slash);
        if (segment.empty() || segment == "." || segment == ".." || segment.size() > 255) return false;
        if (slash == std::string_view::npos) return true;
        name.remove_prefix(slash + 1);
    }
}

// Some tools name what they pack as seen from its folder: "./app.py", and "./" for the folder itself.
std::string_view without_dots(std::string_view name) {
    while (name.starts_with("./")) name.remove_prefix(2);
    return name;
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint64_t number = 0;
    for (std::size_t i = count; i-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

// Only the archive, when bytes are in front of it or behind it: a program that unpacks or runs it may be. Offsets count
// from where it begins, or were adjusted to what is in front; then nothing is taken away there.
std::string_view trimmed(std::string_view bytes) {
    constexpr std::string_view end_mark{"PK\5\6", 4}, directory_mark{"PK\1\2", 4};
    constexpr std::size_t end_bytes = 22, longest_comment = 65'535;
    if (bytes.size() < end_bytes) return bytes;
    for (auto at = bytes.rfind(end_mark, bytes.size() - end_bytes); at != std::string_view::npos;
         at = at == 0 ? std::string_view::npos : bytes.rfind(end_mark, at - 1)) {
        if (bytes.size() - at > end_bytes + longest_comment) break;
        const auto end = at + end_bytes + number_at(bytes, at + 20, 2);
        if (end > bytes.size()) continue;
        const auto directory_bytes = number_at(bytes, at + 12, 4), offset = number_at(bytes, at + 16, 4);
        const auto directory = at - std::min<std::uint64_t>(at, directory_bytes);
        const bool moved = offset < directory && !bytes.substr(offset).starts_with(directory_mark) &&
                           bytes.substr(directory).starts_with(directory_mark);
        const auto begin = moved ? directory - offset : 0;
        return bytes.substr(begin, end - begin);
    }
    return bytes;
}

// Whether a link at `place` stays inside: some "..", as many as there are folders around it, then names only. A ".."
// behind a name could follow another link first.
bool is_inner_target(std::string_view target, std::string_view place) {
    auto up = std::size_t{0};
    for (const char c : place) up += c == '/' ? 1 : 0;
    while (target.starts_with("../") || target == "..") {
        if (up-- == 0) return false;
        target.remove_prefix(std::min<std::size_t>(3, target.size()));
    }
    return target.empty() || is_inner_path(target);
}

class Unpacking {
  public:
    Unpacking(zip_t* archive, fs::path folder, const ZipLimits& limits)
        : archive_{archive}, folder_{std::move(folder)}, limits_{limits} {}

    Result<std::uint64_t, ZipProblem> run() {
        const auto count = zip_get_num_entries(archive_, 0);
        if (count < 0) return ZipProblem::Broken;
        if (count == 0) return ZipProblem::Empty;
        if (static_cast<std::uint64_t>(count) > limits_.entries) return ZipProblem::TooLarge;
        for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
            if (!unpack(index)) return problem_;
        }
        // Last: nothing is ever written through a link.
        for (const auto& [place, target] : links_) {
            if (!make_folders(fs::path{place}.parent_path())) return ZipProblem::Broken;
            if (::symlink(target.c_str(), (folder_ / place).c_str()) != 0) {
                if (errno == EEXIST) return ZipProblem::Broken;
                disk_failed(folder_ / place);
            }
        }
        return written_;
    }

  private:
    bool fail(ZipProblem problem) {
        problem_ = problem;
        return false;
    }

    bool unpack(zip_uint64_t index) {
        zip_stat_t stat;
        if (zip_stat_index(archive_, index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0) {
            return fail(ZipProblem::Broken);
        }
        const std::string name{without_dots(stat.name)};
        if (name.empty() && *stat.name != '\0') return true;
        if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
            return fail(ZipProblem::Broken);
        }
        if (!is_inner_path(name)) return fail(ZipProblem::Broken);
        const bool is_folder = name.ends_with('/');
        const auto place = is_folder ? name.substr(0, name.size() - 1) : name;
        if (!seen_.insert(place).second) return fail(ZipProblem::Broken);
        if (is_folder) return make_folders(place) || fail(ZipProblem::Broken);

        const auto mode = unix_mode(index);
        if (S_ISLNK(mode)) return remember_link(index, place);
        if ((mode & S_IFMT) != 0 && !S_ISREG(mode)) return fail(ZipProblem::Broken);
        if (!make_folders(fs::path{place}.parent_path())) return fail(ZipProblem::Broken);
        return write_file(index, folder_ / place, (mode & 0111U) != 0);
    }

    // 0 when the archive was made on a system without modes.
    mode_t unix_mode(zip_uint64_t index) const {
        zip_uint8_t system = 0;
        zip_uint32_t attributes = 0;
        if (zip_file_get_external_attributes(archive_, index, 0, &system, &attributes) != 0) return 0;
        return system == ZIP_OPSYS_UNIX ? static_cast<mode_t>(attributes >> 16) : 0;
    }

    // False: a file is in the way.
    bool make_folders(const fs::path& inner) {
        fs::path at = folder_;
        for (const auto& segment : inner) {
            at /= segment;
            if (!folders_.insert(at).second) continue;
            if (::mkdir(at.c_str(), 0755) == 0) continue;
            if (errno == EEXIST) return false;
            disk_failed(at);
        }
        return true;
    }

    // Calls `take` with each block until the end. False: see problem_.
    template <class Take>
    bool read(zip_uint64_t index, const Take& take) {
        const std::unique_ptr<zip_file_t, CloseEntry> entry{zip_fopen_index(archive_, index, 0)};
        if (!entry) return fail(ZipProblem::Broken);
        std::vector<char> block(block_bytes);
        for (;;) {
            const auto count = zip_fread(entry.get(), block.data(), block.size());
            if (count < 0) return fail(ZipProblem::Broken);  // damaged, or its checksum is wrong
            if (count == 0) return true;
            written_ += static_cast<std::uint64_t>(count);
            if (written_ > limits_.unpacked_bytes) return fail(ZipProblem::TooLarge);
            if (!take(std::string_view{block.data(), static_cast<std::size_t>(count)})) return false;
        }
    }

    bool remember_link(zip_uint64_t index, const std::string& place) {
        std::string target;
        const bool whole = read(index, [&](std::string_view block) {
            target += block;
            return target.size() <= longest_target || fail(ZipProblem::Broken);
        });
        if (!whole) return false;
        if (target.empty() || target.find('\0') != std::string::npos || !is_inner_target(target, place)) {
            return fail(ZipProblem::Broken);
        }
        links_.emplace_back(place, std::move(target));
        return true;
    }

    bool write_file(zip_uint64_t index, const fs::path& path, bool executable) {
        const FileDescriptor file{
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, executable ? 0755 : 0644)};
        if (!file) {
            if (errno == EEXIST) return fail(ZipProblem::Broken);
            disk_failed(path);
        }
        const bool whole = read(index, [&](std::string_view block) {
            if (write_all(file.get(), block) < block.size()) disk_failed(path);
            return true;
        });
        return whole;
    }

    zip_t* const archive_;
    const fs::path folder_;
    const ZipLimits limits_;
    ZipProblem problem_ = ZipProblem::Broken;
    std::uint64_t written_ = 0;
    std::set<std::string> seen_;
    std::set<fs::path> folders_;  // made
    std::vector<std::pair<std::string, std::string>> links_;
};

}  // namespace

Result<std::uint64_t, ZipProblem> unpack_zip(std::string_view bytes, const fs::path& folder, const ZipLimits& limits) {
    const auto archive = trimmed(bytes);
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
    if (source == nullptr) return ZipProblem::Broken;
    const std::unique_ptr<zip_t, CloseZip> opened{zip_open_from_source(source, ZIP_RDONLY, &error)};
    if (!opened) {
        zip_source_free(source);
        return ZipProblem::Broken;
    }
    return Unpacking{opened.get(), folder, limits}.run();
}

}  // namespace pawl
