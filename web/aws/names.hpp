// Names of state machines, executions and activities.
// Spec: AWS Step Functions API Reference, CreateStateMachine, "name".
#pragma once
#include <optional>
#include <string_view>

#include "orchestrator/api_error.hpp"

namespace pawl::web::aws {

// InvalidName when it holds white space, brackets, wildcards, other special or control characters, or what is outside
// of the basic plane. Its length is for the table of members to say.
std::optional<ApiError> check_name(std::string_view name);

}  // namespace pawl::web::aws
