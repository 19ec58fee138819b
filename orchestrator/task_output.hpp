// The text that a worker gives as the output of its task.
#pragma once
#include <string>

#include "orchestrator/api_error.hpp"
#include "states/payload.hpp"

namespace pawl {

// InvalidOutput when it is no JSON, with the reason as AWS says it.
ApiResult<Payload> task_output(std::string text);

}  // namespace pawl
