// Texts that commands are given: a file, or standard input for "-".
#pragma once
#include <string>

namespace pawl::cli {

// UsageError when it can't be read.
std::string read_text(const std::string& path);

// The JSON text behind a value of `option`: "-" for standard input, @FILE, the JSON itself, or the name of a file.
// UsageError when it is none of them.
std::string read_json_argument(const std::string& given, const std::string& option);

}  // namespace pawl::cli
