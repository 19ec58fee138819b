// Reads `States.Name(argument, …)`. Private to states/data.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "states/data/intrinsic_functions.hpp"

namespace pawl::data::intrinsic {

inline constexpr int max_nesting = 10;  // AWS's limit for one field

struct Literal {
    Json value;
    std::string spelled;  // of a text: between the quotes, escapes included
};

struct Invocation {
    using Argument = std::variant<Literal, JsonPath, Invocation>;
    const Function* function;
    std::vector<Argument> arguments;
};

Result<Invocation, std::string> parse(std::string_view text);

}  // namespace pawl::data::intrinsic
