// What leaves the engine once a batch is durable: tasks to their runner, news to the watchers. Called by the journal's
// thread, so everything here only hands over.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "orchestrator/execution_counters.hpp"
#include "orchestrator/mocks/mocks.hpp"
#include "orchestrator/requests.hpp"
#include "orchestrator/task_runner.hpp"
#include "orchestrator/watchers.hpp"
#include "states/decide.hpp"

namespace pawl {

// A stimulus for an execution, from a task's runner.
using Deliver = std::function<void(std::int64_t execution, decltype(Stimulus::what) what)>;

class MapRunner;

class Outbox {
  public:
    using Log = std::function<void(const LogBatch&)>;

    Outbox(TaskRunner& tasks, Mocks& mocks, Watchers& watchers, Log log)
        : tasks_{tasks}, mocks_{mocks}, watchers_{watchers}, log_{std::move(log)} {}

    // Before the first effect leaves; where the answers of tasks go.
    void connect(Deliver deliver, MapRunner& map_runs) {
        deliver_ = std::make_shared<const Deliver>(std::move(deliver));
        map_runs_ = &map_runs;
    }

    // `test_case`: whose mocks answer the tasks; empty: none.
    struct Sender {
        std::int64_t execution;
        const std::string& arn;
        const std::string& test_case;
    };
    void release(const Sender& sender, const std::vector<Effect>& effects);
    void cancel(const TaskKey& task);
    void publish(const ExecutionNews& news) { watchers_.publish(news); }
    bool watched() const { return watchers_.any(); }
    ExecutionCounters& counters() { return counters_; }
    void log(const LogBatch& batch) const { log_(batch); }
    bool logs() const { return static_cast<bool>(log_); }

  private:
    void start(const Sender& sender, const StartTask& task);
    TaskListener listener(std::int64_t execution, TaskId task);

    TaskRunner& tasks_;
    Mocks& mocks_;
    Watchers& watchers_;
    const Log log_;
    ExecutionCounters counters_;
    MapRunner* map_runs_ = nullptr;
    // Shared with the listeners: a task may answer when the outbox is gone.
    std::shared_ptr<const Deliver> deliver_;
};

}  // namespace pawl
