// ARNs as callers name things, checked for their form: whether anything has that name is another question.
#pragma once
#include <optional>
#include <string_view>

#include "orchestrator/api_error.hpp"

namespace pawl {

// InvalidArn unless `arn` is "arn:PARTITION:states:REGION:ACCOUNT:`resource_type`:NAME…".
std::optional<ApiError> check_arn(std::string_view arn, std::string_view resource_type);

// What IAM calls a role: "arn:PARTITION:iam::ACCOUNT:role/…". Nothing is done with roles, so their form alone counts.
std::optional<ApiError> check_role_arn(std::string_view arn);

// ValidationException for "…:stateMachine:NAME/LABEL", the machine of a distributed Map's children, which has no
// operations of its own.
std::optional<ApiError> refuse_labeled(std::string_view machine_arn);

}  // namespace pawl
