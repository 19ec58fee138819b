// arn:aws:states:::aws-sdk:sfn:describeExecution, stopExecution and listExecutions, answered by this engine, and what
// its answers look like as the AWS SDK shows them: members in PascalCase, dates as texts.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "orchestrator/orchestrator.hpp"
#include "states/payload.hpp"

namespace pawl::sdk {

bool is_execution_call(std::string_view action);
std::span<const std::string_view> execution_call_members(std::string_view action);  // what its parameters may hold

// Why a call can not be made with these parameters; nothing when it can.
std::optional<AslError> wrong_call(std::string_view action, const Payload& parameters);
// Its parameters are right. Blocks until what it changes is durable. StoreError: the store is not to be had just now.
Result<Payload> call_about_executions(Orchestrator& orchestrator, std::string_view action, const Payload& parameters);

// Why parameters can not be used: not an object, members that are unknown, no texts, or missing.
std::optional<AslError> check_members(const Payload& parameters, std::span<const std::string_view> known,
                                      std::span<const std::string_view> texts,
                                      std::span<const std::string_view> required);

Json sync_execution_document(const ExecutionView& view, bool include_data);  // StartSyncExecution's

}  // namespace pawl::sdk
