// From values back to JSON, for results and error reports.
#pragma once
#include <optional>

#include "states/jsonata/made.hpp"

namespace pawl::jsonata {

Json json_number(double value);  // an integer when it is one that JavaScript prints as digits

// The value as JSON, nothing for undefined. A function is nothing, too: left out of objects, null in arrays.
// Throws D1001 for infinities and NaN unless they go out as text, U1001 when it is nested too deeply or too large.
std::optional<Json> exported(const Value& value, Budget& budget, NonFinite non_finite);

// For an error report: never throws, shortens nothing, leaves out what JSON cannot show.
Json exported_leniently(const Value& value);

}  // namespace pawl::jsonata
