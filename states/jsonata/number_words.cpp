#include "states/jsonata/number_words.hpp"

#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "states/jsonata/letter_case.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

constexpr std::array<std::string_view, 20> small{
    "Zero", "One",    "Two",    "Three",    "Four",     "Five",    "Six",     "Seven",     "Eight",    "Nine",
    "Ten",  "Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"};
constexpr std::array<std::string_view, 20> ordinals{
    "Zeroth",     "First",     "Second",    "Third",       "Fourth",     "Fifth",     "Sixth",
    "Seventh",    "Eighth",    "Ninth",     "Tenth",       "Eleventh",   "Twelfth",   "Thirteenth",
    "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"};
constexpr std::array<std::string_view, 9> tens{"Twenty",  "Thirty", "Forty",  "Fifty",  "Sixty",
                                               "Seventy", "Eighty", "Ninety", "Hundred"};
constexpr std::array<std::string_view, 4> magnitudes{"Thousand", "Million", "Billion", "Trillion"};

// `after`: words stand before it, which "and" or a comma joins to these.
std::string words(double value, bool after, bool ordinal, Budget& budget) {
    budget.burn();
    budget.check_stack();
    const auto rest_of = [&](double rest, std::string_view ending) {
        return rest > 0 ? words(rest, true, ordinal, budget) : std::string{ordinal ? ending : ""};
    };
    if (value <= 19) {
        const auto index = static_cast<std::size_t>(value);
        return (after ? " and " : "") + std::string{ordinal ? ordinals[index] : small[index]};
    }
    if (value < 100) {
        std::string text = (after ? " and " : "") + std::string{tens[static_cast<std::size_t>(value / 10) - 2]};
        const double rest = std::fmod(value, 10);
        if (rest > 0) return text + "-" + words(rest, false, ordinal, budget);
        if (ordinal) text.replace(text.size() - 1, 1, "ieth");
        return text;
    }
    const std::string joint = after ? ", " : "";
    if (value < 1000) {
        return joint + std::string{small[static_cast<std::size_t>(value / 100)]} + " Hundred" +
               rest_of(std::fmod(value, 100), "th");
    }
    const auto magnitude =
        std::min<std::size_t>(static_cast<std::size_t>(std::floor(std::log10(value) / 3)), magnitudes.size());
    const double factor = std::pow(10, static_cast<double>(magnitude) * 3);
    const double count = std::floor(value / factor);
    return joint + words(count, false, false, budget) + " " + std::string{magnitudes[magnitude - 1]} +
           rest_of(value - count * factor, "th");
}

const std::map<std::string, double, std::less<>>& word_values() {
    static const auto values = [] {
        std::map<std::string, double, std::less<>> made;
        for (std::size_t i = 0; i < small.size(); ++i) {
            made[to_lower(small[i])] = static_cast<double>(i);
            made[to_lower(ordinals[i])] = static_cast<double>(i);
        }
        for (std::size_t i = 0; i < tens.size(); ++i) {
            const std::string word = to_lower(tens[i]);
            made[word] = made[word.substr(0, word.size() - 1) + "ieth"] = static_cast<double>((i + 2) * 10);
        }
        made["hundredth"] = 100;
        for (std::size_t i = 0; i < magnitudes.size(); ++i) {
            const std::string word = to_lower(magnitudes[i]);
            made[word] = made[word + "th"] = std::pow(10, static_cast<double>(i + 1) * 3);
        }
        return made;
    }();
    return values;
}

constexpr std::array<std::pair<double, std::string_view>, 13> roman{{
    {1000, "m"},
    {900, "cm"},
    {500, "d"},
    {400, "cd"},
    {100, "c"},
    {90, "xc"},
    {50, "l"},
    {40, "xl"},
    {10, "x"},
    {9, "ix"},
    {5, "v"},
    {4, "iv"},
    {1, "i"},
}};

double roman_digit(char c) {
    switch (c) {
        case 'M':
            return 1000;
        case 'D':
            return 500;
        case 'C':
            return 100;
        case 'L':
            return 50;
        case 'X':
            return 10;
        case 'V':
            return 5;
        case 'I':
            return 1;
        default:
            return std::nan("");
    }
}

}  // namespace

std::string number_in_words(double value, bool ordinal, Budget& budget) { return words(value, false, ordinal, budget); }

std::optional<double> number_from_words(std::string_view text) {
    // Words are parted by ", ", " and ", white space, backslashes or hyphens.
    std::vector<double> segments{0};
    for (std::size_t at = 0; at <= text.size();) {
        std::size_t end = text.find_first_of(", \t\n\r\\-", at);
        std::size_t next = end + 1;
        while (end != std::string_view::npos && text[end] == ',' && text.substr(end, 2) != ", ") {
            end = text.find_first_of(", \t\n\r\\-", end + 1);
            next = end + 1;
        }
        if (end == std::string_view::npos) {
            end = text.size();
            next = text.size() + 1;
        } else if (text[end] == ',') {
            next = end + 2;
        } else if (text.substr(end, 5) == " and ") {
            next = end + 5;
        }
        const auto found = word_values().find(text.substr(at, end - at));
        if (found == word_values().end()) return std::nullopt;
        if (found->second < 100) {
            if (segments.back() >= 1000) segments.push_back(0);
            segments.back() += found->second;
        } else {
            segments.back() *= found->second;
        }
        at = next;
    }
    double sum = 0;
    for (const double segment : segments) sum += segment;
    return sum;
}

std::string words_pattern() {
    std::string pattern = "(?:";
    for (const auto& [word, value] : word_values()) pattern += word + "|";
    return pattern + "and|[\\-, ])+";
}

std::string number_in_roman(double value, Budget& budget) {
    std::string text;
    for (const auto& [worth, numeral] : roman) {
        while (value >= worth) {
            budget.burn();
            text += numeral;
            value -= worth;
        }
    }
    return text;
}

double number_from_roman(std::string_view numerals) {
    double sum = 0;
    double largest = 1;
    for (std::size_t i = numerals.size(); i-- > 0;) {
        const double digit = roman_digit(numerals[i]);
        if (digit < largest) {
            sum -= digit;
        } else {
            largest = digit;
            sum += digit;
        }
    }
    return sum;
}

std::string number_in_letters(double value, char first) {
    std::string letters;
    while (value > 0) {
        letters.insert(letters.begin(), static_cast<char>(first + static_cast<int>(std::fmod(value - 1, 26))));
        value = std::floor((value - 1) / 26);
    }
    return letters;
}

double number_from_letters(std::string_view letters, char first) {
    double value = 0;
    const auto add = [&](char32_t unit) { value = value * 26 + (static_cast<double>(unit) - first + 1); };
    for (std::size_t at = 0; at < letters.size();) {  // also what is no letter, by its UTF-16 units, as the reference
        const char32_t code = next_code_point(letters, at);
        if (code < 0x10000) {
            add(code);
        } else {
            add(0xD7C0 + (code >> 10));
            add(0xDC00 + (code & 0x3FF));
        }
    }
    return value;
}

}  // namespace pawl::jsonata
