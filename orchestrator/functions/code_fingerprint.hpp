// Has the code in a folder changed? A number made from the names, sizes and times of its files; another number means
// other code. Cheap enough for the start of an invocation: some microseconds a file.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "orchestrator/functions/function_config.hpp"

namespace pawl {

// What the function's processes are made from: its code folder, or the files that its command names.
std::vector<std::string> code_of(const FunctionConfig& config);
// `not_code`: files and folders that lie there and change for other reasons, as `place_of` has them.
std::uint64_t code_fingerprint(const std::vector<std::string>& files_and_folders,
                               const std::vector<std::string>& not_code = {});
// Absolute, and without symbolic links on the way there.
std::string place_of(const std::string& path);

}  // namespace pawl
