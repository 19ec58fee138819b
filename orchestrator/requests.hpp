// What callers ask of the orchestrator and what it answers: plain structs, the same for the AWS API, the REST API and
// the command line. Texts that hold JSON (input, output, definition) are kept as they were sent.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/api_error.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/rows.hpp"
#include "persistence/store.hpp"
#include "states/asl/definition.hpp"
#include "states/asl/diagnostic.hpp"
#include "states/decide.hpp"

namespace pawl {

struct CreateStateMachine {
    std::string name;
    std::string definition;
    std::string role_arn;
    asl::MachineType type = asl::MachineType::Standard;
    Json configuration =
        empty_object();          // loggingConfiguration, tracingConfiguration, encryptionConfiguration, as sent
    Json tags = empty_object();  // key -> value
    bool publish = false;        // as a version, too
    std::string version_description = {};
};
struct StateMachineCreated {
    std::string arn;
    Instant created;
    std::optional<std::string> version_arn = {};  // when it was published
};

struct UpdateStateMachine {
    std::string arn;
    std::optional<std::string> definition;
    std::optional<std::string> role_arn;
    Json configuration = empty_object();  // members that are present replace the old ones
    bool publish = false;
    std::string version_description = {};
};
struct StateMachineUpdated {
    Instant updated;
    std::string revision_id;  // empty: still that of the creation
    std::optional<std::string> version_arn = {};
};

struct StateMachineView {
    MachineRow machine;
    RevisionRow revision;                    // the current one; or, for an execution, the one that it runs
    std::optional<VersionRow> version = {};  // when a version was asked for
    std::shared_ptr<const asl::Definition> definition = {};  // the revision's; null in lists
    std::string map_run_arn = {};                            // of an execution that is a Map Run's child
};

struct PublishVersion {
    std::string machine_arn;
    std::optional<std::string> revision_id = {};  // only if this is the current one; "INITIAL": that of the creation
    std::string description = {};
};
struct VersionView {
    std::string arn;
    VersionRow row;
};
struct ListVersions {
    std::string machine_arn;
    std::optional<std::int64_t> before = {};  // the last version of the page before
    std::size_t limit = 100;
};

struct RouteRequest {
    std::string version_arn;
    std::int64_t weight = 0;
};
struct CreateAlias {
    std::string name;
    std::string description = {};
    std::vector<RouteRequest> routes;
};
struct UpdateAlias {  // what is absent stays
    std::string arn;
    std::optional<std::string> description = {};
    std::optional<std::vector<RouteRequest>> routes = {};
};
struct AliasView {
    std::string arn;
    std::string machine_arn;
    AliasRow row;
};
struct ListAliases {
    std::string machine_arn;      // or a version's: those that lead to it
    std::string after_name = {};  // the last alias of the page before
    std::size_t limit = 100;
};

struct CreateActivity {
    std::string name;
    Json configuration = empty_object();  // encryptionConfiguration, as sent
    Json tags = empty_object();           // key -> value
};
struct ActivityTask {  // what a worker gets
    std::string token;
    Payload input;
};
struct ActivityPoll {  // names a worker's request for a task
    std::int64_t number = 0;
};
using GiveActivityTask = std::function<void(ApiResult<std::optional<ActivityTask>>)>;

struct StartExecution {
    std::string machine_arn;           // or that of a version or an alias
    std::optional<std::string> name;   // absent: one is made up
    std::optional<std::string> input;  // JSON text; absent: "{}"
    std::string trace_header;
    // `machine_arn` may end in "#TestCase", when there is a mock configuration.
    std::string retry_key;  // one per call of a client, the same for its retries (amz-sdk-invocation-id); may be empty
    std::optional<TaskKey> task = {};  // that starts it, perhaps for the second time, after a crash
    bool awaited = false;              // the task waits for its end, and takes it along with itself
};
struct ExecutionStartedView {
    std::string arn;
    Instant started;
};

struct StopExecution {
    std::string arn;
    AslError error;
};

// Whether RedriveExecution would take it, and if not, why, in AWS's words.
struct RedriveStatus {
    enum class Kind : std::uint8_t { Redrivable, NotRedrivable, RedrivableByMapRun };
    Kind kind = Kind::Redrivable;
    std::string reason = {};  // of NotRedrivable
};
RedriveStatus redrive_status_of_child(const ExecutionRow& row, const Limits& limits);  // of a Map Run
std::string_view to_string(RedriveStatus::Kind kind);                                  // "REDRIVABLE_BY_MAP_RUN"
// An execution with so many events has no room for ExecutionRedriven.
constexpr std::int64_t events_of_a_full_history(const Limits& limits) { return limits.history_events - 1; }

struct ExecutionView {
    ExecutionRow row;
    std::string machine_arn;
    Payload input;
    std::optional<Payload> output;  // of a succeeded one
    AslError error;                 // of one that ended otherwise
    RedriveStatus redrive;
    std::string map_run_arn;      // of a child; else empty
    std::string map_state = {};   // likewise: the Map whose processor it runs
    std::string parent_arn = {};  // likewise: the execution with that Map
};

struct ListExecutions {
    std::string machine_arn = {};  // empty: of all machines; may be a version's or an alias's: what those started
    std::string map_run_arn = {};  // the children of this Map Run; then no machine
    std::optional<ExecutionStatus> status = {};
    std::string name_prefix = {};
    std::optional<std::pair<Instant, std::int64_t>> after = {};
    std::size_t limit = 100;
    bool standard_only = false;  // an Express machine is refused
};
// Asked now and then by calls that wait; false: whoever waits has gone. Empty: it never goes.
using StillWanted = std::function<bool()>;

struct ExecutionListItem {
    ExecutionRow row;
    std::string machine_arn;
    std::string map_run_arn;  // of a child; else empty
};

struct MapRunView {
    MapRunRow row;
    std::string execution_arn;  // whose Map it is
    std::array<StatusCount, execution_statuses> counts;
    StatusCount not_redrivable = {};  // of those that failed
};
// What UpdateMapRun changes.
struct MapRunLimits {
    std::optional<std::int64_t> max_concurrency;
    std::optional<std::int64_t> tolerated_failure_count;
    std::optional<double> tolerated_failure_percentage;
};

struct GetHistory {
    std::string arn;
    bool reverse = false;
    std::int64_t after = 0;
    std::size_t limit = 100;
};

// An execution's events as they become durable, and its status with them.
struct ExecutionNews {
    std::string arn;
    ExecutionStatus status{};
    std::vector<RecordedEvent> events;  // shown ones and others
};

// What a machine's loggingConfiguration asks for.
enum class LogLevel : std::uint8_t { All, Error, Fatal };
struct LogTarget {
    std::string group;  // "/aws/vendedlogs/states/orders"
    LogLevel level = LogLevel::All;
    bool include_execution_data = false;
};
// Events of an execution whose machine wants a log, once they are durable.
struct LogBatch {
    std::shared_ptr<const LogTarget> target;
    std::string execution_arn;
    std::int64_t redrive_count = 0;
    std::vector<RecordedEvent> events;  // shown ones and others
};

}  // namespace pawl
