// Which Resources of tasks AWS has, told without an engine: whether one can run them is another question.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pawl {

// Why AWS refuses a state machine with this Resource; nothing: it does not.
std::optional<std::string> unrecognized(std::string_view resource);

// "did you mean 'arn:aws:states:::lambda:invoke'?"; empty: nothing is near.
std::string nearest_resource(std::string_view resource);

}  // namespace pawl
