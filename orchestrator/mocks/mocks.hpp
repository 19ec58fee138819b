// Answers the tasks of executions that were started with a test case, in place of what would really run them.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/mocks/mock_config.hpp"
#include "orchestrator/task_runner.hpp"

namespace pawl {

class Store;

class Mocks {
  public:
    // `config` may be null: there are none, and tasks of a test case that was started when there were some fail.
    Mocks(std::shared_ptr<const MockConfig> config, const Store& store) : config_{std::move(config)}, store_{store} {}

    bool present() const { return config_ != nullptr; }
    // Why this test case ("machine#case") can't be started; nothing when it can.
    std::optional<std::string> problem_with(std::string_view test_case) const;
    // Answers the task; false when its state has no mock in this case, so that it is run for real.
    bool answer(const TaskKey& key, std::string_view test_case, const StartTask& task, const TaskListener& listener);

  private:
    // The ids of a state's tasks so far, in order: where one stands is its invocation, however often it is handed out.
    using Invocations = std::map<std::string, std::vector<TaskId>, std::less<>>;
    std::int64_t invocation(const TaskKey& key, const StartTask& task);
    Invocations counted(const TaskKey& key) const;

    const std::shared_ptr<const MockConfig> config_;
    const Store& store_;
    std::mutex mutex_;                                 // guards what follows: the journal and the shards hand tasks out
    std::map<std::int64_t, Invocations> invocations_;  // by execution; what is missing is counted in its history
};

}  // namespace pawl
