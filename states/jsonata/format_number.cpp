#include "states/jsonata/format_number.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

constexpr std::size_t npos = std::u32string::npos;
constexpr std::size_t longest_fraction = 100;  // as JavaScript's toFixed

// The parts of a sub-picture (rule 4.7.3) and what follows from them (rule 4.7.4).
struct SubPicture {
    std::u32string text;
    std::u32string prefix;
    std::u32string suffix;
    std::u32string active;
    std::u32string mantissa;
    std::optional<std::u32string> exponent;
    std::u32string integer;
    std::u32string fraction;

    std::vector<std::size_t> integer_groups;
    std::vector<std::size_t> fraction_groups;
    std::size_t regular_group = 0;
    std::size_t least_integer = 0;
    std::size_t scaling = 0;
    std::size_t least_fraction = 0;
    std::size_t most_fraction = 0;
    std::size_t least_exponent = 0;
};

class Formatter {
  public:
    explicit Formatter(const NumberSymbols& symbols) : symbols_{symbols} {}

    SubPicture analysed(std::u32string text) const;
    std::u32string format(double value, const SubPicture& picture) const;

  private:
    char32_t zero() const { return symbols_.zero_digit.empty() ? U'0' : symbols_.zero_digit.front(); }
    bool is_family_digit(char32_t c) const { return c >= zero() && c < zero() + 10; }
    static bool is(char32_t c, const std::u32string& symbol) { return symbol.size() == 1 && symbol.front() == c; }
    bool is_digit(char32_t c) const { return is_family_digit(c) || is(c, symbols_.digit); }
    bool is_active(char32_t c) const {
        return is_digit(c) || is(c, symbols_.decimal_separator) || is(c, symbols_.exponent_separator) ||
               is(c, symbols_.grouping_separator) || is(c, symbols_.pattern_separator);
    }
    bool ends_affix(char32_t c) const { return is_active(c) && !is(c, symbols_.exponent_separator); }
    std::size_t count_family_digits(std::u32string_view text) const {
        return static_cast<std::size_t>(
            std::count_if(text.begin(), text.end(), [&](char32_t c) { return is_family_digit(c); }));
    }
    std::size_t count_digits(std::u32string_view text) const {
        return static_cast<std::size_t>(
            std::count_if(text.begin(), text.end(), [&](char32_t c) { return is_digit(c); }));
    }

    SubPicture split(std::u32string text) const;
    void validate(const SubPicture& parts) const;
    std::vector<std::size_t> group_positions(const std::u32string& part, const std::u32string& integer,
                                             bool to_left) const;
    std::u32string digits_of(double value, std::size_t decimals) const;
    void group(std::u32string& text, const SubPicture& picture) const;

    const NumberSymbols& symbols_;
};

SubPicture Formatter::split(std::u32string text) const {
    SubPicture parts;
    const auto ends = [&](char32_t c) { return ends_affix(c); };
    const auto first = std::find_if(text.begin(), text.end(), ends);
    const auto last = std::find_if(text.rbegin(), text.rend(), ends);
    if (first != text.end()) {
        parts.prefix = std::u32string(text.begin(), first);
        parts.suffix = std::u32string(last.base(), text.end());
    }
    parts.active = text.substr(parts.prefix.size(), text.size() - parts.suffix.size() - parts.prefix.size());
    const std::size_t exponent_at = text.find(symbols_.exponent_separator, parts.prefix.size());
    if (exponent_at == npos || exponent_at > text.size() - parts.suffix.size()) {
        parts.mantissa = parts.active;
    } else {
        // The reference measures from the start of the sub-picture, prefix and all.
        parts.mantissa = parts.active.substr(0, exponent_at);
        parts.exponent =
            exponent_at + 1 < parts.active.size() ? parts.active.substr(exponent_at + 1) : std::u32string{};
    }
    const std::size_t decimal_at = parts.mantissa.find(symbols_.decimal_separator);
    if (decimal_at == npos) {
        parts.integer = parts.mantissa;
        parts.fraction = parts.suffix;
    } else {
        parts.integer = parts.mantissa.substr(0, decimal_at);
        parts.fraction = parts.mantissa.substr(decimal_at + 1);
    }
    parts.text = std::move(text);
    return parts;
}

