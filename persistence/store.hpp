// Where everything lives that must survive. Writes come from one thread, the journal; reads may come from any thread
// and see only what is committed. Nothing here knows whether other processes share the database.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/change.hpp"

namespace pawl {

// The disk or the database failed: locked, full, corrupt, read-only, of a newer version. The text says which, and what
// to do. After one from commit, nothing of that call is stored.
struct StoreError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A stored value can't be understood, or is missing: what it belongs to is out of reach, the rest is not.
struct DamagedError : StoreError {
    using StoreError::StoreError;
};

// Which executions a list shows. Newest first: by start time, then by number. A Map Run's children: by item, the last
// one first, which is the same but for the clock's jumps.
struct ExecutionQuery {
    std::optional<std::int64_t> machine = {};
    std::optional<ExecutionStatus> status = {};
    std::optional<std::int64_t> version = {};                    // of the machine, which is named too
    std::optional<std::string> alias = {};                       // same
    std::string name_prefix = {};                                // empty: any
    std::optional<std::pair<Instant, std::int64_t>> after = {};  // (started, number) of the last row of the page before
    std::size_t limit = 100;
    std::int64_t map_run = 0;  // exactly this one's children; 0: the executions that are no children
};

// Which part of a history: shown events (id > 0) in ascending or descending order of id.
struct HistoryQuery {
    std::int64_t execution = 0;
    bool reverse = false;
    std::int64_t after = 0;  // ids beyond this one in the direction asked; 0: from the start (or the end)
    std::size_t limit = 100;
};

// Which executions have to be woken: running, with wake_at <= `until`.
struct DueQuery {
    Instant until;
    std::size_t limit = 100;
    std::optional<std::pair<Instant, std::int64_t>> after = {};  // (wake_at, number) of the last row of the page before
};

// Which children of a Map Run: ascending by item.
struct ChildQuery {
    std::int64_t map_run = 0;
    std::int64_t after_item = -1;
    std::optional<ExecutionStatus> status = {};
    std::size_t limit = 100;
};

// Which awaited executions: ascending by who awaits them, then by number.
struct AwaitedQuery {
    std::pair<std::int64_t, std::int64_t> after = {};  // (awaited_by, number) of the last row of the page before
    std::size_t limit = 100;
};

// How many of a Map Run's children have one status, and how many items they were given.
struct StatusCount {
    std::int64_t executions = 0;
    std::int64_t items = 0;
    friend bool operator==(const StatusCount&, const StatusCount&) = default;
};
inline constexpr auto execution_statuses = static_cast<std::size_t>(ExecutionStatus::PendingRedrive) + 1;
using StatusCounts = std::array<StatusCount, execution_statuses>;  // by ExecutionStatus

class Store {
  public:
    virtual ~Store() = default;

    // Durable when it returns: all changes of all groups, in order; or, on StoreError, none of them.
    virtual void commit(std::span<const Changes> groups) = 0;

    virtual std::vector<MachineRow> machines() const = 0;  // all that are not Deleted, by number
    virtual std::vector<VersionRow> versions() const = 0;  // of all machines, by machine and version
    virtual std::vector<AliasRow> aliases() const = 0;     // of all machines, by machine and name
    virtual std::optional<RevisionRow> revision(std::int64_t number) const = 0;
    virtual std::vector<ActivityRow> activities() const = 0;            // by ARN
    virtual std::vector<FunctionRow> functions() const = 0;             // by name and part
    virtual std::vector<FunctionEventRow> function_events() const = 0;  // by id
    virtual std::optional<ExecutionRow> find_execution(std::string_view arn) const = 0;
    virtual std::optional<ExecutionRow> execution(std::int64_t number) const = 0;
    virtual std::vector<ExecutionRow> executions(const ExecutionQuery& query) const = 0;
    virtual std::vector<ExecutionRow> due_executions(const DueQuery& query) const = 0;  // soonest first
    // Running, begun by a task that waits for their end, and not redriven since.
    virtual std::vector<ExecutionRow> awaited_executions(const AwaitedQuery& query) const = 0;
    // All events, shown or not, in the order they were appended: what evolve folds.
    virtual std::vector<RecordedEvent> events(std::int64_t execution) const = 0;
    virtual std::vector<RecordedEvent> history(const HistoryQuery& query) const = 0;
    virtual std::optional<std::string> setting(std::string_view name) const = 0;

    virtual std::optional<MapRunRow> map_run(std::int64_t number) const = 0;
    virtual std::optional<MapRunRow> find_map_run(std::string_view arn) const = 0;
    virtual std::vector<MapRunRow> map_runs(std::int64_t execution) const = 0;  // of a parent, by number
    virtual std::vector<MapRunRow> running_map_runs() const = 0;
    virtual std::vector<ExecutionRow> map_run_children(const ChildQuery& query) const = 0;
    virtual StatusCounts map_run_counts(std::int64_t map_run) const = 0;
    // Of a Map Run's children: those that failed, timed out or were stopped, with at least `events` events.
    virtual StatusCount failed_children(std::int64_t map_run, std::int64_t events) const = 0;

    // The highest numbers given so far, 0 when none.
    struct Numbers {
        std::int64_t machine = 0, revision = 0, execution = 0, map_run = 0;
    };
    virtual Numbers last_numbers() const = 0;
};

// "sqlite:FILE" or "memory:". StoreError when it can't be opened.
std::unique_ptr<Store> open_store(const std::string& address);

}  // namespace pawl
