// $formatNumber: decimal pictures such as "#,##0.00;(#,##0.00)".
// Spec: XPath and XQuery Functions 3.1, fn:format-number, whose rules the comments name.
#pragma once
#include <string>
#include <string_view>

namespace pawl::jsonata {

// The characters that a picture is written with.
struct NumberSymbols {
    std::u32string decimal_separator = U".";
    std::u32string grouping_separator = U",";
    std::u32string exponent_separator = U"e";
    std::u32string minus_sign = U"-";
    std::u32string percent = U"%";
    std::u32string per_mille = U"\u2030";
    std::u32string zero_digit = U"0";
    std::u32string digit = U"#";
    std::u32string pattern_separator = U";";

    void set(std::string_view property, std::string_view value);  // "decimal-separator" and so on
};

// Throws D3080 to D3093 for a picture that is wrong.
std::string format_decimal(double value, std::string_view picture, const NumberSymbols& symbols);

}  // namespace pawl::jsonata
