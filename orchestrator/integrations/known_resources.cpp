#include "orchestrator/integrations/known_resources.hpp"

#include <vector>

#include "orchestrator/function_task_runner.hpp"
#include "orchestrator/integrations/aws/catalogue.hpp"
#include "orchestrator/integrations/aws/service_tasks.hpp"
#include "orchestrator/integrations/http_task.hpp"
#include "orchestrator/integrations/nested_executions.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/integrations/sfn_sdk.hpp"
#include "orchestrator/integrations/task_router.hpp"
#include "states/asl/spelling.hpp"

namespace pawl {
namespace {

constexpr std::string_view prefix = "arn:aws:states:::";

// Integrations with a region and an account, as deployed machines have them: the same without.
std::string without_place(std::string_view resource) {
    constexpr std::string_view states = "arn:aws:states:";
    if (!resource.starts_with(states) || resource.starts_with(prefix)) return std::string{resource};
    const auto region_end = resource.find(':', states.size());
    const auto account_end = region_end == std::string_view::npos ? region_end : resource.find(':', region_end + 1);
    if (account_end == std::string_view::npos) return std::string{resource};
    return std::string{prefix} + std::string{resource.substr(account_end + 1)};
}

// In the order of an engine's routes.
bool is_recognized(std::string_view written) {
    if (is_activity(written)) return true;
    const auto resource = without_place(written);
    if (NestedExecutions::serves(resource)) return NestedExecutions::recognizes(resource);
    if (SfnSdk::serves(resource)) return true;
    if (aws::ServiceTasks::serves(resource)) return aws::find_call(resource) || !aws::is_no_call_of_aws(resource);
    if (HttpTask::serves(resource)) return HttpTask::recognizes(resource);
    return FunctionTaskRunner::recognizes(resource);
}

}  // namespace

std::optional<std::string> unrecognized(std::string_view resource) {
    if (is_recognized(resource)) return std::nullopt;
    return sdk::unrecognized_resource(resource);
}

std::string nearest_resource(std::string_view resource) {
    std::vector<std::string> known;
    for (const auto* own :
         {"lambda:invoke", "lambda:invoke.waitForTaskToken", "states:startExecution", "states:startExecution.sync",
          "states:startExecution.sync:2", "states:startExecution.waitForTaskToken", "http:invoke"}) {
        known.push_back(std::string{prefix} + own);
    }
    for (const auto& optimized : aws::optimized_integrations()) {
        known.push_back(std::string{prefix} + std::string{optimized.resource});
        if (optimized.token) known.push_back(known.back() + ".waitForTaskToken");
    }
    return asl::did_you_mean(resource, std::vector<std::string_view>(known.begin(), known.end()));
}

}  // namespace pawl
