// What a Map Run needs of the engine around it.
#pragma once
#include <cstdint>
#include <functional>

#include "orchestrator/names.hpp"
#include "orchestrator/shard.hpp"

namespace pawl {

class Buckets;

struct MapRunWorld {
    Store& store;
    Journal& journal;
    Machines& machines;
    const Clock& clock;
    const ArnSpace& arns;
    const Surroundings& surroundings;
    const Buckets* buckets = nullptr;                         // null: nothing to read from or write to
    std::function<std::int64_t()> next_execution;             // a number that no execution has yet
    std::function<bool(StartMessage)> start_child;            // false: too much is waiting already
    std::function<void(std::int64_t map_run)> child_refused;  // its shard or the store did not take a child
    std::function<void(std::int64_t execution)> stop_child;
    std::function<void(std::int64_t execution)> redrive_child;
    std::function<bool()> recovered;    // every Map that waits for its run has asked for it again
    std::size_t most_at_once = 10'000;  // children that run together when the Map itself sets no limit; AWS's quota
};

}  // namespace pawl
