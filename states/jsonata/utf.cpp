#include "states/jsonata/utf.hpp"

#include <algorithm>

namespace pawl::jsonata {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }
bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }
bool is_surrogate(char32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

bool ends_with_high_surrogate(std::string_view text) {
    const std::size_t size = text.size();
    return size >= 3 && byte_at(text, size - 3) == 0xED && byte_at(text, size - 2) >= 0xA0 &&
           byte_at(text, size - 2) <= 0xAF;
}
bool starts_with_low_surrogate(std::string_view text) {
    return text.size() >= 3 && byte_at(text, 0) == 0xED && byte_at(text, 1) >= 0xB0;
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const unsigned char lead = byte_at(text, at++);
    if (lead < 0x80) return lead;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    char32_t code = more == 3 ? lead & 0x07u : more == 2 ? lead & 0x0Fu : lead & 0x1Fu;
    for (int i = 0; i < more && at < text.size() && is_continuation(byte_at(text, at)); ++i) {
        code = (code << 6) | (byte_at(text, at++) & 0x3Fu);
    }
    return code;
}

void append_code_point(std::string& text, char32_t code) {
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | (code >> 6));
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        if (code >= 0xDC00 && code <= 0xDFFF && ends_with_high_surrogate(text)) {
            std::size_t at = text.size() - 3;
            const char32_t high = next_code_point(text, at);
            text.resize(text.size() - 3);
            append_code_point(text, 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00));
            return;
        }
        put(0xE0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3F));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

void append_joined(std::string& text, std::string_view more) {
    if (starts_with_low_surrogate(more) && ends_with_high_surrogate(text)) {
        std::size_t at = 0;
        append_code_point(text, next_code_point(more, at));
        more.remove_prefix(at);
    }
    text += more;
}

std::size_t code_point_count(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return !is_continuation(static_cast<unsigned char>(c)); }));
}

std::size_t utf16_length(std::string_view text) {
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (!is_continuation(byte)) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

std::size_t byte_offset(std::string_view text, std::size_t code_points) {
    std::size_t at = 0;
    while (at < text.size() && code_points > 0) {
        next_code_point(text, at);
        --code_points;
    }
    return at;
}

std::u32string to_code_points(std::string_view text) {
    std::u32string codes;
    codes.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) codes += next_code_point(text, at);
    return codes;
}

std::string from_code_points(std::u32string_view codes) {
    std::string text;
    text.reserve(codes.size());
    for (const char32_t code : codes) append_code_point(text, code);
    return text;
}

bool has_lone_surrogate(std::string_view text) {
    for (std::size_t at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1)) {
        if (at + 1 < text.size() && byte_at(text, at + 1) >= 0xA0) return true;
    }
    return false;
}

std::string without_lone_surrogates(std::string_view text) {
    std::string clean;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t code = next_code_point(text, at);
        append_code_point(clean, is_surrogate(code) ? 0xFFFD : code);
    }
    return clean;
}

int compare_utf16(std::string_view a, std::string_view b) {
    const std::size_t common = std::min(a.size(), b.size());
    std::size_t at = 0;
    while (at < common && a[at] == b[at]) ++at;
    if (at == common) return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
    // UTF-16 sorts supplementary characters (lead byte F0 and up) below U+E000..U+FFFF (lead bytes EE and EF).
    const auto rank = [](unsigned char byte) { return byte >= 0xF0 ? byte - 2 : byte >= 0xEE ? byte + 0x10 : byte; };
    return rank(byte_at(a, at)) < rank(byte_at(b, at)) ? -1 : 1;
}

}  // namespace pawl::jsonata
