// The life of one task: scheduled, started, perhaps submitted, and one end. Late and repeated events change nothing.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace pawl::attempt {

enum class Phase : std::uint8_t { Scheduled, Running, Submitted, Succeeded, Failed, TimedOut, Aborted };
std::string_view to_string(Phase phase);

struct Started {};
struct Submitted {};
struct Heartbeat {};
struct Completed {};
struct Errored {};
struct DeadlinePassed {};
struct Stopped {};
using Event = std::variant<Started, Submitted, Heartbeat, Completed, Errored, DeadlinePassed, Stopped>;

// The phase after `event`; nothing when the table has no row for it: the event is late or repeated.
std::optional<Phase> next(Phase phase, const Event& event);

std::string diagram();  // Mermaid

}  // namespace pawl::attempt
