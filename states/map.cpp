// Runs its processor once for each item of an array, several at a time; the outputs, in the items' order, are its
// result. Spec: states-language.net, "Map State".
#include <algorithm>
#include <charconv>

#include "states/error_names.hpp"
#include "states/states.hpp"

namespace pawl {
namespace {

// AWS takes a whole number, also one written as a text.
std::optional<std::int64_t> whole_number(const Json& value) {
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

Result<std::int64_t> max_concurrency(const asl::Map& map, Place& place, const Json& input) {
    if (const auto* value = map.max_concurrency.value()) return *value;
    if (!map.max_concurrency.present()) return std::int64_t{0};
    if (const auto* query = map.max_concurrency.query()) return place.whole_number(*query, 0, INT64_MAX);
    const auto& path = *map.max_concurrency.path();
    const auto value = place.select(path, input);
    if (!value) return value.error();
    const auto number = whole_number(*value);
    if (!number) {
        return place.runtime_error("The MaxConcurrencyPath field refers to value \"" + to_text(*value) +
                                   "\" which is not a valid integer: " + path.text());
    }
    if (*number < 0) return place.runtime_error("MaxConcurrency cannot be negative.");
    return *number;
}

Result<Payload> items_of(const asl::Map& map, Place& place, const Payload& input) {
    if (map.items) {
        const auto* whole = map.items->whole();
        if (!whole) return place.evaluate(asl::Template{*map.items}, input);
        auto items = place.query(*whole, data::Wanted::Array);
        if (!items) return std::move(items).error();
        return Payload::from_json(*std::move(items));
    }
    if (!map.items_path || map.items_path->text() == "$") return input;
    auto selected = place.select(*map.items_path, input.json());
    if (!selected) return std::move(selected).error();
    return Payload::from_json(*std::move(selected));
}

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
    const auto input = place.input_path();
    if (!input) return Raise{input.error()};
    const auto concurrency = max_concurrency(map, place, input->json());
    if (!concurrency) return Raise{concurrency.error()};
    const auto items = items_of(map, place, *input);
    if (!items) return Raise{items.error()};
    if (!items->json().is_array()) {
        const auto text = "Map state input must be an array but was: " + items->text();
        return Raise{place.jsonata() ? place.evaluation_failed({"", text}) : place.runtime_error(text)};
    }
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
