// Numbers as JavaScript reads and prints them. Spec: ECMA-262, "Number::toString", "toPrecision", "toFixed".
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::jsonata {

std::string number_text(double value);  // shortest text that reads back the same: "0.1", "1e+21", "NaN"
// The same to where there is room for the longest; gives its end.
constexpr std::size_t longest_number = 40;
char* print_number(char* to, double value);
std::string number_in_radix(double value, int radix);  // 2 to 36
std::string fixed_text(double value, int decimals);    // value >= 0, rounded half up
double to_15_digits(double value);                     // as $string shows it: 0.1 + 0.2 is 0.3
double parse_number(std::string_view text);            // "1.5e3" and the like; too large a number is infinite
std::optional<double> parse_leading_int(std::string_view text);  // JavaScript's parseInt; nothing: NaN

// Rounds half to even at this many decimals (negative: tens, hundreds …), shifting in decimal text as JSONata does.
double round_half_even(double value, int decimals);

}  // namespace pawl::jsonata
