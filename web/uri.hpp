// Percent-encoding and query strings. Spec: RFC 3986; application/x-www-form-urlencoded for `+`.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pawl::web {

// "%41" becomes "A"; what is no valid escape stays as it is. `+` stays.
std::string percent_decode(std::string_view text);

// "a=1&b=x+y" as pairs, decoded, in order. A name without `=` has an empty value.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text);

// The part of a request target before `?`, and after it.
std::pair<std::string_view, std::string_view> split_target(std::string_view target);

}  // namespace pawl::web
