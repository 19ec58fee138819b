#include "cli/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/engine.hpp"
#include "states/json.hpp"

namespace pawl::cli {

namespace fs = std::filesystem;

std::string read_text(const std::string& path) {
    if (path == "-") return {std::istreambuf_iterator<char>{std::cin}, {}};
    std::error_code unknown;
    // A folder can be opened, but reading it throws.
    if (fs::is_directory(path, unknown)) throw UsageError{path + ": can't be read: it is a folder"};
    std::ifstream file{path, std::ios::binary};
    if (!file) throw UsageError{path + ": can't be read: " + std::strerror(errno)};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file) throw UsageError{path + ": can't be read: " + std::strerror(errno)};
    return text;
}

std::string read_json_argument(const std::string& given, const std::string& option) {
    if (given == "-") return read_text(given);
    if (given.starts_with('@')) return read_text(given.substr(1));
    const auto json = parse_json(given);
    if (json) return given;
    std::error_code unknown;
    if (!given.empty() && fs::exists(given, unknown)) return read_text(given);
    throw UsageError{option + ": this is neither JSON (" + json.error().message + " at byte " +
                     std::to_string(json.error().offset) + ") nor the name of a file"};
}

}  // namespace pawl::cli
