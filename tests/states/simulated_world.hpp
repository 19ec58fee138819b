// A world for scenarios: time that only moves when there is nothing else to do, and tasks that answer as the scenario
// says. Runs the pure core alone; after every decision, the fold of the history must be the live execution.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "states/decide.hpp"

namespace pawl::testing {

// What one attempt of a task comes to.
struct TaskReply {
    std::chrono::milliseconds after{0};  // from its start
    bool never = false;                  // no answer at all
    bool fails = false;
    Json output;  // null: the parameters
    bool echoes = true;
    AslError error;
    TaskFailure failure = TaskFailure::Run;
    std::chrono::milliseconds heartbeat_every{0};  // 0: none
};

class SimulatedWorld {
  public:
    SimulatedWorld(std::shared_ptr<const asl::Definition> definition, Limits limits,
                   std::map<std::string, std::deque<TaskReply>> replies);

    // To the end of the execution, or until nothing can happen any more.
    void run(const Json& input, std::optional<std::chrono::milliseconds> stop_after);

    void redrive();  // an execution that has ended, and to the end again

    const Execution& execution() const { return execution_; }
    const std::vector<RecordedEvent>& history() const { return history_; }
    std::chrono::milliseconds elapsed() const { return now_ - start_; }

  private:
    struct Pending {
        Instant when;
        std::int64_t order;
        decltype(Stimulus::what) what;
        friend bool operator>(const Pending& a, const Pending& b) {
            return std::tie(a.when, a.order) > std::tie(b.when, b.order);
        }
    };
    SimulatedWorld(const SimulatedWorld& parent, ExecutionIdentity identity);
    void give(decltype(Stimulus::what) what);
    void to_the_end();
    // Runs the children one after the other, in no time.
    void run_map(const StartMapRun& start);
    void start_task(const StartTask& task);
    void later(std::chrono::milliseconds delay, decltype(Stimulus::what) what);

    std::shared_ptr<const asl::Definition> definition_;
    Surroundings surroundings_;
    std::map<std::string, std::deque<TaskReply>> replies_;
    const Instant start_;
    Instant now_;
    ExecutionIdentity identity_;
    Execution execution_;
    std::vector<RecordedEvent> history_;
    std::priority_queue<Pending, std::vector<Pending>, std::greater<>> pending_;
    std::int64_t order_ = 0;
};

// "PassStateEntered First", "TaskScheduled", "MapIterationStarted 0": shown events, one a line, with the name of the
// state or the index.
std::vector<std::string> outline(const std::vector<RecordedEvent>& history);

}  // namespace pawl::testing
