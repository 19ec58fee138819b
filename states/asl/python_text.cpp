#include "states/asl/python_text.hpp"

#include <algorithm>
#include <cstdio>

namespace pawl::asl {
namespace {

// Separators and controls; other unprintable code points are not told apart.
bool printable(char32_t c) {
    if (c < 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD) return false;
    const bool space = c == 0x1680 || (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
                       (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
    const bool not_a_character = (c & 0xFFFE) == 0xFFFE || (c >= 0xE000 && c <= 0xF8FF);
    return !space && !not_a_character;
}

std::string escape(char32_t c) {
    switch (c) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            break;
    }
    char text[16];
    const char* const format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
    std::snprintf(text, sizeof text, format, static_cast<unsigned>(c));
    return text;
}

}  // namespace

Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 1 || length > text.size()) return {1, lead};
    char32_t c = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) c = (c << 6U) | (byte(i) & 0x3FU);
    return {length, c};
}

std::string python_repr(std::string_view text) {
    const bool single = text.find('\'') != std::string_view::npos;
    const char quote = single && text.find('"') == std::string_view::npos ? '"' : '\'';
    std::string repr{quote};
    while (!text.empty()) {
        const auto [bytes, c] = first_character(text);
        if (c == '\\' || c == static_cast<unsigned char>(quote)) {
            repr += '\\';
            repr += static_cast<char>(c);
        } else if (printable(c)) {
            repr += text.substr(0, bytes);
        } else {
            repr += escape(c);
        }
        text.remove_prefix(bytes);
    }
    return repr + quote;
}

}  // namespace pawl::asl
