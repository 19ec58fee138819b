// Which of Lambda's runtimes run here, asked wherever one is named: functions.json, templates, the API, the launcher.
#pragma once
#include <optional>
#include <string_view>

namespace pawl {

enum class RuntimeKind { Python, Node, Provided };

// "python3.12" is run by python3 and "nodejs20.x" by node, whatever their version is here; "provided.al2023" is the
// program `bootstrap` of the code. Nothing: it can't be run here, as python2.7 and nodejs8.10 can't.
std::optional<RuntimeKind> runtime_kind(std::string_view runtime);

// For sentences about a runtime that is none of them.
inline constexpr std::string_view known_runtimes = "python3.x, nodejsNN.x and provided.*";

}  // namespace pawl
