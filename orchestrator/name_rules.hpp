// Names of state machines, executions and activities.
// Spec: AWS Step Functions API Reference, CreateStateMachine, "name".
#pragma once
#include <optional>
#include <string_view>

#include "orchestrator/api_error.hpp"

namespace pawl {

// InvalidName when it holds white space, brackets, wildcards, other special or control characters, or what is outside
// of the basic plane. Its length is for the table of members to say.
std::optional<ApiError> check_name(std::string_view name);

// Letters, digits, "_", "-" and "."; not digits alone, which would be a version. Its length is checked elsewhere too.
bool is_alias_name(std::string_view name);
inline constexpr std::string_view alias_name_pattern = R"(^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$)";

}  // namespace pawl
