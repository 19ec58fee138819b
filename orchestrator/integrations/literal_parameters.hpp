// What a definition's Parameters (or Arguments) say already, before anything is evaluated: members that the integration
// does not have, headers that can not be set. AWS refuses such a definition, at /States/X/Parameters.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "states/asl/definition.hpp"

namespace pawl {

// Of the template of a Task; nothing: no rule is known, or none is broken. `paths`: members may end in ".$".
std::optional<std::string> literal_problem(std::string_view resource, const Json& source, bool paths);

// Adds an error for each Task with a problem; then there is no definition. `text`: what was parsed.
void check_literal_parameters(asl::Parsed& parsed, std::string_view text);

}  // namespace pawl
