// Values as AWS's Java prints them.
#pragma once
#include <string>

#include "states/json.hpp"

namespace pawl::data {

// Double.toString: "1.0", "1.1", "1.0E10", "1.0E-4".
std::string java_number(double value);

// Object.toString of what Jackson parsed: a bare text, null, [1, a], {k=v, l=[]}.
std::string java_text(const Json& value);

// Compact JSON as Jackson writes it; differs from to_text in floating-point numbers and control characters.
std::string jackson_text(const Json& value);

}  // namespace pawl::data
