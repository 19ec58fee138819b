// The eight state types. Spec: states-language.net, "States Fields".
#pragma once
#include <cstdint>
#include <string_view>

namespace pawl::asl {

enum class StateType : std::uint8_t { Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map };
std::string_view to_string(StateType type);  // "Pass"

}  // namespace pawl::asl
