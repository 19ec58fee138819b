#include "states/jsonata/number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace pawl::jsonata {
namespace {

struct Decimal {
    std::string digits;  // without trailing zeros, at least one
    int exponent;        // the value is 0.digits * 10^exponent
};

Decimal shortest_decimal(double value) {
    std::array<char, 40> buffer;
    char* const end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size() - 1, value, std::chars_format::scientific).ptr;
    *end = '\0';
    const std::string_view text{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
    const std::size_t e = text.find('e');
    Decimal decimal;
    for (const char c : text.substr(0, e)) {
        if (c != '.') decimal.digits += c;
    }
    decimal.exponent = std::atoi(buffer.data() + e + 1) + 1;
    return decimal;
}

std::string layout(const Decimal& decimal) {
    const int k = static_cast<int>(decimal.digits.size());
    const int n = decimal.exponent;
    if (k <= n && n <= 21) return decimal.digits + std::string(static_cast<std::size_t>(n - k), '0');
    if (0 < n && n <= 21) {
        return decimal.digits.substr(0, static_cast<std::size_t>(n)) + "." +
               decimal.digits.substr(static_cast<std::size_t>(n));
    }
    if (-6 < n && n <= 0) return "0." + std::string(static_cast<std::size_t>(-n), '0') + decimal.digits;
    const std::string exponent = (n - 1 < 0 ? "e-" : "e+") + std::to_string(std::abs(n - 1));
    if (k == 1) return decimal.digits + exponent;
    return decimal.digits.substr(0, 1) + "." + decimal.digits.substr(1) + exponent;
}

// `value` times 10^shift by way of its decimal text.
double shifted(double value, int shift) {
    if (!std::isfinite(value)) return value;
    std::string text = number_text(value);
    int exponent = shift;
    if (const std::size_t e = text.find('e'); e != std::string::npos) {
        exponent += std::atoi(text.c_str() + e + 1);
        text.resize(e);
    }
    return std::strtod((text + "e" + std::to_string(exponent)).c_str(), nullptr);
}

}  // namespace

char* print_number(char* to, double value) {
    const double size = std::abs(value);
    if (size < 1e15 && value == std::trunc(value)) {
        return std::to_chars(to, to + longest_number, static_cast<std::int64_t>(value)).ptr;
    }
    if (size >= 1e-6 && size < 1e15) {
        return std::to_chars(to, to + longest_number, value, std::chars_format::fixed).ptr;
    }
    std::string text;
    if (std::isfinite(value)) {
        text = (value < 0 ? "-" : "") + layout(shortest_decimal(size));
    } else {
        text = std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
    }
    return std::copy(text.begin(), text.end(), to);
}

std::string number_text(double value) {
    std::array<char, longest_number> buffer;
    return {buffer.data(), print_number(buffer.data(), value)};
}

std::string number_in_radix(double value, int radix) {
    if (radix == 10 || !std::isfinite(value)) return number_text(value);
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string text;
    double rest = std::trunc(std::abs(value));
    do {  // exact: every step divides an integer below 2^1024 with one rounding that JavaScript does as well
        const double digit = std::fmod(rest, radix);
        text.insert(text.begin(), digits[static_cast<std::size_t>(digit)]);
        rest = (rest - digit) / radix;
    } while (rest >= 1 && text.size() < 1100);
    return (value < 0 ? "-" : "") + text;
}

std::string fixed_text(double value, int decimals) {
    if (!(value < 1e21)) return number_text(value);
    std::array<char, 160> buffer;
    const int size = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    return std::string(buffer.data(), static_cast<std::size_t>(size));
}

double to_15_digits(double value) {
    if (!std::isfinite(value) || value == std::trunc(value)) return value;
    // 31 exact digits, then rounded half up at the 15th: printf alone would round ties to even.
    std::array<char, 48> buffer;
    std::snprintf(buffer.data(), buffer.size(), "%.30e", std::abs(value));
    const std::string_view text{buffer.data()};
    unsigned long long digits = 0;
    for (std::size_t i = 0, taken = 0; taken < 15; ++i) {
        if (text[i] == '.') continue;
        digits = digits * 10 + static_cast<unsigned>(text[i] - '0');
        ++taken;
    }
    if (text[16] >= '5') ++digits;
    const int exponent = std::atoi(buffer.data() + text.find('e') + 1) - 14;
    const std::string rounded = std::to_string(digits) + "e" + std::to_string(exponent);
    const double result = std::strtod(rounded.c_str(), nullptr);
    return value < 0 ? -result : result;
}

double parse_number(std::string_view text) { return std::strtod(std::string{text}.c_str(), nullptr); }

std::optional<double> parse_leading_int(std::string_view text) {
    std::size_t at = text.find_first_not_of(" \t\n\r\v\f");
    if (at == std::string_view::npos) return std::nullopt;
    const bool negative = text[at] == '-';
    if (text[at] == '-' || text[at] == '+') ++at;
    double value = 0;
    bool any = false;
    if (text.size() > at + 2 && text[at] == '0' && (text[at + 1] == 'x' || text[at + 1] == 'X')) {
        for (at += 2; at < text.size(); ++at, any = true) {
            const char c = text[at];
            const int digit = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0) break;
            value = value * 16 + digit;
        }
    } else {
        const std::size_t start = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
        any = at > start;
        if (any) value = parse_number(text.substr(start, at - start));
    }
    if (!any) return std::nullopt;
    return negative ? -value : value;
}

double round_half_even(double value, int decimals) {
    double shifted_value = decimals == 0 ? value : shifted(value, decimals);
    if (decimals != 0 && std::isinf(shifted_value)) return std::nan("");  // no digits to shift back
    double result = std::floor(shifted_value + 0.5);
    // floor(x + 0.5) errs for 0.49999999999999994 and for odd numbers beyond 2^52.
    if (std::abs(shifted_value) >= 4503599627370496.0) {
        result = shifted_value;
    } else if (result - shifted_value > 0.5) {
        result -= 1;
    }
    if (std::abs(result - shifted_value) == 0.5 && std::abs(std::fmod(result, 2)) == 1) result -= 1;
    if (decimals != 0) result = shifted(result, -decimals);
    return result == 0 ? 0 : result;
}

}  // namespace pawl::jsonata
