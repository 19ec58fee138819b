// The code of functions on disk, by content: FOLDER/HASH/code.zip as it was sent, and FOLDER/HASH/code/ unpacked. It is
// made under another name and moved when it is whole; equal code is kept once. Only one thread at a time changes it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

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

class CodeStore {
  public:
    // Made when the first code comes. Empty: one below the system's folder for temporary files, gone with this object.
    explicit CodeStore(const std::filesystem::path& folder);
    ~CodeStore();
    CodeStore(const CodeStore&) = delete;
    CodeStore& operator=(const CodeStore&) = delete;

    // On disk when it returns; InvalidParameterValueException for what is no archive or too large.
    ApiResult<FunctionCode> keep(std::string_view zip);
    // What `keep` would answer, without keeping anything.
    ApiResult<FunctionCode> check(std::string_view zip);
    // Where the code lies unpacked.
    std::string folder_of(const FunctionCode& code) const;
    std::filesystem::path archive_of(std::string_view id) const;
    void remove(std::string_view id);
    // What a crash left behind: everything but these.
    void keep_only(const std::set<std::string>& ids);

  private:
    std::filesystem::path new_folder();
    ApiResult<FunctionCode> unpack(std::string_view zip, const std::filesystem::path& into);

    const std::filesystem::path folder_;
    const bool temporary_;
};

}  // namespace pawl
