#include "orchestrator/name_rules.hpp"

#include <algorithm>
#include <string>

namespace pawl {

namespace {

constexpr std::string_view refused_marks = " <>{}[]?*\"#%\\^|~`$&,;:/";

bool is_refused(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F || refused_marks.find(c) != std::string_view::npos;
}

// U+0080 to U+009F (C2 80 to C2 9F), U+10000 and beyond (F0 …: surrogates in UTF-16), U+FFFE and U+FFFF (EF BF BE/BF).
bool has_refused_sequence(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (at(i) == 0xC2 && at(i + 1) >= 0x80 && at(i + 1) <= 0x9F) return true;
        if (at(i) >= 0xF0) return true;
        if (at(i) == 0xEF && at(i + 1) == 0xBF && at(i + 2) >= 0xBE) return true;
    }
    return false;
}

}  // namespace

std::optional<ApiError> check_name(std::string_view name) {
    if (std::ranges::none_of(name, is_refused) && !has_refused_sequence(name)) return std::nullopt;
    return ApiError{"InvalidName", "Invalid Name: '" + std::string{name} + "'"};
}

bool is_alias_name(std::string_view name) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_other = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
    };
    return std::ranges::any_of(name, is_other) &&
           std::ranges::all_of(name, [&](char c) { return is_digit(c) || is_other(c); });
}

}  // namespace pawl
