// One visit to one state, outside of any execution, with the same code that executions run: what TestState does.
// Spec: AWS Step Functions API Reference, TestState, InspectionData.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "states/decide.hpp"

namespace pawl {

struct StateTestRequest {
    std::shared_ptr<const asl::Definition> definition;
    std::string state;  // one of the definition's
    Payload input;
    ExecutionIdentity identity;
    Json context;  // what `$$` shows
    data::VariableMap variables;
    std::optional<Result<Payload>> mock;  // the answer of a task, or of what a Map or Parallel would run
    std::int64_t retries = 0;             // so many of the retrier that matches are used
    std::int64_t failed_iterations = 0;   // of a Map
    // In place of what an ItemReader would read; with an ItemsPointer, what that leads to.
    std::optional<Payload> reader_data;
    Instant now;
    std::uint64_t seed = 0;
    Limits limits;
    std::string region;
};

enum class StateTestStatus : std::uint8_t { Succeeded, Failed, Retriable, CaughtError };

struct StateTestReport {
    StateTestStatus status = StateTestStatus::Succeeded;
    std::optional<Payload> output;
    AslError error;    // also of one that is retried or caught
    std::string next;  // empty: none, or not decided
    // What each step of the data flow came to, in order, by the name that TestState gives it.
    std::vector<std::pair<std::string, Payload>> steps;
    Assigned assigned;
    std::optional<std::int64_t> retry_index, catch_index, backoff_seconds;
    std::optional<std::int64_t> max_concurrency, tolerated_failure_count;  // of a Map
    std::optional<double> tolerated_failure_percentage;
};

class StateTest {
  public:
    explicit StateTest(StateTestRequest request);
    ~StateTest();
    StateTest(const StateTest&) = delete;
    StateTest& operator=(const StateTest&) = delete;

    // Enters the state. A task without a mock has to be run: its answer goes to finish.
    std::optional<StartTask> enter();
    StateTestReport finish(std::optional<Result<Payload>> answer = std::nullopt);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl
