#include "orchestrator/functions/registry/code_store.hpp"

#include <fcntl.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "orchestrator/functions/file_descriptor.hpp"
#include "orchestrator/functions/registry/zip_archive.hpp"
#include "orchestrator/functions/write_all.hpp"
#include "orchestrator/names.hpp"
#include "orchestrator/text_encodings.hpp"

namespace pawl {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view draft_prefix = "draft-";

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

void sync_folder(const fs::path& path) {
    const FileDescriptor opened{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened || ::fsync(opened.get()) != 0) {
        throw std::system_error{errno, std::generic_category(), path.string()};
    }
}

// Everything that was written on this file system. One call: an fsync for each of thousands of files takes seconds.
void sync_all(const fs::path& path) {
    const FileDescriptor opened{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened || ::syncfs(opened.get()) != 0) {
        throw std::system_error{errno, std::generic_category(), path.string()};
    }
}

void write_file(const fs::path& path, std::string_view bytes) {
    const FileDescriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};
    if (!file) throw std::system_error{errno, std::generic_category(), path.string()};
    if (write_all(file.get(), bytes) < bytes.size()) {
        throw std::system_error{errno, std::generic_category(), path.string()};
    }
}

constexpr auto writable = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;

// Folders after what they hold. Links have no bits of their own.
void make_read_only(const fs::path& code) {
    std::vector<fs::path> folders{code};
    for (const auto& entry : fs::recursive_directory_iterator{code}) {
        if (entry.is_symlink()) continue;
        if (entry.is_directory()) {
            folders.push_back(entry.path());
        } else {
            fs::permissions(entry.path(), writable, fs::perm_options::remove);
        }
    }
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
        fs::permissions(*folder, writable, fs::perm_options::remove);
    }
}

// Of a read-only folder nothing can be removed. What stays is swept up at the next start.
void remove_folder(const fs::path& path) {
    std::error_code ignored, failed;
    for (fs::recursive_directory_iterator entry{path, failed}, end; !failed && entry != end; entry.increment(failed)) {
        if (entry->is_symlink(ignored) || !entry->is_directory(ignored)) continue;
        fs::permissions(entry->path(), fs::perms::owner_write, fs::perm_options::add, ignored);
    }
    fs::remove_all(path, ignored);
}

ApiError refused(ZipProblem problem) {
    switch (problem) {
        case ZipProblem::Broken:
            break;
        case ZipProblem::Empty:
            return {"InvalidParameterValueException", "Uploaded file must be a non-empty zip"};
        case ZipProblem::TooLarge:
            return {"InvalidParameterValueException",
                    "Unzipped size must be smaller than " + std::to_string(ZipLimits{}.unpacked_bytes) + " bytes"};
    }
    return {"InvalidParameterValueException",
            "Could not unzip uploaded file. Please check your file, then try to upload again."};
}

}  // namespace

CodeDraft::~CodeDraft() {
    if (!path_.empty()) remove_folder(path_);
}

CodeStore::CodeStore(const fs::path& folder)
    : folder_{folder.empty() ? fs::temp_directory_path() / ("pawl-functions-" + new_uuid())
                             : fs::absolute(folder).lexically_normal()},
      temporary_{folder.empty()} {}

CodeStore::~CodeStore() {
    if (temporary_) remove_folder(folder_);
}

fs::path CodeStore::new_folder() {
    if (fs::create_directories(folder_)) {
        if (temporary_) fs::permissions(folder_, fs::perms::owner_all);
        sync_folder(folder_.parent_path());
    }
    auto draft = folder_ / (std::string{draft_prefix} + new_uuid());
    fs::create_directory(draft);
    return draft;
}

ApiResult<CodeDraft> CodeStore::unpack(std::string_view zip) {
    if (zip.empty()) return refused(ZipProblem::Empty);
    if (zip.size() > max_zip_bytes) {
        return ApiError{"RequestEntityTooLargeException",
                        "Zipped size must be smaller than " + std::to_string(max_zip_bytes) + " bytes"};
    }
    const std::lock_guard lock{unpacking_};
    CodeDraft draft{new_folder()};
    fs::create_directory(draft.path_ / "code");
    const auto unpacked = unpack_zip(zip, draft.path_ / "code");
    if (!unpacked) return refused(unpacked.error());
    write_file(draft.path_ / "code.zip", zip);
    make_read_only(draft.path_ / "code");
    sync_all(draft.path_);
    const auto digest = sha256(zip);
    draft.code_ = {to_hex(digest), to_base64(digest), static_cast<std::int64_t>(zip.size())};
    return draft;
}

void CodeStore::keep(CodeDraft draft) {
    const auto place = folder_ / draft.code_.id;
    if (fs::exists(place)) return;
    fs::rename(draft.path_, place);
    draft.path_.clear();
    sync_folder(folder_);
}

std::string CodeStore::folder_of(const FunctionCode& code) const {
    if (!code.folder.empty() || code.id.empty()) return code.folder;
    return (folder_ / code.id / "code").string();
}

fs::path CodeStore::archive_of(std::string_view id) const { return folder_ / std::string{id} / "code.zip"; }

void CodeStore::remove(std::string_view id) { remove_folder(folder_ / std::string{id}); }

void CodeStore::keep_only(const std::set<std::string>& ids) {
    std::error_code ignored;
    if (!fs::exists(folder_)) return;
    for (const auto& entry : fs::directory_iterator{folder_, ignored}) {
        const auto name = entry.path().filename().string();
        if (ids.contains(name)) continue;
        // Only what this class makes: the folder's name is the user's choice.
        const bool hash = name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (hash || name.starts_with(draft_prefix)) remove_folder(entry.path());
    }
}

}  // namespace pawl
