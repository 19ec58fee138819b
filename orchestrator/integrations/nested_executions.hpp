// arn:aws:states:::states:startExecution, .sync, .sync:2 and .waitForTaskToken, and aws-sdk:sfn's calls about
// executions: a workflow that starts another one, and may wait for its end. Spec: AWS Step Functions Developer Guide,
// "Start a new AWS Step Functions state machine from a running execution".
#pragma once
#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "orchestrator/mailbox.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"

namespace pawl {

class Store;

// One thread: it starts executions and waits for their commits, which shards and the journal must not.
class NestedExecutions final : public TaskRunner {
  public:
    explicit NestedExecutions(const Store& store);
    ~NestedExecutions() override { detach(); }

    // The engine whose executions these are: from its construction to its end. What is started before waits.
    void attach(Orchestrator& orchestrator);
    void detach();

    static bool serves(std::string_view resource);
    static bool recognizes(std::string_view resource);  // of those that it serves
    // What the parameters may hold of a resource that it serves.
    static std::span<const std::string_view> members_of(std::string_view resource);
    std::optional<std::string> unsupported(std::string_view resource) const override;
    void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
               TaskListener listener) override;
    void cancel(const TaskKey& key) override;

  private:
    struct Start {
        TaskKey key;
        StartTask task;
        TaskListener listener;
    };
    struct Ended {
        TaskKey key;
    };
    struct Cancel {
        TaskKey key;
    };
    struct FindOrphans {};
    struct Orphan {  // its task has ended before this engine began
        std::string arn;
    };
    using Message = std::variant<Start, Ended, Cancel, FindOrphans, Orphan>;
    enum class Data : std::uint8_t { None, AsText, AsJson };  // as text: .sync, startSyncExecution; as JSON: .sync:2
    // A task that waits for the end of the execution that it started.
    struct Waiting {
        std::string arn;
        bool sync_call = false;  // startSyncExecution
        Data data = Data::AsJson;
        TaskListener listener;
        Subscription subscription;
    };

    void loop();
    void work_on(std::vector<Message> messages);
    void handle(Start& message);
    void handle(Ended& message);
    void handle(Cancel& message);
    void handle(FindOrphans&);
    void handle(Orphan& message);
    void stop(const std::string& arn);
    void wait_for(const Start& start, std::string arn);
    ApiResult<ExecutionStartedView> start_express(const StartExecution& request);

    const Store& store_;
    Mailbox<Message> mailbox_;
    Orchestrator* orchestrator_ = nullptr;  // set before the thread starts
    std::map<TaskKey, Waiting> waiting_;    // the thread's own
    std::vector<Message> again_;            // what the store failed for, its own, too
    std::chrono::steady_clock::time_point again_at_{};
    std::thread thread_;
};

}  // namespace pawl
