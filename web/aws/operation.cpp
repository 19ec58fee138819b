#include "web/aws/operation.hpp"

#include <algorithm>
#include <array>

namespace pawl::web::aws {

namespace {

constexpr std::string_view planned_operations[] = {
    "CreateStateMachineAlias",
    "DeleteStateMachineAlias",
    "DeleteStateMachineVersion",
    "DescribeStateMachineAlias",
    "ListStateMachineAliases",
    "ListStateMachineVersions",
    "ListTagsForResource",
    "PublishStateMachineVersion",
    "StartSyncExecution",
    "TagResource",
    "UntagResource",
    "UpdateStateMachineAlias",
};

}  // namespace

const Operation* find_operation(std::string_view name) {
    for (const auto operations :
         {machine_operations(), execution_operations(), task_operations(), map_run_operations(), redrive_operations(),
          activity_operations(), test_state_operations()}) {
        const auto found = std::ranges::find(operations, name, &Operation::name);
        if (found != operations.end()) return &*found;
    }
    return nullptr;
}

bool is_planned(std::string_view name) {
    return std::ranges::find(planned_operations, name) != std::end(planned_operations);
}

}  // namespace pawl::web::aws
