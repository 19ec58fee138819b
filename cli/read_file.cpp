#include "cli/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/engine.hpp"

namespace pawl::cli {

std::string read_text(const std::string& path) {
    if (path == "-") return {std::istreambuf_iterator<char>{std::cin}, {}};
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file) throw UsageError{path + ": can't be read: " + std::strerror(errno)};
    return text;
}

}  // namespace pawl::cli
