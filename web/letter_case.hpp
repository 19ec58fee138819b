// ASCII letters without their case, as header names compare.
#pragma once
#include <algorithm>
#include <string_view>

namespace pawl::web {

inline char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower_case, lower_case);
}

}  // namespace pawl::web
