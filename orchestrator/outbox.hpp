// What leaves the engine once a batch is durable: tasks to their runner, news to the watchers. Called by the journal's
// thread, so everything here only hands over.
#pragma once
#include <functional>
#include <string>
#include <vector>

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
    Outbox(TaskRunner& tasks, Watchers& watchers) : tasks_{tasks}, watchers_{watchers} {}

    // Before the first effect leaves; where the answers of tasks go.
    void connect(Deliver deliver, MapRunner& map_runs) {
        deliver_ = std::move(deliver);
        map_runs_ = &map_runs;
    }

    void release(std::int64_t execution, const std::vector<Effect>& effects);
    void publish(const ExecutionNews& news) { watchers_.publish(news); }
    bool watched() const { return watchers_.any(); }

  private:
    TaskListener listener(std::int64_t execution, TaskId task);

    TaskRunner& tasks_;
    Watchers& watchers_;
    MapRunner* map_runs_ = nullptr;
    Deliver deliver_;
};

}  // namespace pawl
