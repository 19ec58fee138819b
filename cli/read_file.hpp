// Texts that commands are given: a file, or standard input for "-".
#pragma once
#include <string>

#include "states/json.hpp"

namespace pawl::cli {

// UsageError when it can't be read.
std::string read_text(const std::string& path);

// The value of what was read from `file`. UsageError when it is no JSON, with the place and, where there is one, a
// hint.
Json json_in(const std::string& file, const std::string& text);

// The JSON text behind a value of `option`: "-" for standard input, @FILE, the JSON itself, or the name of a file.
// UsageError when it is none of them, or is no JSON.
std::string read_json_argument(const std::string& given, const std::string& option);

}  // namespace pawl::cli
