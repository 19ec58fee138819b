// Numbers in English words, in Roman numerals and in letters.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "states/jsonata/budget.hpp"

namespace pawl::jsonata {

std::string number_in_words(double value, bool ordinal, Budget& budget);  // "Twelve Thousand, Four Hundred and Six"
std::optional<double> number_from_words(std::string_view words);          // lower case
std::string words_pattern();                                              // a regular expression for such words

std::string number_in_roman(double value, Budget& budget);  // lower case
double number_from_roman(std::string_view numerals);        // upper case
std::string number_in_letters(double value, char first);    // a, b, … z, aa, ab …
double number_from_letters(std::string_view letters, char first);

}  // namespace pawl::jsonata
