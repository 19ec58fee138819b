// The life of an execution, as DescribeExecution names it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace pawl {

enum class ExecutionStatus : std::uint8_t { Running, Succeeded, Failed, TimedOut, Aborted, PendingRedrive };
std::string_view to_string(ExecutionStatus status);  // "RUNNING", "TIMED_OUT"
std::optional<ExecutionStatus> parse_execution_status(std::string_view text);

namespace execution_status {

struct Completed {};
struct Errored {};
struct DeadlinePassed {};
struct Stopped {};
struct Redriven {};
using Event = std::variant<Completed, Errored, DeadlinePassed, Stopped, Redriven>;

// The status after `event`; nothing when the table has no row for it.
std::optional<ExecutionStatus> next(ExecutionStatus status, const Event& event);

std::string diagram();  // Mermaid

}  // namespace execution_status
}  // namespace pawl
