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
    const Buckets* buckets = nullptr;               // null: nothing to read from or write to
    std::function<std::int64_t()> next_execution;   // a number that no execution has yet
    std::function<bool(StartMessage)> start_child;  // false: too much is waiting already
    std::function<void(std::int64_t execution, Reply)> stop_child;
    std::function<void(std::int64_t execution, Reply)> redrive_child;
    std::function<bool()> recovered;  // every Map that waits for its run has asked for it again
    // To the runner, from any thread: a child's shard, or the store, did not take what was asked of it. An item below
    // 0: it was the run's own row.
    std::function<void(std::int64_t map_run, std::int64_t item)> refused;
    std::function<void(const ExecutionRow& child)> child_ended;
    std::function<void(std::int64_t map_run)> abort_kept;  // its row is durable, and it is over
    std::size_t most_at_once = 10'000;  // children that run together when the Map itself sets no limit; AWS's quota
};

}  // namespace pawl
