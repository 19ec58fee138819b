// What a Map Run needs besides its items: evaluated when the Map was entered, stored with its start, so that the run
// can go on after a restart without the execution it belongs to. And each item's input, which the run makes from it.
// Spec: Developer Guide, "Using Map state in Distributed mode".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "states/asl/definition.hpp"
#include "states/decide.hpp"
#include "states/place.hpp"

namespace pawl {

// The plan's JSON; members that are not needed are left out.
struct MapPlan {
    std::string label;
    std::int64_t max_concurrency = 0;  // 0: no limit of the state's own
    std::int64_t tolerated_failure_count = 0;
    double tolerated_failure_percentage = 0;
    std::optional<std::int64_t> max_items;    // of the reader
    Json reader_arguments, writer_arguments;  // null: none
    std::optional<std::int64_t> batch_items;  // ItemBatcher: at most so many items …
    std::optional<std::int64_t> batch_bytes;  // … and bytes of input
    Json batch_input;                         // null: none
    std::int64_t entered_event = 0;           // of the Map
    // For ItemSelector: what `$` or $states.input is, the context object, and the variables that it reads.
    Json input, raw_input, context, variables;

    Payload to_payload() const;
    static MapPlan from(const Payload& payload);
};

// Have more items failed than the Map tolerates? A limit of 0 is none of its own; with neither, none may fail.
bool exceeds_tolerance(const MapPlan& plan, std::int64_t failed, std::int64_t total);
AslError tolerance_exceeded();

// Evaluates all fields but those of single items.
Result<MapPlan> plan_map_run(const asl::Map& map, Place& place, const Payload& input);

struct MapItem {
    std::int64_t index = 0;
    const Payload& value;
    std::optional<std::string> key = {};  // of an object's member
    std::string source = {};              // "s3://bucket/key"; empty: the state's own data
};

// The input of an item's execution, or of its part in a batch: the item, or what ItemSelector makes of it.
Result<Payload> item_input(const asl::State& map_state, const MapPlan& plan, const MapItem& item, std::uint64_t seed,
                           Instant now, const Limits& limits);

}  // namespace pawl
