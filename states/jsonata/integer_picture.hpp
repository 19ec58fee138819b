// Pictures of integers: "#,##0", "w", "I", "a", "1;o". Used by $formatInteger, $parseInteger and the components of
// dates. Spec: XPath and XQuery Functions 3.1, fn:format-integer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "states/jsonata/budget.hpp"

namespace pawl::jsonata {

enum class LetterCase : std::uint8_t { lower, upper, title };

struct IntegerPicture {
    enum class Primary : std::uint8_t { decimal, letters, roman, words, sequence };
    struct Separator {
        std::size_t position;  // digits to its right
        char32_t character;
    };

    Primary primary = Primary::decimal;
    LetterCase letter_case = LetterCase::lower;
    bool ordinal = false;
    std::string token;  // of a sequence, which is not supported
    // decimal:
    char32_t zero = U'0';
    std::size_t mandatory_digits = 0;
    std::size_t optional_digits = 0;
    std::vector<Separator> separators;  // from the right
    std::size_t regular_interval = 0;   // > 0: the first separator, every so many digits
    std::size_t parse_width = 0;        // > 0: exactly so many digits are read

    // Throws D3131 for digits of different families.
    static IntegerPicture parse(std::string_view text);

    // `value` is an integer. Throws D3130 for a sequence.
    std::string format(double value, Budget& budget) const;
    // The number that a text in this format shows; nothing when it shows none. Throws D3130.
    std::optional<double> read(std::string_view text) const;
    // How such a text looks, as a regular expression.
    std::string pattern() const;
};

}  // namespace pawl::jsonata
