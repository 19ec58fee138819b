// The context object that a test of a state brings along, in place of an execution's.
// Spec: AWS Step Functions API Reference, TestState, "context".
#pragma once
#include <string>
#include <string_view>

#include "states/asl/definition.hpp"

namespace pawl::web::aws {

// The object, or what is wrong with it: "Execution.Id must be a string".
Result<Json, std::string> given_context(std::string_view text, const asl::State& state);

}  // namespace pawl::web::aws
