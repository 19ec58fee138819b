// JSON as Pawl keeps it: nlohmann::basic_json whose objects remember the author's key order and still find keys
// in constant time (nlohmann's own ordered_json searches linearly, so parsing a large object is quadratic).
// Texts come in through parse_json, which bounds nesting: nlohmann overflows the stack on deep input.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "states/nlohmann_json.hpp"
#include "states/ordered_object.hpp"
#include "states/result.hpp"

namespace pawl {

using Json = nlohmann::basic_json<OrderedObject>;

Json empty_object();  // for headers: Json::object() there is instantiated by all who include them

// Deeper texts are refused: recursive code over a Json may rely on it.
inline constexpr std::size_t max_json_depth = 512;

struct JsonSyntaxError {
    std::size_t offset;   // in bytes, from 0; where reading had to stop
    std::string message;  // what was found and what was expected
};

// The value of a JSON text (RFC 8259, valid UTF-8), or why it is none.
Result<Json, JsonSyntaxError> parse_json(std::string_view text);

// Does a JSON text nest deeper than max_json_depth?
bool too_deep(std::string_view text);

// Compact text. Never throws: text that is not UTF-8 is replaced by U+FFFD.
std::string to_text(const Json& value);

}  // namespace pawl
