// Which runner works on which resource: a table, read from top to bottom.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/task_runner.hpp"

namespace pawl {

// One line of the table. The runner outlives the router.
struct TaskRoute {
    bool (*serves)(std::string_view resource);
    TaskRunner& runner;
};

bool is_activity(std::string_view resource);  // "arn:…:states:REGION:ACCOUNT:activity:NAME"
bool is_any_resource(std::string_view resource);

class TaskRouter final : public TaskRunner {
  public:
    // The last line takes what no other does: it is the one that says what can't be run.
    explicit TaskRouter(std::vector<TaskRoute> routes) : routes_{std::move(routes)} {}

    std::optional<std::string> unsupported(std::string_view resource) const override;
    void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
               TaskListener listener) override;
    void cancel(const TaskKey& key) override;

  private:
    TaskRunner& runner_of(std::string_view resource) const;

    const std::vector<TaskRoute> routes_;
};

}  // namespace pawl
