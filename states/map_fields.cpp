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
        if (items && any && !items->is_structured()) items = place.query(*whole, data::Wanted::Array);
        if (!items) return std::move(items).error();
        return Payload::from_json(*std::move(items));
    }
    if (!map.items_path || map.items_path->text() == "$") return input;
    auto selected = place.select(*map.items_path, input.json());
    if (!selected) return std::move(selected).error();
    return Payload::from_json(*std::move(selected));
}

std::string no_items_text(const asl::Map& map, const Place& place, const Payload& found) {
    if (place.jsonata()) return "Map state input must be an array but was: " + to_text(found.json());
    std::string_view path = map.items_path ? std::string_view{map.items_path->text()} : "$";
    if (path.starts_with("$$")) path.remove_prefix(1);  // the service reads it in the context object
    return "Reference path \"" + std::string{path} + "\" must point to array.";
}

AslError no_items(const asl::Map& map, Place& place, const Payload& found) {
    auto text = no_items_text(map, place, found);
    return place.jsonata() ? place.evaluation_failed({"", std::move(text)}) : place.runtime_error(std::move(text));
}

}  // namespace pawl
