// Strings are UTF-8 inside, but JSONata counts as JavaScript does: lengths in code points, match positions and error
// positions in UTF-16 units. A lone surrogate (from "\ud800") is kept in its three-byte form until the result leaves.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace pawl::jsonata {

// The code point at byte `at`, which moves past it. A malformed byte counts as one code point.
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_code_point(std::string& text, char32_t code);
// Appends `more`; two halves of a surrogate pair that meet become one character.
void append_joined(std::string& text, std::string_view more);

std::size_t code_point_count(std::string_view text);
std::size_t utf16_length(std::string_view text);
// The byte offset of the code point with this index; the size of the text when there are fewer.
std::size_t byte_offset(std::string_view text, std::size_t code_points);

std::u32string to_code_points(std::string_view text);
std::string from_code_points(std::u32string_view codes);

bool has_lone_surrogate(std::string_view text);
std::string without_lone_surrogates(std::string_view text);  // each becomes U+FFFD

// The order of JavaScript's `<` on strings, by UTF-16 units: negative, zero or positive.
int compare_utf16(std::string_view a, std::string_view b);

}  // namespace pawl::jsonata
