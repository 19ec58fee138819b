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
    std::string state = {};  // the Task state that asks for it
    bool submitted = false;  // the job was begun before a restart: only its end is waited for
    friend bool operator==(const StartTask&, const StartTask&) = default;
};
// Run a distributed Map: start an execution for each item. At least once, too; how far it has come is in the store.
struct StartMapRun {
    TaskId task;
    std::string arn;
    std::string state;  // the Map
    Payload items;      // of the state's own data: an array or an object; null when they are read from elsewhere
    Payload plan;       // see map_plan.hpp
    std::int64_t redrives = 0;  // of the run so far: what failed before the last one is tried again
    friend bool operator==(const StartMapRun&, const StartMapRun&) = default;
};
// Nobody waits for this task any more: stop working on it.
struct CancelTask {
    TaskId task;
    friend bool operator==(const CancelTask&, const CancelTask&) = default;
};

using Effect = std::variant<StartTask, CancelTask, StartMapRun>;

}  // namespace pawl
