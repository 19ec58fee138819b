// The one door to the engine. Every call may come from any thread; calls that change something return when the change
// is durable. Answers are values; only a broken store throws (StoreError).
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/execution_counters.hpp"
#include "orchestrator/requests.hpp"
#include "persistence/journal.hpp"
#include "states/decide.hpp"
#include "states/state_test.hpp"

namespace pawl {

class Buckets;
class Clock;
class Journal;
class MockConfig;
class TaskRunner;

struct OrchestratorSettings {
    std::string region = "us-east-1";
    std::string account = "000000000000";
    Limits limits;
    std::size_t shards = 1;            // on two cores one shard is faster than two
    const Buckets* buckets = nullptr;  // where Maps read items from and write results to; outlives the orchestrator
    std::shared_ptr<const MockConfig> mocks = {};  // for executions that name a test case of it
    bool skip_time = false;                        // of those: waits, retries and time-outs come at once
    // AWS keeps no history of Express executions. Off: of one that has ended only its first and last event stay.
    bool keep_express_history = true;
    // Hears what machines want to be logged, on the journal's thread: it must be quick. Empty: nobody does.
    std::function<void(const LogBatch&)> log = {};
};

// Ends its subscription when it goes. The callback is never called after that.
class Subscription {
  public:
    Subscription() = default;
    explicit Subscription(std::shared_ptr<void> keep) : keep_{std::move(keep)} {}

  private:
    std::shared_ptr<void> keep_;
};

class Orchestrator {
  public:
    // All of them outlive the orchestrator. Executions that were running when the store was last used go on at once.
    Orchestrator(Store& store, Journal& journal, TaskRunner& tasks, Clock& clock, OrchestratorSettings settings);
    ~Orchestrator();  // stops taking work; what runs goes on at the next start
    Orchestrator(const Orchestrator&) = delete;
    Orchestrator& operator=(const Orchestrator&) = delete;

    const OrchestratorSettings& settings() const;

    ApiResult<StateMachineCreated> create_state_machine(const CreateStateMachine& request);
    ApiResult<StateMachineUpdated> update_state_machine(const UpdateStateMachine& request);
    ApiResult<StateMachineView> describe_state_machine(std::string_view arn);
    ApiResult<StateMachineView> describe_state_machine_for_execution(std::string_view execution_arn);
    ApiResult<Done> delete_state_machine(std::string_view arn);
    // What the machine has been, newest first: at most `limit`, of those that are still kept near the newest.
    ApiResult<std::vector<RevisionRow>> list_revisions(std::string_view arn, std::size_t limit);
    // By name, those after `after_name`.
    std::vector<StateMachineView> list_state_machines(std::string_view after_name, std::size_t limit);
    ApiResult<VersionView> publish_version(const PublishVersion& request);
    ApiResult<Done> delete_version(std::string_view arn);
    ApiResult<std::vector<VersionView>> list_versions(const ListVersions& query);  // newest first
    ApiResult<AliasView> create_alias(const CreateAlias& request);
    ApiResult<AliasView> update_alias(const UpdateAlias& request);
    ApiResult<AliasView> describe_alias(std::string_view arn);
    ApiResult<Done> delete_alias(std::string_view arn);
    ApiResult<std::vector<AliasView>> list_aliases(const ListAliases& query);  // by name
    // Of a state machine or an activity: key -> value.
    ApiResult<Json> list_tags(std::string_view arn);
    ApiResult<Done> tag_resource(std::string_view arn, const Json& tags);
    ApiResult<Done> untag_resource(std::string_view arn, const std::vector<std::string>& keys);
    // Parses and checks as create would.
    asl::Parsed check_definition(std::string_view definition, asl::MachineType type,
                                 asl::Syntax syntax = asl::Syntax::Json) const;

    ApiResult<ActivityRow> create_activity(const CreateActivity& request);
    ApiResult<ActivityRow> describe_activity(std::string_view arn);
    ApiResult<Done> delete_activity(std::string_view arn);  // of nothing succeeds
    // By name, those after `after_name`.
    std::vector<ActivityRow> list_activities(std::string_view after_name, std::size_t limit);
    // Waits for a task without a thread: see Activities::poll.
    ApiResult<ActivityPoll> poll_activity(std::string_view arn, std::string worker, GiveActivityTask give);
    bool stop_polling(ActivityPoll poll);

    // Visits one state outside of any execution. Fills in what a request lacks: time, seed, limits, and the identity
    // and the context object of an execution that there could be. A task without a mock is run, for five minutes at
    // most.
    StateTestReport test_state(StateTestRequest request, const StillWanted& still_wanted = {});
    // Why a Task's Resource can not be run here; nothing: it can.
    std::optional<std::string> unsupported_resource(std::string_view resource) const;

    ApiResult<ExecutionStartedView> start_execution(const StartExecution& request);
    // Of an Express machine, with its end: at most the five minutes that it may run.
    ApiResult<ExecutionView> start_sync_execution(const StartExecution& request, const StillWanted& still_wanted = {});
    ApiResult<Instant> stop_execution(const StopExecution& request);
    // Goes on where it fell. The same token again, soon: the same redrive.
    ApiResult<Instant> redrive_execution(std::string_view arn, const std::string& client_token);
    ApiResult<ExecutionView> describe_execution(std::string_view arn);
    ApiResult<std::vector<ExecutionListItem>> list_executions(const ListExecutions& query);
    ApiResult<std::vector<RecordedEvent>> history(const GetHistory& query);

    ApiResult<MapRunView> describe_map_run(std::string_view arn);
    ApiResult<std::vector<MapRunRow>> list_map_runs(std::string_view execution_arn);
    ApiResult<Done> update_map_run(std::string_view arn, const MapRunLimits& limits);

    ApiResult<Done> send_task_success(std::string_view token, std::string output);
    ApiResult<Done> send_task_failure(std::string_view token, AslError error);
    ApiResult<Done> send_task_heartbeat(std::string_view token);

    // Calls `listener` on some thread of the engine for every batch that became durable: of one execution, or of all
    // (empty arn). It must be quick and must not call back into the orchestrator.
    Subscription watch(std::string_view arn, std::function<void(const ExecutionNews&)> listener);
    // When the execution has ended, or nothing when the time is over first, or nobody wants to know any more.
    ApiResult<std::optional<ExecutionView>> wait_for_end(std::string_view arn, std::chrono::milliseconds patience,
                                                         const StillWanted& still_wanted = {});

    bool ready() const;  // recovery is over and the store takes commits

    struct Stats {
        std::size_t executions_in_memory = 0;
        std::size_t messages_waiting = 0;
        ExecutionCounters::Snapshot executions{};
        JournalStats journal{};
    };
    Stats stats() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl
