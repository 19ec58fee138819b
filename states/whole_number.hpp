// Whole numbers of JSON texts as 64 bits with a sign.
#pragma once
#include <cstdint>
#include <limits>

#include "states/json.hpp"

namespace pawl {

// Of an integer of JSON. What is beyond 64 bits becomes the largest: no field has a limit near it.
inline std::int64_t whole_number_of(const Json& number) {
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    if (number.is_number_unsigned() && number.get<std::uint64_t>() > static_cast<std::uint64_t>(largest)) {
        return largest;
    }
    return number.get<std::int64_t>();
}

}  // namespace pawl
