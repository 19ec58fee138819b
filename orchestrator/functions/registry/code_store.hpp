// The code of functions on disk, by content: FOLDER/HASH/code.zip as it was sent, and FOLDER/HASH/code/ unpacked. It is
// made under another name and moved when it is whole; equal code is kept once. What is unpacked is read-only, as
// versions never change, and other functions may have the same code.
#pragma once
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "orchestrator/api_error.hpp"

namespace pawl {

inline constexpr std::size_t max_zip_bytes = 50 * 1024 * 1024;

// What a function's code is. All empty: it came from a file that names its own program.
struct FunctionCode {
    std::string id;           // in the store: SHA-256 in hexadecimal; empty: it isn't there
    std::string sha256;       // the same in Base64, as the API shows it
    std::int64_t size = 0;    // bytes of the archive
    std::string folder = {};  // hot reload: a folder of the user's own, used where it lies
    friend bool operator==(const FunctionCode&, const FunctionCode&) = default;
};

// Code that is unpacked and on disk, but not yet where it is looked for. It goes with this object unless it is kept.
class CodeDraft {
  public:
    explicit CodeDraft(std::filesystem::path path) : path_{std::move(path)} {}
    ~CodeDraft();
    CodeDraft(CodeDraft&& other) noexcept
        : path_{std::exchange(other.path_, {})}, code_{std::exchange(other.code_, {})} {}
    CodeDraft& operator=(CodeDraft&&) = delete;
    const FunctionCode& code() const { return code_; }

  private:
    friend class CodeStore;
    std::filesystem::path path_;
    FunctionCode code_;
};

class CodeStore {
  public:
    // Made when the first code comes. Empty: one below the system's folder for temporary files, gone with this object.
    explicit CodeStore(const std::filesystem::path& folder);
    ~CodeStore();
    CodeStore(const CodeStore&) = delete;
    CodeStore& operator=(const CodeStore&) = delete;

    // InvalidParameterValueException for what is no archive or too large. From any thread; it may take long.
    ApiResult<CodeDraft> unpack(std::string_view zip);
    // On disk, in its place, when it returns. Quick. Like `remove`, from one thread at a time.
    void keep(CodeDraft draft);
    // Where the code lies unpacked.
    std::string folder_of(const FunctionCode& code) const;
    std::filesystem::path archive_of(std::string_view id) const;
    void remove(std::string_view id);
    // What a crash left behind: everything but these.
    void keep_only(const std::set<std::string>& ids);

  private:
    std::filesystem::path new_folder();

    const std::filesystem::path folder_;
    const bool temporary_;
    std::mutex unpacking_;  // one at a time: a bound on what uploads take of disk and memory
};

}  // namespace pawl
