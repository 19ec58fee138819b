// The heart: what happens next. decide evaluates expressions and picks transitions; every change it makes is an
// event that goes through evolve. All that is not deterministic comes in with the stimulus.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "states/asl/definition.hpp"
#include "states/effect.hpp"
#include "states/execution.hpp"
#include "states/jsonata/jsonata.hpp"

namespace pawl {

struct Begin {  // the first of every execution
    Payload input;
};
struct Continue {};  // timers that came due, frames that a bounded decision left to run
struct TaskBegan {
    TaskId task;
    std::string worker;  // of an activity
};
struct TaskWasSubmitted {
    TaskId task;
    Payload output;
};
struct TaskAnswered {
    TaskId task;
    Result<Payload> answer;
    TaskFailure failure = TaskFailure::Run;  // when it is an error
};
struct TaskIsAlive {
    TaskId task;
};
struct Stop {
    AslError error;
};
struct Redrive {
    std::string client_token;
};

struct Stimulus {
    Instant now;
    std::uint64_t seed = 0;
    std::variant<Begin, Continue, TaskBegan, TaskWasSubmitted, TaskAnswered, TaskIsAlive, Stop, Redrive> what;
};

// AWS's quotas (features: --limits aws) or none.
struct Limits {
    std::size_t payload_bytes = 256 * 1024;  // input, output, parameters, result of a state
    std::size_t variable_bytes =
        10 * 1024 * 1024;                  // all variables of an execution; what one state assigns: payload_bytes
    std::int64_t history_events = 25'000;  // an execution that needs more fails
    std::int64_t inline_map_concurrency = 40;
    // Of one expression, measured on AWS; the memory about, for values are counted otherwise there.
    jsonata::Limits jsonata{.depth = 100, .memory_bytes = 14u << 20, .range_items = 873'782, .text_bytes = 873'782 * 8};
    static Limits unlimited();
};

// What decide needs to know of its surroundings; constant while the process lives.
struct Surroundings {
    Limits limits;
    std::string region;
    // The token of a task, for $$.Task.Token: the same for the same arguments, before and after a restart.
    std::function<std::string(const ExecutionIdentity&, TaskId)> task_token;
    // Of a state that is tested on its own: who hears what each step of the data flow came to, by the name that
    // TestState gives it ("afterInputPath"), and the context object to read instead of the execution's.
    std::function<void(std::string_view step, const Payload& value)> inspect = {};
    std::optional<Json> given_context = {};
};

struct Decision {
    bool accepted = true;  // false: the stimulus was late or repeated; nothing happened
    bool more = false;     // work is left: call again with Continue
    std::vector<RecordedEvent> events;
    std::vector<Effect> effects;
};

// Events of one decision after which it stops with `more`, so that a loop of states cannot hold the shard.
inline constexpr std::size_t decision_events_limit = 1'000;

Decision decide(const asl::Definition& definition, Execution& execution, const Stimulus& stimulus,
                const Surroundings& surroundings);

// The tasks that are handed out and not answered, as effects: what a restart has to do again.
std::vector<Effect> unanswered_tasks(const Execution& execution);

}  // namespace pawl
