// Small and capital letters, as JavaScript's toLowerCase and toUpperCase have them. Spec: ECMA-262, Unicode's
// SpecialCasing.txt without what depends on a language.
#pragma once
#include <string>
#include <string_view>

namespace pawl::jsonata {

std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

}  // namespace pawl::jsonata
