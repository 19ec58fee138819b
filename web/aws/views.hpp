// What the orchestrator answers, as AWS's response documents.
// Spec: AWS Step Functions API Reference; defaults as the service gives them.
#pragma once
#include <string_view>

#include "orchestrator/requests.hpp"
#include "states/json.hpp"

namespace pawl::web::aws {

// Of DescribeStateMachine. Without data the definition is "{}", as on AWS.
Json state_machine_document(const StateMachineView& view, bool include_data);
// Of DescribeStateMachineForExecution.
Json execution_machine_document(const StateMachineView& view, bool include_data);
Json state_machine_list_item(const StateMachineView& view);

// Of DescribeExecution.
Json execution_document(const ExecutionView& view, bool include_data);
// Of StartSyncExecution, without what it would cost.
Json sync_execution_document(const ExecutionView& view, bool include_data);
Json execution_list_item(const ExecutionListItem& item);

Json diagnostic_document(const asl::Diagnostic& diagnostic);

}  // namespace pawl::web::aws
