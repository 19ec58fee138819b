// Everything that can happen to an execution. An execution is the fold of its events: they hold all that evolve
// needs, so that it never has to evaluate anything. AWS's HistoryEvent JSON is a rendering of them (web/); events
// marked "not shown" are stored without an AWS event id and never rendered.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "states/asl/state_type.hpp"
#include "states/payload.hpp"
#include "states/result.hpp"
#include "states/time.hpp"

namespace pawl {

// One thread of control of an execution: the machine itself (0), a branch of a Parallel, an iteration of a Map.
// Numbered from 1 in the order they start; never reused.
using FrameId = std::int64_t;
inline constexpr FrameId root_frame = 0;

// A piece of work handed out: the id of its TaskScheduled event. A retry is a new task, so a late answer finds none.
using TaskId = std::int64_t;

using asl::StateType;

// Which of AWS's three families of events shows a task.
enum class TaskFamily : std::uint8_t { LambdaFunction, Task, Activity, MapRun };  // MapRun: none of them

// Variables that a state assigned, in the author's order.
using Assigned = std::vector<std::pair<std::string, Payload>>;

struct ExecutionStarted {
    Payload input;
    std::string role_arn;
    std::optional<Instant> deadline;  // TimeoutSeconds of the machine
    friend bool operator==(const ExecutionStarted&, const ExecutionStarted&) = default;
};
struct ExecutionSucceeded {
    Payload output;
    friend bool operator==(const ExecutionSucceeded&, const ExecutionSucceeded&) = default;
};
struct ExecutionFailed {
    AslError error;
    friend bool operator==(const ExecutionFailed&, const ExecutionFailed&) = default;
};
struct ExecutionTimedOut {
    AslError error;
    friend bool operator==(const ExecutionTimedOut&, const ExecutionTimedOut&) = default;
};
struct ExecutionAborted {
    AslError error;
    friend bool operator==(const ExecutionAborted&, const ExecutionAborted&) = default;
};

struct StateEntered {
    StateType type;
    std::string name;
    Payload input;
    friend bool operator==(const StateEntered&, const StateEntered&) = default;
};
struct StateExited {
    StateType type;
    std::string name;
    Payload output;
    std::string next;  // the state to enter; empty: the frame has ended with this output
    Assigned assigned;
    friend bool operator==(const StateExited&, const StateExited&) = default;
};
// Task, Wait, Parallel or Map: left without an exit, because a sibling failed or the execution was stopped.
struct StateAborted {
    StateType type;
    friend bool operator==(const StateAborted&, const StateAborted&) = default;
};
// A JSONata expression failed.
struct EvaluationFailed {
    std::string state;
    std::string location;  // "Items", "Output/v"
    AslError error;
    friend bool operator==(const EvaluationFailed&, const EvaluationFailed&) = default;
};

struct WaitScheduled {  // not shown
    Instant until;
    friend bool operator==(const WaitScheduled&, const WaitScheduled&) = default;
};
struct RetryScheduled {    // not shown
    std::int64_t retrier;  // which of the state's Retry matched, from 0
    Instant due;
    friend bool operator==(const RetryScheduled&, const RetryScheduled&) = default;
};

struct TaskScheduled {
    TaskFamily family;
    std::string resource;  // the state's Resource, an ARN
    Payload parameters;
    std::optional<std::chrono::seconds> timeout;    // as the state says; shown
    std::optional<std::chrono::seconds> heartbeat;  // same
    std::optional<Payload> credentials;
    friend bool operator==(const TaskScheduled&, const TaskScheduled&) = default;
};
struct TaskStarted {  // somebody works on it
    TaskFamily family;
    std::string resource;
    std::string worker;  // of an activity
    friend bool operator==(const TaskStarted&, const TaskStarted&) = default;
};
struct TaskSubmitted {  // the request was taken; the answer comes later (.sync, .waitForTaskToken)
    std::string resource;
    Payload output;
    friend bool operator==(const TaskSubmitted&, const TaskSubmitted&) = default;
};
struct TaskHeartbeat {  // not shown
    friend bool operator==(const TaskHeartbeat&, const TaskHeartbeat&) = default;
};
struct TaskSucceeded {
    TaskFamily family;
    std::string resource;
    Payload output;
    friend bool operator==(const TaskSucceeded&, const TaskSucceeded&) = default;
};
enum class TaskFailure : std::uint8_t { Schedule, Start, Submit, Run };  // how far the task had come
struct TaskFailed {
    TaskFamily family;
    TaskFailure failure;
    std::string resource;
    AslError error;
    friend bool operator==(const TaskFailed&, const TaskFailed&) = default;
};
struct TaskTimedOut {
    TaskFamily family;
    std::string resource;
    AslError error;
    friend bool operator==(const TaskTimedOut&, const TaskTimedOut&) = default;
};

struct ParallelStateStarted {  // makes one frame a branch
    Payload input;             // of every branch
    std::int64_t branches;
    friend bool operator==(const ParallelStateStarted&, const ParallelStateStarted&) = default;
};
struct ParallelStateSucceeded {
    friend bool operator==(const ParallelStateSucceeded&, const ParallelStateSucceeded&) = default;
};
struct ParallelStateFailed {
    friend bool operator==(const ParallelStateFailed&, const ParallelStateFailed&) = default;
};

struct MapStateStarted {
    Payload items;  // the array to map over
    std::int64_t length;
    std::int64_t max_concurrency;  // 0: no limit of the state's own
    friend bool operator==(const MapStateStarted&, const MapStateStarted&) = default;
};
struct MapStateSucceeded {
    friend bool operator==(const MapStateSucceeded&, const MapStateSucceeded&) = default;
};
struct MapStateFailed {
    friend bool operator==(const MapStateFailed&, const MapStateFailed&) = default;
};
// These four happen in the iteration's own frame; `name` is the Map's.
struct MapIterationStarted {  // makes the frame
    FrameId map;
    std::string name;
    std::int64_t index;
    friend bool operator==(const MapIterationStarted&, const MapIterationStarted&) = default;
};
struct MapIterationSucceeded {
    std::string name;
    std::int64_t index;
    friend bool operator==(const MapIterationSucceeded&, const MapIterationSucceeded&) = default;
};
struct MapIterationFailed {
    std::string name;
    std::int64_t index;
    friend bool operator==(const MapIterationFailed&, const MapIterationFailed&) = default;
};
struct MapIterationAborted {
    std::string name;
    std::int64_t index;
    friend bool operator==(const MapIterationAborted&, const MapIterationAborted&) = default;
};

// A distributed Map has handed its items to a Map Run: to the execution a task like others.
struct MapRunStarted {
    std::string arn;
    Payload plan;  // what the run needs beside the items; see map_plan.hpp. Not shown
    friend bool operator==(const MapRunStarted&, const MapRunStarted&) = default;
};
struct MapRunSucceeded {
    friend bool operator==(const MapRunSucceeded&, const MapRunSucceeded&) = default;
};
struct MapRunFailed {
    AslError error;
    friend bool operator==(const MapRunFailed&, const MapRunFailed&) = default;
};
struct MapRunAborted {
    friend bool operator==(const MapRunAborted&, const MapRunAborted&) = default;
};

// An execution that did not succeed goes on where it fell.
struct ExecutionRedriven {
    std::int64_t redrive_count;
    std::optional<Instant> deadline;  // TimeoutSeconds counts anew
    std::string client_token;         // of the call; not shown
    friend bool operator==(const ExecutionRedriven&, const ExecutionRedriven&) = default;
};
struct MapRunRedriven {
    std::string arn;
    std::int64_t redrive_count;
    friend bool operator==(const MapRunRedriven&, const MapRunRedriven&) = default;
};

// The order is part of the stored format (persistence/event_codec): append, never insert.
using Event =
    std::variant<ExecutionStarted, ExecutionSucceeded, ExecutionFailed, ExecutionTimedOut, ExecutionAborted,
                 StateEntered, StateExited, StateAborted, EvaluationFailed, WaitScheduled, RetryScheduled,
                 TaskScheduled, TaskStarted, TaskSubmitted, TaskHeartbeat, TaskSucceeded, TaskFailed, TaskTimedOut,
                 ParallelStateStarted, ParallelStateSucceeded, ParallelStateFailed, MapStateStarted, MapStateSucceeded,
                 MapStateFailed, MapIterationStarted, MapIterationSucceeded, MapIterationFailed, MapIterationAborted,
                 MapRunStarted, MapRunSucceeded, MapRunFailed, MapRunAborted, ExecutionRedriven, MapRunRedriven>;

// An event as it stands in a history.
struct RecordedEvent {
    std::int64_t id = 0;        // 1, 2, … as AWS counts; 0 when it is not shown
    std::int64_t previous = 0;  // id of the event before it in the same branch
    Instant at;
    FrameId frame = root_frame;
    Event event;
    friend bool operator==(const RecordedEvent&, const RecordedEvent&) = default;
};

bool is_shown(const Event& event);

template <class... Fs>
struct overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;  // clang 16 and older need it spelt out

}  // namespace pawl
