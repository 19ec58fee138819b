// Our records as the REST API shows them. Member names are AWS's; times are ISO 8601; JSON documents appear twice,
// as values and, under "…Text", as the exact text (numbers beyond a double survive only there).
#pragma once
#include <string>
#include <string_view>

#include "orchestrator/requests.hpp"

namespace pawl::web::rest {

std::string execution_path(std::string_view arn);
std::string state_machine_path(std::string_view arn);
// "arn:…:stateMachine:NAME" -> "NAME"
std::string_view name_in_arn(std::string_view arn);

Json state_machine_summary(const StateMachineView& view);
Json state_machine_json(const StateMachineView& view);  // with the definition
Json version_json(const VersionView& view);
Json alias_json(const AliasView& view);
Json execution_summary(const ExecutionRow& row, std::string_view machine_arn);
Json execution_json(const ExecutionView& view);  // with input and output
Json map_run_json(const MapRunRow& row, std::string_view execution_arn);
Json map_run_json(const MapRunView& view);  // with counts of its children
Json diagnostics_json(const asl::Diagnostics& diagnostics);

}  // namespace pawl::web::rest
