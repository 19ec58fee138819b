// A text as Python's repr() writes it: the service quotes the characters and the message of a wrong Label that way.
#pragma once
#include <string>
#include <string_view>

namespace pawl::asl {

// Of text that is valid UTF-8: in single quotes, or in double ones when it holds single quotes only; backslash
// escapes for what is not printable.
std::string python_repr(std::string_view text);

// The length in bytes of the character that `text` begins with, and its code point. Needs text.
struct Character {
    std::size_t bytes;
    char32_t code_point;
};
Character first_character(std::string_view text);

}  // namespace pawl::asl
