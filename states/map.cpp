// Runs its processor once for each item of an array, several at a time; the outputs, in the items' order, are its
// result. Spec: states-language.net, "Map State".
#include <algorithm>

#include "states/states.hpp"

namespace pawl {
namespace {

// As many iterations as may run now.
void start_iterations(Place& place) {
    while (true) {
        const auto& fork = *place.visit().fork;
        const auto quota = place.turn.limits().inline_map_concurrency;
        const auto at_once = fork.max_concurrency == 0 ? quota : std::min(fork.max_concurrency, quota);
        if (fork.started == fork.length || static_cast<std::int64_t>(fork.running.size()) >= at_once) return;
        const auto child = place.turn.execution().last_frame + 1;
        place.turn.record(child, MapIterationStarted{place.frame, place.state.name, fork.started}, fork.start_after);
    }
}

}  // namespace

Step enter(const asl::Map& map, Place& place) {
    if (map.mode == asl::MapMode::Distributed) return enter_distributed(map, place);
    const auto input = place.input_path();
    if (!input) return Raise{input.error()};
    const auto concurrency = max_concurrency_of(map, place, input->json());
    if (!concurrency) return Raise{concurrency.error()};
    const auto items = items_of(map, place, *input);
    if (!items) return Raise{items.error()};
    if (!items->json().is_array()) return Raise{no_items(map, place, *items)};
    const auto length = static_cast<std::int64_t>(items->json().size());
    place.turn.record(place.frame, MapStateStarted{*items, length, *concurrency});
    return resume(map, place);
}

Step resume(const asl::Map&, Place& place) {
    start_iterations(place);
    const auto& fork = *place.visit().fork;
    if (fork.succeeded < fork.length) return Suspend{};
    const auto result = joined(fork.results);
    place.turn.record(place.frame, MapStateSucceeded{});
    return place.complete(result, place.state.next);
}

Result<Payload> first_input(Place& parent, FrameId child) {
    const auto& fork = *parent.visit().fork;
    const auto* map = std::get_if<asl::Map>(&parent.state.kind);
    if (!map) return fork.items;
    if (map->item_selector) {
        const auto input = parent.input_path();
        if (!input) return input.error();
        parent.look_from(child);
        return parent.evaluate(*map->item_selector, *input);
    }
    const auto index = static_cast<std::size_t>(parent.turn.execution().frame(child).index);
    return Payload::from_json(fork.items.json().at(index));
}

}  // namespace pawl
