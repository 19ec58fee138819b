// What the expressions of one visit to a state may read. Nothing here is owned; it lives for one evaluation.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "states/entropy.hpp"
#include "states/json.hpp"
#include "states/payload.hpp"
#include "states/time.hpp"

namespace pawl::data {

// The variables of one scope (a `States` block). Values are shared, never copied.
using VariableMap = std::map<std::string, Payload, std::less<>>;

// Reads a variable through the scopes, innermost first; null when no scope has it.
using FindVariable = std::function<const Json*(std::string_view name)>;

struct Scope {
    const Json& input;                     // `$`
    std::function<const Json&()> context;  // `$$`, built at the first look
    FindVariable variable;                 // `$name`
    SeededRandom& random;                  // States.UUID, States.MathRandom
};

}  // namespace pawl::data
