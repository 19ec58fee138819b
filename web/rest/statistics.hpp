// How executions of one state machine fared: how many ended how, how long they and their states took. Read from the
// newest histories, within bounds; nothing is counted ahead of time.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "orchestrator/orchestrator.hpp"

namespace pawl::web::rest {

struct StateStatistics {
    std::string name;
    std::string type;
    std::vector<std::int64_t> durations_ms;  // of the visits that were left, in no order
    std::int64_t visits = 0;
    std::int64_t failures = 0;  // visits whose last attempt failed, also when the error was caught
    std::int64_t retries = 0;
};

struct MachineStatistics {
    std::map<ExecutionStatus, std::int64_t> by_status;
    std::vector<std::int64_t> durations_ms;  // of those that ended
    std::vector<StateStatistics> states;     // in the order they were first entered
    bool complete = true;                    // no execution was left out
};

// Takes one execution's events in: what its states did.
class StateCounter {
  public:
    // `ended`: how it did; nothing while it runs.
    void add(const std::vector<RecordedEvent>& history, std::optional<ExecutionStatus> ended);
    std::vector<StateStatistics> take() { return std::move(states_); }

  private:
    std::vector<StateStatistics> states_;
    std::map<std::string, std::size_t, std::less<>> index_;
};

ApiResult<MachineStatistics> machine_statistics(Orchestrator& orchestrator, const std::string& machine_arn);

// The value that `percent` of all are not above (nearest rank); 0 of none. Sorts.
std::int64_t percentile(std::vector<std::int64_t>& values, int percent);

}  // namespace pawl::web::rest
