#include "states/data/context_object.hpp"

namespace pawl::data {
namespace {

// The iteration that a frame belongs to, innermost first; null outside of Maps.
const Frame* enclosing_iteration(const Execution& execution, FrameId id) {
    while (id != root_frame) {
        const auto& frame = execution.frame(id);
        const auto& above = execution.frame(frame.parent).visit;
        if (above && above->type == StateType::Map) return &frame;
        id = frame.parent;
    }
    return nullptr;
}

// Executions of Express machines can't be redriven.
bool is_express(std::string_view execution_arn) { return execution_arn.find(":express:") != std::string_view::npos; }

bool counts_retries(StateType type) {
    return type == StateType::Task || type == StateType::Parallel || type == StateType::Map;
}

}  // namespace

Json context_object(const Execution& execution, const Visit& visit, FrameId frame,
                    const std::optional<std::string>& token) {
    const auto& id = execution.identity;
    Json context{{"Execution",
                  {{"Id", id.arn},
                   {"Input", execution.input.json()},
                   {"StartTime", to_iso8601(id.started)},
                   {"Name", id.name},
                   {"RoleArn", id.role_arn}}},
                 {"StateMachine", {{"Id", id.machine_arn}, {"Name", id.machine_name}}},
                 {"State", {{"Name", visit.state}, {"EnteredTime", to_iso8601(visit.entered)}}}};
    if (!is_express(id.arn)) context["Execution"]["RedriveCount"] = execution.redrive_count;
    if (execution.redriven) context["Execution"]["RedriveTime"] = to_iso8601(*execution.redriven);
    if (counts_retries(visit.type)) context["State"]["RetryCount"] = visit.retries;
    if (token) context["Task"] = {{"Token", *token}};
    if (const auto* iteration = enclosing_iteration(execution, frame)) {
        const auto& items = execution.frame(iteration->parent).visit->fork->items.json();
        const auto index = static_cast<std::size_t>(iteration->index);
        context["Map"] = {{"Item", {{"Index", iteration->index}, {"Value", items.at(index)}}}};
    }
    return context;
}

const Json* find_variable(const Execution& execution, FrameId id, std::string_view name) {
    while (true) {
        const auto& frame = execution.frame(id);
        if (const auto found = frame.variables.find(name); found != frame.variables.end()) {
            return &found->second.json();
        }
        if (id == root_frame) return nullptr;
        id = frame.parent;
    }
}

}  // namespace pawl::data
