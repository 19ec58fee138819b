// The eight state types, one file each. A state is immutable data (asl::Definition); these functions say what it does
// with a visit. `enter` runs at the start of a visit and again at each retry.
#pragma once
#include "states/place.hpp"
#include "states/step.hpp"

namespace pawl {

Step enter(const asl::Pass& pass, Place& place);
Step enter(const asl::Task& task, Place& place);
Step enter(const asl::Choice& choice, Place& place);
Step enter(const asl::Wait& wait, Place& place);
Step enter(const asl::Succeed& succeed, Place& place);
Step enter(const asl::Fail& fail, Place& place);
Step enter(const asl::Parallel& parallel, Place& place);
Step enter(const asl::Map& map, Place& place);
Step enter_distributed(const asl::Map& map, Place& place);

// The wait is over.
Step resume(const asl::Wait& wait, Place& place);
// The task's result has been recorded.
Step resume(const asl::Task& task, Place& place, const Payload& result);
// A child has ended well.
Step resume(const asl::Parallel& parallel, Place& place);
Step resume(const asl::Map& map, Place& place);
// Shared by both modes of Map: MaxConcurrency, and the items of the state's own data.
Result<std::int64_t> max_concurrency_of(const asl::Map& map, Place& place, const Json& input);
Result<Payload> items_of(const asl::Map& map, Place& place, const Payload& input);
// The items are none: in words of JSONata, or of JSONPath without the place ("An error occurred while…").
std::string no_items_text(const asl::Map& map, const Place& place, const Payload& found);
AslError no_items(const asl::Map& map, Place& place, const Payload& found);

// What the first state of a child is given: the branch's input, or the iteration's item.
Result<Payload> first_input(Place& parent, FrameId child);

// The Map Run's result has come.
Step complete_map_run(Place& place, const Payload& result);
// What a Map Run needs of the world, from the visit that waits for it.
StartMapRun start_map_run_effect(const Visit& visit);

// What a task needs of the world, from its record.
StartTask start_task_effect(const Visit& visit);

// The results of a fork as one JSON array, spliced from their texts.
Payload joined(const std::vector<Payload>& results);

}  // namespace pawl
