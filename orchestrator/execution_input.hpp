// The text that a caller gives an execution, or the test of a state, as its input.
#pragma once
#include <optional>
#include <string>

#include "orchestrator/api_error.hpp"
#include "states/decide.hpp"
#include "states/payload.hpp"

namespace pawl {

// Without a text it is {}. What is wrong with one is said as AWS says it.
ApiResult<Payload> execution_input(const std::optional<std::string>& text, const Limits& limits);

}  // namespace pawl
