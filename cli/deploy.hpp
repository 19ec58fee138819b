// State machines of files and templates, brought into the engine before it is asked to run them.
#pragma once
#include <string>

#include "cli/templates/application.hpp"
#include "orchestrator/orchestrator.hpp"

namespace pawl::cli {

// Machines are kept in the store: what is there under the name gets the new definition. The machine's ARN.
ApiResult<std::string> put_machine(Orchestrator& orchestrator, const templates::TemplateMachine& machine);

// All machines of a template; what is wrong with one goes to stderr. UsageError when one is refused.
void deploy(Orchestrator& orchestrator, const templates::Application& application);

// The machine of a template that `wanted` names: by its logical ID or its name; empty: the only one. UsageError else.
const templates::TemplateMachine& find_machine(const templates::Application& application, const std::string& wanted);

}  // namespace pawl::cli
