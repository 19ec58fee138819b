// Where a part of a definition stands: as a JSON pointer, for its position in the text, and as the service writes it in
// a diagnostic, where list elements are in brackets and names are not escaped.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "states/json.hpp"

namespace pawl::asl {

struct Place {
    // Longer keys are cut: a thousand problems below one should not repeat it a thousand times.
    static constexpr std::size_t longest_key = 1000;  // in bytes

    std::string pointer;    // "/States/a~1b/Retry/0"; "" is the whole text
    std::string location;   // "/States/a/b/Retry[0]"; "" is shown as "/"
    std::size_t state = 0;  // how much of `location` leads to the state that this is in

    // The same, seen from the state: "Retry[0]".
    std::string in_state() const { return location.size() > state ? location.substr(state + 1) : std::string{}; }

    Place at(std::string_view key) const;
    Place at(std::size_t index) const;
    // Along a JSON pointer whose steps are in `inside`, the value at this place: that tells a list from an object.
    Place along(std::string_view relative_pointer, const Json& inside) const;
};

// The first step of a JSON pointer, unescaped; `pointer` keeps the rest. Needs a pointer that is not empty.
std::string take_step(std::string_view& pointer);
// A step as an index into a list; npos: it is none.
std::size_t index_of(std::string_view step);

}  // namespace pawl::asl
