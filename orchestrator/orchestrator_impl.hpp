// What the orchestrator is made of. Its operations lie in orchestrator.cpp, executions.cpp, redrive.cpp, map_runs.cpp,
// task_answers.cpp, activity_operations.cpp and state_tests.cpp.
#pragma once
#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "orchestrator/activities.hpp"
#include "orchestrator/clock.hpp"
#include "orchestrator/functions/task_token.hpp"
#include "orchestrator/integrations/nested_executions.hpp"
#include "orchestrator/integrations/sfn_sdk.hpp"
#include "orchestrator/integrations/task_router.hpp"
#include "orchestrator/machines.hpp"
#include "orchestrator/map_runs/map_runner.hpp"
#include "orchestrator/mocks/mockable_resources.hpp"
#include "orchestrator/mocks/mocks.hpp"
#include "orchestrator/names.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/outbox.hpp"
#include "orchestrator/shard.hpp"
#include "orchestrator/start_gate.hpp"
#include "persistence/journal.hpp"

namespace pawl {

inline constexpr std::chrono::milliseconds a_while{250};  // between two questions whether somebody still waits

ApiError execution_does_not_exist(std::string_view arn);
ApiError map_run_does_not_exist(std::string_view arn);

struct Orchestrator::Impl {
    Impl(Store& s, Journal& j, TaskRunner& tasks, Clock& c, OrchestratorSettings given);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    using Shards = std::vector<std::unique_ptr<Shard>>;
    static Shard& of(Shards& all, std::int64_t execution) {
        return *all[static_cast<std::size_t>(execution) % all.size()];
    }

    // After a failed commit the journal refuses everything until no shard holds anything that is not stored.
    void shard_was_reset(std::size_t index);

    // Posts the message that `make_message` makes of a reply, and waits for that reply.
    using MakeMessage = std::function<ShardMessage(Reply)>;
    ApiResult<Instant> ask(std::int64_t execution, const MakeMessage& make_message);
    ApiResult<Instant> stimulate(std::int64_t execution, decltype(Stimulus::what) what);

    struct Asked {
        Runnable machine;
        std::string test_case;
    };
    ApiResult<Asked> resolve(const StartExecution& request);
    ApiResult<ExecutionStartedView> start(const StartExecution& request, Asked asked);
    ApiResult<ExecutionStartedView> start_new(const StartExecution& request, Asked asked, std::string arn,
                                              std::string name, Payload input);
    // The answer to a start whose name is taken.
    ApiResult<ExecutionStartedView> start_again(const ExecutionRow& row, const Payload& input,
                                                const StartExecution& request, bool same_call);

    RedriveStatus redrive_status(const ExecutionRow& row) const;

    // A Map Run's row is stored a moment after the event that names it: waits for that moment.
    void catch_up_with_map_runs();
    std::optional<MapRunRow> find_map_run(std::string_view arn);

    bool recovered() const;  // all shards have read what they need from the store

    ApiResult<TokenSigner::Opened> open(std::string_view token);
    ApiResult<Done> answer_task(std::string_view token, const std::function<decltype(Stimulus::what)(TaskId)>& what);

    // What answers the tasks of tokens without waiting until that is durable.
    SfnSdk::Answers worker_answers();

    Store& store;
    Journal& journal;
    Clock& clock;
    const Instant began = clock.now();
    const OrchestratorSettings settings;
    const ArnSpace arns;
    const TokenSigner signer;
    const Surroundings surroundings;
    Activities activities;
    SfnSdk sfn_sdk;
    NestedExecutions nested{store};
    TaskRouter router;
    Mocks mocks;
    MockableResources resources;
    Machines machines;
    Watchers watchers;
    Outbox outbox;
    StartGate gate;
    std::mutex resets_mutex;  // shards meet here only after the store has failed
    std::vector<bool> resets;
    std::atomic<std::int64_t> last_number;
    std::atomic<std::int64_t> last_state_test{0};
    std::shared_ptr<Shards> shards = std::make_shared<Shards>();
    std::atomic<bool> shards_run{false};  // all shards are there: others may look at them
    MapRunner map_runs;                   // its thread uses all above

    MapRunWorld map_run_world();
};

}  // namespace pawl
