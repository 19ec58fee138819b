// Unpacks an archive that somebody sent: nothing it holds may reach outside its folder, and it may lie about itself.
// Spec: PKWARE APPNOTE.TXT; AWS Lambda quotas, "Deployment package".
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "states/result.hpp"

namespace pawl {

struct ZipLimits {
    std::uint64_t unpacked_bytes = 262'144'000;  // AWS's 250 MB
    std::size_t entries = 50'000;                // each costs an inode
};

enum class ZipProblem : std::uint8_t {
    Broken,    // no archive, damaged, encrypted, or with an entry that may not be: a path out of the folder, one twice
    Empty,     // no entry at all
    TooLarge,  // more than the limits allow
};

// Writes the files, folders and symbolic links of an archive below `folder`, which exists and is empty; to have them on
// disk is the caller's part. Bytes before and behind the archive are passed over. Stops at the first byte too much,
// whatever sizes the archive claims. On failure some files may have been written. Throws std::system_error when the
// disk fails.
Result<std::uint64_t, ZipProblem> unpack_zip(std::string_view bytes, const std::filesystem::path& folder,
                                             const ZipLimits& limits = {});  // bytes unpacked

}  // namespace pawl
