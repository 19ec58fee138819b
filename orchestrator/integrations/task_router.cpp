#include "orchestrator/integrations/task_router.hpp"

#include <algorithm>

#include "states/assert.hpp"

namespace pawl {

bool is_activity(std::string_view resource) {
    return resource.starts_with("arn:") && resource.find(":states:") != std::string_view::npos &&
           resource.find(":activity:") != std::string_view::npos;
}

bool is_any_resource(std::string_view) { return true; }

TaskRunner& TaskRouter::runner_of(std::string_view resource) const {
    const auto found = std::ranges::find_if(routes_, [&](const auto& route) { return route.serves(resource); });
    PAWL_ASSERT(found != routes_.end(), "the last route takes every resource");
    return found->runner;
}

std::optional<std::string> TaskRouter::unsupported(std::string_view resource) const {
    return runner_of(resource).unsupported(resource);
}

void TaskRouter::start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
                       TaskListener listener) {
    runner_of(task.resource).start(key, task, execution_arn, std::move(listener));
}

// A key says nothing about its resource; those who do not know it do nothing.
void TaskRouter::cancel(const TaskKey& key) {
    for (const auto& route : routes_) route.runner.cancel(key);
}

}  // namespace pawl
