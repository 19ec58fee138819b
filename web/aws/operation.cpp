#include "web/aws/operation.hpp"

#include <algorithm>

namespace pawl::web::aws {

const Operation* find_operation(std::string_view name) {
    for (const auto operations : {machine_operations(), version_operations(), alias_operations(), tag_operations(),
                                  execution_operations(), sync_operations(), redrive_operations(), task_operations(),
                                  map_run_operations(), activity_operations(), test_state_operations()}) {
        const auto found = std::ranges::find(operations, name, &Operation::name);
        if (found != operations.end()) return &*found;
    }
    return nullptr;
}

StartExecution start_request(const Call& call) {
    const auto& arguments = call.arguments;
    StartExecution request;
    request.machine_arn = arguments.text("stateMachineArn");
    request.name = arguments.optional_text("name");
    request.input = arguments.optional_text("input");
    const auto trace = call.request.header("X-Amzn-Trace-Id");  // is preferred where both are given
    request.trace_header = trace.empty() ? arguments.text("traceHeader") : std::string{trace};
    request.retry_key = call.request.header("amz-sdk-invocation-id");
    return request;
}

}  // namespace pawl::web::aws
