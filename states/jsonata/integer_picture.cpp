#include "states/jsonata/integer_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "states/jsonata/fault.hpp"
#include "states/jsonata/letter_case.hpp"
#include "states/jsonata/number.hpp"
#include "states/jsonata/number_words.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

// The zeros of Unicode's families of decimal digits.
constexpr std::array<char32_t, 37> zeros{0x30,   0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6,
                                         0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0,
                                         0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
                                         0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};

std::optional<char32_t> zero_of(char32_t digit) {
    for (const char32_t zero : zeros) {
        if (digit >= zero && digit <= zero + 9) return zero;
    }
    return std::nullopt;
}

// The interval at which all separators stand, if they are alike and leave none out; otherwise 0.
std::size_t regular_interval_of(const std::vector<IntegerPicture::Separator>& separators) {
    if (separators.empty()) return 0;
    std::size_t interval = separators.front().position;
    for (const auto& separator : separators) {
        if (separator.character != separators.front().character) return 0;
        interval = std::gcd(interval, separator.position);
    }
    for (std::size_t i = 1; i <= separators.size(); ++i) {
        const auto stands_there = [&](const auto& separator) { return separator.position == i * interval; };
        if (std::none_of(separators.begin(), separators.end(), stands_there)) return 0;
    }
    return interval;
}

void parse_digits(std::string_view text, IntegerPicture& picture) {
    std::u32string codes = to_code_points(text);
    std::optional<char32_t> zero;
    std::size_t position = 0;
    for (std::size_t i = codes.size(); i-- > 0;) {
        if (const auto family = zero_of(codes[i])) {
            ++picture.mandatory_digits;
            ++position;
            if (zero && *zero != *family) throw Fault{"D3131"};
            zero = family;
        } else if (codes[i] == U'#') {
            ++picture.optional_digits;
            ++position;
        } else {
            picture.separators.push_back({position, codes[i]});
        }
    }
    if (picture.mandatory_digits == 0) {
        picture.primary = IntegerPicture::Primary::sequence;
        picture.token = text;
        return;
    }
    picture.zero = *zero;
    picture.regular_interval = regular_interval_of(picture.separators);
}

std::u32string decimal(double value, const IntegerPicture& picture) {
    std::u32string digits = to_code_points(number_text(value));
    if (digits.size() < picture.mandatory_digits) digits.insert(0, picture.mandatory_digits - digits.size(), U'0');
    if (picture.zero != U'0') {
        for (char32_t& digit : digits) digit += picture.zero - U'0';
    }
    if (picture.regular_interval > 0) {
        const std::size_t interval = picture.regular_interval;
        for (std::size_t groups = (digits.size() - 1) / interval; groups > 0; --groups) {
            digits.insert(digits.size() - groups * interval, 1, picture.separators.front().character);
        }
        return digits;
    }
    for (auto separator = picture.separators.rbegin(); separator != picture.separators.rend(); ++separator) {
        // Counted from the right over what was inserted before it: the leftmost is inserted first.
        const std::size_t size = digits.size();
        if (size >= separator->position) {
            digits.insert(size - separator->position, 1, separator->character);
        } else {
            // What JavaScript's substr makes of a place before the beginning: only so many of the last digits remain.
            digits.erase(0, size - std::min(size, separator->position - size));
            digits.insert(0, 1, separator->character);
        }
    }
    return digits;
}

std::u32string_view ordinal_suffix(const std::u32string& digits) {
    const char32_t last = digits.back();
    const bool teen = digits.size() > 1 && digits[digits.size() - 2] == U'1';
    if (!teen && last == U'1') return U"st";
    if (!teen && last == U'2') return U"nd";
    if (!teen && last == U'3') return U"rd";
    return U"th";
}

}  // namespace

