// Map in DISTRIBUTED mode: its items become executions of their own, in a Map Run that the engine works on like on a
// task. Spec: Developer Guide, "Using Map state in Distributed mode".
#include "states/map_plan.hpp"
#include "states/states.hpp"

namespace pawl {
namespace {

// "arn:…:stateMachine:m" -> "arn:…:mapRun:m/label:uuid".
std::string map_run_arn(std::string_view machine_arn, std::string_view label, const std::string& uuid) {
    constexpr std::string_view kind = ":stateMachine:";
    const auto at = machine_arn.find(kind);
    auto name = at == std::string_view::npos ? machine_arn : machine_arn.substr(at + kind.size());
    name = name.substr(0, name.find('/'));  // a Map Run within a child of another one
    return std::string{machine_arn.substr(0, at)} + ":mapRun:" + std::string{name} + "/" + std::string{label} + ":" +
           uuid;
}

Result<Payload> distributed_items(const asl::Map& map, Place& place, const Payload& input) {
    if (map.item_reader) return Payload::from_text("null");
    auto items = items_of(map, place, input);
    if (!items || items->json().is_array() || items->json().is_object()) return items;
    return no_items(map, place, *items);
}

}  // namespace

Step enter_distributed(const asl::Map& map, Place& place) {
    const auto input = place.input_path();
    if (!input) return Raise{input.error()};
    const auto concurrency = max_concurrency_of(map, place, input->json());
    if (!concurrency) return Raise{concurrency.error()};
    const auto items = distributed_items(map, place, *input);
    if (!items) return Raise{items.error()};
    const auto length = items->json().is_null() ? 0 : static_cast<std::int64_t>(items->json().size());
    place.turn.record(place.frame, MapStateStarted{*items, length, *concurrency});
    auto plan = plan_map_run(map, place, *input);
    if (!plan) return Raise{std::move(plan).error()};
    plan->max_concurrency = *concurrency;
    if (plan->label.empty()) plan->label = place.turn.random().uuid();
    const auto arn = map_run_arn(place.turn.execution().identity.machine_arn, plan->label, place.turn.random().uuid());
    place.turn.record(place.frame, MapRunStarted{arn, plan->to_payload()});
    place.turn.ask(start_map_run_effect(place.visit()));
    return Suspend{};
}

Step complete_map_run(Place& place, const Payload& result) {
    place.turn.record(place.frame, MapStateSucceeded{});
    return place.complete(result, place.state.next);
}

StartMapRun start_map_run_effect(const Visit& visit) {
    const auto& task = *visit.task;
    return {task.id,           task.scheduled.resource,   visit.state,
            visit.fork->items, task.scheduled.parameters, visit.map_run_redrives};
}

}  // namespace pawl
