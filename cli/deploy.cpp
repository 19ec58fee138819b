#include "cli/deploy.hpp"

#include <iostream>

#include "cli/engine.hpp"
#include "states/asl/spelling.hpp"
#include "web/aws/configuration.hpp"

namespace pawl::cli {
namespace {

std::string names_of(const templates::Application& application) {
    std::string names;
    for (const auto& machine : application.machines) names += (names.empty() ? "" : ", ") + machine.logical_id;
    return names;
}

bool has_errors(const templates::TemplateMachine& machine) {
    for (const auto& diagnostic : machine.diagnostics) {
        if (diagnostic.severity == asl::Severity::Error) return true;
    }
    return false;
}

// What is wrong is told without a place: the definition has its substitutions by now, and is not the text of any file.
bool runs_here(const Orchestrator& orchestrator, const templates::TemplateMachine& machine) {
    const auto checked = orchestrator.check_definition(machine.definition, machine.type);
    if (checked.definition) return true;
    for (const auto& [severity, code, message, location, position, hint] : checked.diagnostics) {
        if (severity != asl::Severity::Error) continue;
        std::cerr << machine.file << ": " << machine.logical_id << ": " << location << ": error " << code << ": "
                  << message << (hint.empty() ? "" : "\n    hint: " + hint) << "\n";
    }
    return false;
}

}  // namespace

ApiResult<std::string> put_machine(Orchestrator& orchestrator, const templates::TemplateMachine& machine) {
    const auto& settings = orchestrator.settings();
    CreateStateMachine create;
    create.name = machine.name;
    create.definition = machine.definition;
    create.type = machine.type;
    create.role_arn = machine.role_arn.empty() ? "arn:aws:iam::" + settings.account + ":role/pawl" : machine.role_arn;
    if (!machine.configuration.is_null()) {
        auto checked = web::aws::full_configuration(web::aws::Arguments{machine.configuration});
        if (!checked) return checked.error();
        create.configuration = *std::move(checked);
    }
    const auto created = orchestrator.create_state_machine(create);
    if (created) return created->arn;
    if (created.error().type != "StateMachineAlreadyExists") return created.error();
    UpdateStateMachine update;
    update.arn = ArnSpace{settings.region, settings.account}.state_machine(machine.name);
    update.definition = machine.definition;
    update.role_arn = create.role_arn;
    update.configuration = create.configuration;
    const auto updated = orchestrator.update_state_machine(update);
    if (!updated) return updated.error();
    return update.arn;
}

void deploy(Orchestrator& orchestrator, const templates::Application& application) {
    for (const auto& note : application.notes) std::cerr << "pawl: " << note << "\n";
    for (const auto& machine : application.machines) {
        for (const auto& diagnostic : machine.diagnostics) {
            std::cerr << asl::to_text(diagnostic, machine.file) << "\n";
        }
        if (has_errors(machine) || !runs_here(orchestrator, machine)) {
            throw UsageError{"the state machine " + machine.logical_id + " is not in order"};
        }
        if (const auto put = put_machine(orchestrator, machine); !put) {
            throw UsageError{machine.file + ": " + machine.logical_id + ": " + put.error().message};
        }
    }
}

const templates::TemplateMachine& find_machine(const templates::Application& application, const std::string& wanted) {
    const auto& machines = application.machines;
    if (machines.empty()) throw UsageError{"the template has no state machine"};
    if (wanted.empty()) {
        if (machines.size() == 1) return machines.front();
        throw UsageError{"the template has several state machines: name one of " + names_of(application)};
    }
    std::vector<std::string_view> names;
    for (const auto& machine : machines) {
        if (machine.logical_id == wanted || machine.name == wanted) return machine;
        names.push_back(machine.logical_id);
    }
    const auto hint = asl::did_you_mean(wanted, names);
    throw UsageError{"the template has no state machine '" + wanted +
                     "': " + (hint.empty() ? "it has " + names_of(application) : hint)};
}

}  // namespace pawl::cli