IntegerPicture IntegerPicture::parse(std::string_view text) {
    IntegerPicture picture;
    std::string_view main = text;
    if (const std::size_t semicolon = text.rfind(';'); semicolon != std::string_view::npos) {
        main = text.substr(0, semicolon);
        picture.ordinal = text.substr(semicolon + 1).starts_with('o');
    }
    const auto is = [&](Primary primary, LetterCase letter_case) {
        picture.primary = primary;
        picture.letter_case = letter_case;
    };
    if (main == "A") {
        is(Primary::letters, LetterCase::upper);
    } else if (main == "a") {
        is(Primary::letters, LetterCase::lower);
    } else if (main == "I") {
        is(Primary::roman, LetterCase::upper);
    } else if (main == "i") {
        is(Primary::roman, LetterCase::lower);
    } else if (main == "W") {
        is(Primary::words, LetterCase::upper);
    } else if (main == "Ww") {
        is(Primary::words, LetterCase::title);
    } else if (main == "w") {
        is(Primary::words, LetterCase::lower);
    } else {
        parse_digits(main, picture);
    }
    return picture;
}

std::string IntegerPicture::format(double value, Budget& budget) const {
    const double magnitude = std::abs(value);
    std::string text;
    if (!std::isfinite(value)) throw Fault{"D1001"}.with("value", Json());
    switch (primary) {
        case Primary::letters:
            text = number_in_letters(magnitude, letter_case == LetterCase::upper ? 'A' : 'a');
            break;
        case Primary::roman:
            text = number_in_roman(magnitude, budget);
            if (letter_case == LetterCase::upper) text = to_upper(text);
            break;
        case Primary::words:
            text = number_in_words(magnitude, ordinal, budget);
            if (letter_case == LetterCase::upper) text = to_upper(text);
            if (letter_case == LetterCase::lower) text = to_lower(text);
            break;
        case Primary::decimal: {
            budget.check_room(mandatory_digits * 8);
            std::u32string digits = decimal(magnitude, *this);
            if (ordinal) digits += ordinal_suffix(digits);
            text = from_code_points(digits);
            break;
        }
        case Primary::sequence:
            throw Fault{"D3130"}.with("value", Json(token));
    }
    return value < 0 ? "-" + text : text;
}

std::optional<double> IntegerPicture::read(std::string_view text) const {
    switch (primary) {
        case Primary::letters:
            return number_from_letters(text, letter_case == LetterCase::upper ? 'A' : 'a');
        case Primary::roman:
            return number_from_roman(letter_case == LetterCase::upper ? text : to_upper(text));
        case Primary::words:
            return number_from_words(to_lower(text));
        case Primary::decimal:
            break;
        case Primary::sequence:
            throw Fault{"D3130"}.with("value", Json(token));
    }
    std::u32string codes = to_code_points(text);
    if (ordinal) codes.resize(codes.size() < 2 ? 0 : codes.size() - 2);
    const auto is_separator = [&](char32_t code) {
        if (regular_interval > 0) return code == U',';
        return std::any_of(separators.begin(), separators.end(),
                           [&](const Separator& s) { return s.character == code; });
    };
    codes.erase(std::remove_if(codes.begin(), codes.end(), is_separator), codes.end());
    if (zero != U'0') {
        for (char32_t& code : codes) code = code - zero + U'0';
    }
    return parse_leading_int(from_code_points(codes));
}

std::string IntegerPicture::pattern() const {
    switch (primary) {
        case Primary::letters:
            return letter_case == LetterCase::upper ? "[A-Z]+" : "[a-z]+";
        case Primary::roman:
            return letter_case == LetterCase::upper ? "[MDCLXVI]+" : "[mdclxvi]+";
        case Primary::words:
            return words_pattern();
        case Primary::decimal:
            break;
        case Primary::sequence:
            throw Fault{"D3130"}.with("value", Json(token));
    }
    std::string text = "[0-9]";
    text += parse_width > 0 ? "{" + std::to_string(parse_width) + "}" : "+";
    if (ordinal) text += "(?:th|st|nd|rd)";
    return text;
}

}  // namespace pawl::jsonata
