// What both modes of Map read of their fields. Spec: states-language.net, "Map State".
#include "states/number_field.hpp"
#include "states/states.hpp"

namespace pawl {

Result<std::int64_t> max_concurrency_of(const asl::Map& map, Place& place, const Json& input) {
    return integer_field(map.max_concurrency, "MaxConcurrency", place, input);
}

Result<Payload> items_of(const asl::Map& map, Place& place, const Payload& input) {
    if (map.items) {
        const auto* whole = map.items->whole();
        if (!whole) return place.evaluate(asl::Template{*map.items}, input);
        const bool any = map.mode == asl::MapMode::Distributed;  // an object will do as well
        auto items = place.query(*whole, any ? data::Wanted::Anything : data::Wanted::Array);
        if (!items) return std::move(items).error();
        return Payload::from_json(*std::move(items));
    }
    if (!map.items_path || map.items_path->text() == "$") return input;
    auto selected = place.select(*map.items_path, input.json());
    if (!selected) return std::move(selected).error();
    return Payload::from_json(*std::move(selected));
}

}  // namespace pawl
