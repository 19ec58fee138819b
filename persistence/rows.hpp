// What is stored, as plain structs. Times are UTC milliseconds; numbers are ours, ascending, never reused.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "states/asl/definition.hpp"
#include "states/event.hpp"
#include "states/lifecycle/execution_status.hpp"
#include "states/lifecycle/map_run.hpp"

namespace pawl {

enum class MachineStatus : std::uint8_t { Active, Deleting, Deleted };

// A state machine. What an update changes lies in its revisions.
struct MachineRow {
    std::int64_t number = 0;
    std::string arn;  // unique among machines that are not Deleted
    std::string name;
    asl::MachineType type = asl::MachineType::Standard;
    MachineStatus status = MachineStatus::Active;
    Instant created;
    std::int64_t revision = 0;      // number of the current RevisionRow
    std::string tags;               // JSON object text
    std::int64_t last_version = 0;  // the highest version number given so far; they are never given again
    friend bool operator==(const MachineRow&, const MachineRow&) = default;
};

// An activity: a queue of tasks that workers poll. The tasks themselves lie in the histories of their executions.
struct ActivityRow {
    std::string arn;  // unique
    std::string name;
    Instant created;
    std::string tags;           // JSON object text
    std::string configuration;  // JSON object text: encryption
    friend bool operator==(const ActivityRow&, const ActivityRow&) = default;
};

// What executions run: immutable. Kept as long as an execution may refer to it, also when the machine is gone.
struct RevisionRow {
    std::int64_t number = 0;
    std::int64_t machine = 0;
    std::string revision_id;  // as the API gives it
    Instant created;
    std::string definition;  // byte for byte as it was sent
    std::string role_arn;
    std::string configuration;  // JSON object text: logging, tracing, encryption, description
    friend bool operator==(const RevisionRow&, const RevisionRow&) = default;
};

// A published version: a revision that got a number of its own within its machine.
struct VersionRow {
    std::int64_t machine = 0;
    std::int64_t version = 0;  // 1, 2, … within the machine
    std::int64_t revision = 0;
    Instant created;
    std::string description;
    friend bool operator==(const VersionRow&, const VersionRow&) = default;
};

// Where an alias sends executions.
struct AliasRoute {
    std::int64_t version = 0;
    std::int64_t weight = 0;  // percent
    friend bool operator==(const AliasRoute&, const AliasRoute&) = default;
};
inline constexpr std::size_t max_alias_routes = 2;

// A name for one or two versions of a machine.
struct AliasRow {
    std::int64_t machine = 0;
    std::string name;  // unique within the machine
    std::string description;
    Instant created;
    Instant updated;
    std::vector<AliasRoute> routes;  // one, or two whose weights make 100
    friend bool operator==(const AliasRow&, const AliasRow&) = default;
};

// A piece of a Lambda-style function: what the function is in itself, one of its versions, one of its aliases.
struct FunctionRow {
    std::string name;
    std::string part;      // unique within the function
    std::string document;  // JSON object text
    friend bool operator==(const FunctionRow&, const FunctionRow&) = default;
};

// An invocation that was accepted for later: it is owed until it succeeded or was given up.
struct FunctionEventRow {
    std::string id;        // unique: its request id
    std::string document;  // JSON object text: of which function, how often it was tried, when it is due
    std::string payload;   // any bytes
    friend bool operator==(const FunctionEventRow&, const FunctionEventRow&) = default;
};

// An execution, without its history: what lists show, and when it has to be woken.
// Its input is in its first event, its output or error in its last.
struct ExecutionRow {
    std::int64_t number = 0;
    std::string arn;  // unique
    std::string name;
    std::int64_t machine = 0;  // 0: of a Map Run's child, which belongs to no list of its machine
    std::int64_t revision = 0;
    ExecutionStatus status = ExecutionStatus::Running;
    Instant started;
    std::optional<Instant> stopped;
    // When it needs attention although nobody calls: a timer's time; the epoch: at once, after any restart (work is
    // handed out or left to do); nothing: it only waits for answers from outside. Of running executions only.
    std::optional<Instant> wake_at;
    std::int64_t last_event = 0;  // highest event id
    std::int64_t batches = 0;     // event batches so far: the number that the next one gets
    std::int64_t redrive_count = 0;
    std::optional<Instant> redriven;
    std::string trace_header;
    std::string test_case = {};  // whose mocks answer its tasks; empty: none
    std::int64_t version = 0;    // of the machine, when it was started by a version or an alias; otherwise 0
    std::string alias = {};      // the alias that it was started by; otherwise empty
    std::int64_t map_run = 0;    // of a child: number of its MapRunRow; otherwise 0
    std::int64_t item = 0;       // of a child: which one of its Map Run, from 0
    std::int64_t items = 1;      // of a child: how many items it was given
    // When a task of another execution began it and waits for its end, which takes it along when it ends otherwise:
    // that execution's number and the task; otherwise 0.
    std::int64_t awaited_by = 0;
    std::int64_t awaiting_task = 0;
    friend bool operator==(const ExecutionRow&, const ExecutionRow&) = default;
};

// One run of a Map state in distributed mode: a parent's state whose iterations are executions of their own.
struct MapRunRow {
    std::int64_t number = 0;
    std::string arn;             // unique
    std::int64_t execution = 0;  // number of the parent
    std::int64_t task = 0;       // what the parent knows it by: the id of its MapRunStarted event
    std::string state;           // the Map state's name
    std::string label;           // between the machine's name and the run's in ARNs
    std::int64_t revision = 0;   // that the parent runs, and the children too
    Instant started;
    std::optional<Instant> stopped;
    MapRunStatus status = MapRunStatus::Running;
    std::int64_t max_concurrency = 0;  // 0: as many as there may be
    std::int64_t tolerated_failure_count = 0;
    double tolerated_failure_percentage = 0;
    std::int64_t items = 0;  // in all, once known
    std::int64_t redrive_count = 0;
    std::optional<Instant> redriven;
    friend bool operator==(const MapRunRow&, const MapRunRow&) = default;
};

}  // namespace pawl
