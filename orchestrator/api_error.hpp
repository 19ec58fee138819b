// The caller asked for something wrong: an error of the API, as a value.
#pragma once
#include <string>

#include "states/json.hpp"
#include "states/result.hpp"

namespace pawl {

struct ApiError {
    std::string type;               // AWS's name: "InvalidArn", "StateMachineDoesNotExist", "ValidationException"
    std::string message;            // AWS's sentence where one is known
    Json members = empty_object();  // further members of the error document, such as `reason`
};

template <class T>
using ApiResult = Result<T, ApiError>;

struct Done {};  // success of an operation that answers nothing

}  // namespace pawl
