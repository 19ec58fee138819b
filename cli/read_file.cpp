#include "cli/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/engine.hpp"
#include "cli/templates/source_document.hpp"

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

Json json_in(const std::string& file, const std::string& text) {
    auto value = parse_json(text);
    if (!value) throw UsageError{templates::json_trouble(text, value.error()).in_file(file)};
    return *std::move(value);
}

std::string read_json_argument(const std::string& given, const std::string& option) {
    const auto from_file = [](const std::string& file) {
        auto text = read_text(file);
        json_in(file, text);
        return text;
    };
    if (given == "-") return from_file(given);
    if (given.starts_with('@')) return from_file(given.substr(1));
    const auto json = parse_json(given);
    if (json) return given;
    std::error_code unknown;
    if (!given.empty() && fs::exists(given, unknown)) return from_file(given);
    throw UsageError{option + ": this is neither the name of a file nor JSON: " +
                     templates::json_trouble(given, json.error()).in_words()};
}

}  // namespace pawl::cli
