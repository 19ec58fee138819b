// A definition as its author wrote it, and where in the text each of its parts stands.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "states/json.hpp"

namespace pawl::asl {

struct Position {
    std::size_t line = 1;    // from 1
    std::size_t column = 1;  // from 1, in characters (code points), not bytes
    friend bool operator==(const Position&, const Position&) = default;
};

// Of byte `offset` (clamped to the text's end).
Position position_at(std::string_view text, std::size_t offset);

// Where the part that a JSON pointer names stands in a valid JSON text: the key of a member, the first character of
// an element. The nearest existing ancestor when there is no such part.
Position locate(std::string_view json_text, std::string_view pointer);

// `key` as one more step of a JSON pointer: "/States" + "a/b" = "/States/a~1b".
std::string child_pointer(std::string_view pointer, std::string_view key);
std::string child_pointer(std::string_view pointer, std::size_t index);

}  // namespace pawl::asl