// The last rule that is broken is reported, as in the reference.
void Formatter::validate(const SubPicture& parts) const {
    const std::u32string& text = parts.text;
    const auto twice = [&](const std::u32string& symbol) { return text.find(symbol) != text.rfind(symbol); };
    const auto has = [&](const std::u32string& symbol) { return text.find(symbol) != npos; };
    const std::u32string& grouping = symbols_.grouping_separator;
    std::string_view error;
    if (twice(symbols_.decimal_separator)) error = "D3081";
    if (twice(symbols_.percent)) error = "D3082";
    if (twice(symbols_.per_mille)) error = "D3083";
    if (has(symbols_.percent) && has(symbols_.per_mille)) error = "D3084";
    if (count_digits(parts.mantissa) == 0) error = "D3085";
    if (!std::all_of(parts.active.begin(), parts.active.end(), [&](char32_t c) { return is_active(c); }))
        error = "D3086";
    const std::size_t decimal_at = text.find(symbols_.decimal_separator);
    if (decimal_at != npos) {
        const bool before = decimal_at > 0 && is(text[decimal_at - 1], grouping);
        const bool after = decimal_at + 1 < text.size() && is(text[decimal_at + 1], grouping);
        if (before || after) error = "D3087";
    } else if (!parts.integer.empty() && is(parts.integer.back(), grouping)) {
        error = "D3088";
    }
    if (has(grouping + grouping)) error = "D3089";
    const std::size_t first_optional = parts.integer.find(symbols_.digit);
    if (first_optional != npos && count_family_digits(parts.integer.substr(0, first_optional)) > 0) error = "D3090";
    const std::size_t last_optional = parts.fraction.rfind(symbols_.digit);
    if (last_optional != npos && count_family_digits(parts.fraction.substr(last_optional)) > 0) error = "D3091";
    if (parts.exponent) {
        if (!parts.exponent->empty() && (has(symbols_.percent) || has(symbols_.per_mille))) error = "D3092";
        if (parts.exponent->empty() || count_family_digits(*parts.exponent) < parts.exponent->size()) error = "D3093";
    }
    if (!error.empty()) throw Fault{error};
}

std::vector<std::size_t> Formatter::group_positions(const std::u32string& part, const std::u32string& integer,
                                                    bool to_left) const {
    std::vector<std::size_t> positions;
    for (std::size_t at = part.find(symbols_.grouping_separator); at != npos;) {
        const std::u32string_view view{part};
        const std::size_t end = std::min(at, view.size());
        positions.push_back(count_digits(to_left ? view.substr(0, end) : view.substr(end)));
        at = integer.find(symbols_.grouping_separator, at + 1);  // the reference looks on in the integer part, always
    }
    return positions;
}

SubPicture Formatter::analysed(std::u32string text) const {
    SubPicture parts = split(std::move(text));
    validate(parts);
    parts.integer_groups = group_positions(parts.integer, parts.integer, false);
    parts.fraction_groups = group_positions(parts.fraction, parts.integer, true);
    if (!parts.integer_groups.empty()) {
        const std::size_t interval =
            std::accumulate(parts.integer_groups.begin(), parts.integer_groups.end(), std::size_t{0},
                            [](std::size_t a, std::size_t b) { return std::gcd(a, b); });
        parts.regular_group = interval;
        for (std::size_t i = 1; i <= parts.integer_groups.size(); ++i) {
            const auto& groups = parts.integer_groups;
            if (std::find(groups.begin(), groups.end(), i * interval) == groups.end()) parts.regular_group = 0;
        }
    }
    parts.least_integer = parts.scaling = count_family_digits(parts.integer);
    parts.least_fraction = count_family_digits(parts.fraction);
    parts.most_fraction = count_digits(parts.fraction);
    if (parts.least_integer == 0 && parts.most_fraction == 0) {
        if (parts.exponent) {
            parts.least_fraction = parts.most_fraction = 1;
        } else {
            parts.least_integer = 1;
        }
    }
    if (parts.exponent && parts.least_integer == 0 && parts.integer.find(symbols_.digit) != npos)
        parts.least_integer = 1;
    if (parts.least_integer == 0 && parts.least_fraction == 0) parts.least_fraction = 1;
    if (parts.exponent) parts.least_exponent = count_family_digits(*parts.exponent);
    return parts;
}

std::u32string Formatter::digits_of(double value, std::size_t decimals) const {
    std::u32string digits =
        to_code_points(fixed_text(std::abs(value), static_cast<int>(std::min(decimals, longest_fraction))));
    for (char32_t& digit : digits) {
        if (digit >= U'0' && digit <= U'9') digit += zero() - U'0';
    }
    return digits;
}

