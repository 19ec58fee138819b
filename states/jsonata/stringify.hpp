// Values as text: $string, the `&` operator, JSON.
#pragma once
#include <string>
#include <string_view>

#include "states/jsonata/made.hpp"

namespace pawl::jsonata {

// As $string: text as it is, everything else as JSON with numbers of 15 digits. Throws D3001 for infinities and NaN.
std::string to_string(const Value& value, Heap& heap, bool pretty = false);
// As JavaScript's String(), for what the reference hands to JavaScript as it is: "22", "undefined", "1,2",
// "[object Object]".
Value as_javascript_text(const Value& value, Heap& heap);

}  // namespace pawl::jsonata
