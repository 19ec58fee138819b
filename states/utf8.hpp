// Texts are UTF-8 throughout. What comes from elsewhere may be any bytes.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace pawl {

// Bytes that are not UTF-8 become U+FFFD, as in a Java String.
std::string valid_utf8(std::string_view bytes);

// As much of a UTF-8 text as its first characters, counted as Java does, in UTF-16 units; never a part of one.
std::string_view first_characters(std::string_view text, std::size_t most);

// Where a UTF-8 text may be cut that is longer than `most` bytes: there, or before the character that is there.
std::size_t cut_before(std::string_view text, std::size_t most);

}  // namespace pawl
