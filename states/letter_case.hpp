// ASCII letters without their case, as header names and the like compare.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace pawl {

inline char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string lower_case(std::string_view text) {
    std::string lowered{text};
    for (char& c : lowered) c = lower_case(c);
    return lowered;
}

inline bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower_case(x) == lower_case(y); });
}

}  // namespace pawl
