// The context object (`$$`) and the variables, as they look from one frame of an execution.
// Spec: AWS Step Functions Developer Guide, "Accessing execution data from the Context object", "Passing data with
// variables".
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "states/execution.hpp"
#include "states/json.hpp"

namespace pawl::data {

// `visit` is the state that looks, `frame` where it looks from: its own frame, or a child of it (ItemSelector).
// `token`: of the task that is being scheduled; only then is there a `Task`.
Json context_object(const Execution& execution, const Visit& visit, FrameId frame,
                    const std::optional<std::string>& token);

// Looks through the frame's scope and those around it; null when none has it.
const Json* find_variable(const Execution& execution, FrameId frame, std::string_view name);

}  // namespace pawl::data
