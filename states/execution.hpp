// One run of a machine: what its history amounts to so far. Only evolve changes it, and evolve only applies what an
// event records, so folding a stored history gives the very same Execution. Owned by one shard thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "states/data/scope.hpp"
#include "states/event.hpp"
#include "states/lifecycle/execution_status.hpp"
#include "states/lifecycle/task_attempt.hpp"

namespace pawl {

// What is fixed when an execution starts; from its row, not from its events.
struct ExecutionIdentity {
    std::int64_t number = 0;  // ours, ascending
    std::string arn;
    std::string name;
    std::string machine_arn;
    std::string machine_name;
    std::string role_arn;
    Instant started;
    std::string map_state = {};  // of a child of a Map Run: the Map whose processor it runs; empty: the whole machine
    friend bool operator==(const ExecutionIdentity&, const ExecutionIdentity&) = default;
};

// The task that a visit waits for.
struct TaskAttempt {
    TaskId id = 0;
    attempt::Phase phase = attempt::Phase::Scheduled;
    TaskScheduled scheduled;
    Instant last_sign_of_life;  // scheduled, started or heartbeat, whichever came last
    std::optional<Instant> deadline;
    friend bool operator==(const TaskAttempt&, const TaskAttempt&) = default;

    // When it times out next, by TimeoutSeconds or by a missed heartbeat. An activity's clocks start when a worker
    // takes the task. Spec: AWS Step Functions Developer Guide, "Task state fields".
    std::optional<Instant> due() const;
    // A job with a record of its own, which goes on whoever watches it and is found again: a Map Run, or what .sync
    // began.
    bool is_job() const;
    // Somebody outside has it, with its token: nothing has to be handed out again after a restart.
    bool waits_for_a_worker() const;
};

// The branches of a Parallel or the iterations of a Map, while they run.
struct Fork {
    Payload items;            // Map: the array (distributed: or object); Parallel: the input of every branch
    std::int64_t length = 0;  // branches, or items
    std::int64_t max_concurrency = 0;
    std::int64_t started = 0;  // children are started in order
    std::int64_t succeeded = 0;
    std::int64_t start_after = 0;  // event that the next iteration's start follows
    std::set<FrameId> running;
    std::vector<Payload> results;  // by index, filled as children end
    friend bool operator==(const Fork&, const Fork&) = default;
};

// One visit of a frame to a state, from StateEntered to StateExited.
struct Visit {
    std::string state;
    StateType type{};
    Payload input;
    Instant entered;
    std::int64_t entered_event = 0;
    std::int64_t before_entered = 0;       // the event that StateEntered follows
    std::int64_t retries = 0;              // $$.State.RetryCount
    std::vector<std::int64_t> retries_by;  // of each retrier, as far as used
    std::optional<Instant> due;            // a Wait's end, or the time of a retry
    bool retry_due = false;                // due is a retry's
    std::optional<TaskAttempt> task;
    std::optional<Fork> fork;
    std::int64_t map_run_redrives = 0;
    friend bool operator==(const Visit&, const Visit&) = default;
};

struct Frame {
    FrameId parent = root_frame;
    std::int64_t index = 0;       // which branch, which item
    std::int64_t last_event = 0;  // what the next event of this frame follows
    Payload input;                // of the next state to enter; once ended: the frame's output
    std::string next;             // state to enter; empty: where its block starts
    bool ended = false;
    std::optional<Visit> visit;   // none between two states
    data::VariableMap variables;  // of this frame's scope
    friend bool operator==(const Frame&, const Frame&) = default;
};

// What was under way before a failure or a stop took it down: where a redrive begins.
struct BeforeFall {
    std::map<FrameId, Frame> frames;
    std::deque<FrameId> runnable;
    friend bool operator==(const BeforeFall&, const BeforeFall&) = default;
};

struct Execution {
    explicit Execution(ExecutionIdentity id) : identity{std::move(id)} {}

    ExecutionIdentity identity;
    ExecutionStatus status = ExecutionStatus::Running;
    Payload input;
    std::optional<Payload> output;
    AslError error;  // of a failed, timed-out or aborted one
    std::optional<Instant> stopped;
    std::optional<Instant> deadline;  // TimeoutSeconds of the machine
    std::int64_t last_event = 0;      // the highest id given
    FrameId last_frame = root_frame;  // the highest number given
    std::int64_t redrive_count = 0;
    std::optional<Instant> redriven;  // when last
    std::string redrive_token;        // of the last redrive's call
    std::optional<BeforeFall> before_fall;
    std::map<FrameId, Frame> frames;
    std::deque<FrameId> runnable;                  // frames between two states, in the order they became so
    std::map<TaskId, FrameId> tasks;               // handed out and not answered
    std::set<std::pair<Instant, FrameId>> timers;  // each frame's due time, soonest first
    friend bool operator==(const Execution&, const Execution&) = default;

    bool running() const { return status == ExecutionStatus::Running; }
    const Frame& frame(FrameId id) const;
    // When decide has to be called even if nothing happens; nothing: it only waits for answers.
    std::optional<Instant> next_wake() const;
};

// Applies one event of the execution's own history, in order. Never evaluates, never fails on a history we wrote.
void evolve(Execution& execution, const RecordedEvent& event);

}  // namespace pawl
