// Fields that hold a number, or have a "…Path" twin or an expression that gives one: how Map reads them, which takes
// numbers written as texts too. Spec: states-language.net, "Map State Concurrency", "Tolerated Failures".
#pragma once
#include <cstdint>
#include <string_view>

#include "states/place.hpp"

namespace pawl {

// Of a path; expressions give none.
enum class Negative : std::uint8_t { refused, accepted };

// 0 when the field is absent.
Result<std::int64_t> integer_field(const asl::ValueOrPath<std::int64_t>& field, std::string_view name, Place& place,
                                   const Json& input, Negative negative = Negative::refused);
// From 0 to 100.
Result<double> percentage_field(const asl::ValueOrPath<double>& field, std::string_view name, Place& place,
                                const Json& input);

}  // namespace pawl
