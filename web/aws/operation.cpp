#include "web/aws/operation.hpp"

#include <algorithm>
#include <array>

namespace pawl::web::aws {

namespace {

constexpr std::array<std::string_view, 22> planned_operations{
    "CreateActivity",
    "CreateStateMachineAlias",
    "DeleteActivity",
    "DeleteStateMachineAlias",
    "DeleteStateMachineVersion",
    "DescribeActivity",
    "DescribeMapRun",
    "DescribeStateMachineAlias",
    "GetActivityTask",
    "ListActivities",
    "ListMapRuns",
    "ListStateMachineAliases",
    "ListStateMachineVersions",
    "ListTagsForResource",
    "PublishStateMachineVersion",
    "RedriveExecution",
    "StartSyncExecution",
    "TagResource",
    "TestState",
    "UntagResource",
    "UpdateMapRun",
    "UpdateStateMachineAlias",
};

}  // namespace

const Operation* find_operation(std::string_view name) {
    for (const auto operations : {machine_operations(), execution_operations(), task_operations()}) {
        const auto found = std::ranges::find(operations, name, &Operation::name);
        if (found != operations.end()) return &*found;
    }
    return nullptr;
}

bool is_planned(std::string_view name) {
    return std::ranges::find(planned_operations, name) != planned_operations.end();
}

}  // namespace pawl::web::aws
