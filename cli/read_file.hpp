// Texts that commands are given: a file, or standard input for "-".
#pragma once
#include <string>

namespace pawl::cli {

// UsageError when it can't be read.
std::string read_text(const std::string& path);

}  // namespace pawl::cli
