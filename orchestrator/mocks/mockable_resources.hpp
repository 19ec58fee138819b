// Which resources a machine may name: what can be run here and, when there are mocks, anything that has the form of
// one.
#pragma once
#include "orchestrator/task_runner.hpp"

namespace pawl {

class MockableResources final : public TaskRunner {
  public:
    MockableResources(TaskRunner& tasks, bool mocked) : tasks_{tasks}, mocked_{mocked} {}

    std::optional<std::string> unsupported(std::string_view resource) const override {
        if (mocked_ && resource.starts_with("arn:")) return std::nullopt;
        return tasks_.unsupported(resource);
    }
    void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
               TaskListener listener) override {
        tasks_.start(key, task, execution_arn, std::move(listener));
    }
    void cancel(const TaskKey& key) override { tasks_.cancel(key); }

  private:
    TaskRunner& tasks_;
    const bool mocked_;
};

}  // namespace pawl
