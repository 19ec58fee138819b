// Everything an execution asks of the world. Data: the shard lets an effect out once its events are durable.
// Waking up is no effect: Execution::next_wake() says when.
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "states/event.hpp"

namespace pawl {

// Hand this task out. At least once: after a crash the same task may be handed out again.
struct StartTask {
    TaskId task;
    TaskFamily family;
    std::string resource;
    Payload parameters;
    std::optional<Instant> deadline;
    std::optional<Payload> credentials;
    friend bool operator==(const StartTask&, const StartTask&) = default;
};
// Nobody waits for this task any more: stop working on it.
struct CancelTask {
    TaskId task;
    friend bool operator==(const CancelTask&, const CancelTask&) = default;
};

using Effect = std::variant<StartTask, CancelTask>;

}  // namespace pawl