// Bullets 10 and 11 of rule 4.7.5: grouping separators.
void Formatter::group(std::u32string& text, const SubPicture& picture) const {
    const std::u32string& separator = symbols_.grouping_separator;
    std::size_t decimal_at = text.find(symbols_.decimal_separator);
    const auto insert = [&](std::size_t at) { text.insert(std::min(at, text.size()), separator); };
    if (picture.regular_group > 0) {
        const std::size_t groups = decimal_at == 0 ? 0 : (decimal_at - 1) / picture.regular_group;
        for (std::size_t i = 1; i <= groups; ++i) insert(decimal_at - i * picture.regular_group);
    } else {
        for (const std::size_t position : picture.integer_groups) {
            // Before the beginning, the reference counts from the end.
            const std::size_t missing = decimal_at >= position ? 0 : position - decimal_at;
            insert(missing == 0 ? decimal_at - position : text.size() > missing ? text.size() - missing : 0);
            ++decimal_at;
        }
    }
    decimal_at = text.find(symbols_.decimal_separator);
    for (const std::size_t position : picture.fraction_groups) insert(decimal_at + position + 1);
}

std::u32string Formatter::format(double value, const SubPicture& picture) const {
    double adjusted = value;
    if (picture.text.find(symbols_.percent) != npos) {
        adjusted = value * 100;
    } else if (picture.text.find(symbols_.per_mille) != npos) {
        adjusted = value * 1000;
    }
    double mantissa = adjusted;
    int exponent = 0;
    if (picture.least_exponent > 0 && mantissa != 0 && std::isfinite(mantissa)) {
        const double most = std::pow(10, static_cast<double>(picture.scaling));
        const double least = std::pow(10, static_cast<double>(picture.scaling) - 1);
        for (; std::abs(mantissa) < least; --exponent) mantissa *= 10;
        for (; std::abs(mantissa) > most; ++exponent) mantissa /= 10;
    }
    const std::size_t decimals = std::min(picture.most_fraction, longest_fraction);
    std::u32string text = digits_of(round_half_even(mantissa, static_cast<int>(decimals)), decimals);
    if (const std::size_t point = text.find(U'.'); point == npos) {
        text += symbols_.decimal_separator;
    } else {
        text.replace(point, 1, symbols_.decimal_separator);
    }
    text.erase(0, std::min(text.find_first_not_of(zero()), text.size()));
    while (!text.empty() && text.back() == zero()) text.pop_back();

    std::size_t decimal_at = text.find(symbols_.decimal_separator);
    const std::size_t fraction_size = text.size() - decimal_at - 1;
    if (picture.least_fraction > fraction_size) text.append(picture.least_fraction - fraction_size, zero());
    if (picture.least_integer > decimal_at) text.insert(0, picture.least_integer - decimal_at, zero());
    group(text, picture);
    decimal_at = text.find(symbols_.decimal_separator);
    if (picture.text.find(symbols_.decimal_separator) == npos || decimal_at + 1 == text.size()) text.pop_back();
    if (picture.least_exponent > 0) {
        std::u32string digits = digits_of(exponent, 0);
        if (digits.size() < picture.least_exponent) digits.insert(0, picture.least_exponent - digits.size(), zero());
        text += symbols_.exponent_separator + (exponent < 0 ? symbols_.minus_sign : std::u32string{}) + digits;
    }
    return picture.prefix + text + picture.suffix;
}

}  // namespace

void NumberSymbols::set(std::string_view property, std::string_view value) {
    const std::u32string symbol = to_code_points(value);
    if (property == "decimal-separator") decimal_separator = symbol;
    if (property == "grouping-separator") grouping_separator = symbol;
    if (property == "exponent-separator") exponent_separator = symbol;
    if (property == "minus-sign") minus_sign = symbol;
    if (property == "percent") percent = symbol;
    if (property == "per-mille") per_mille = symbol;
    if (property == "zero-digit") zero_digit = symbol;
    if (property == "digit") digit = symbol;
    if (property == "pattern-separator") pattern_separator = symbol;
}

std::string format_decimal(double value, std::string_view picture, const NumberSymbols& symbols) {
    if (!std::isfinite(value)) throw Fault{"D1001"}.with("value", Json());
    const Formatter formatter{symbols};
    std::vector<std::u32string> texts{to_code_points(picture)};
    for (std::size_t at;
         !symbols.pattern_separator.empty() && (at = texts.back().find(symbols.pattern_separator)) != npos;) {
        std::u32string rest = texts.back().substr(at + symbols.pattern_separator.size());
        texts.back().resize(at);
        texts.push_back(std::move(rest));
    }
    if (texts.size() > 2) throw Fault{"D3080"};
    std::vector<SubPicture> parts;
    for (std::u32string& text : texts) parts.push_back(formatter.analysed(std::move(text)));
    if (parts.size() == 1) {
        parts.push_back(parts.front());
        parts.back().prefix = symbols.minus_sign + parts.back().prefix;
    }
    return from_code_points(formatter.format(value, value >= 0 ? parts.front() : parts.back()));
}

}  // namespace pawl::jsonata
