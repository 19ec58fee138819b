// An execution in a shard's memory, and what the shard keeps beside it.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "orchestrator/requests.hpp"
#include "persistence/rows.hpp"
#include "states/asl/definition.hpp"
#include "states/execution.hpp"

namespace pawl {

struct LiveExecution {
    LiveExecution(ExecutionIdentity identity, ExecutionRow r, std::shared_ptr<const asl::Definition> d)
        : execution{std::move(identity)}, row{std::move(r)}, definition{std::move(d)} {}

    Execution execution;
    ExecutionRow row;  // as it is, or is about to be, in the store
    std::shared_ptr<const asl::Definition> definition;
    Millis ahead{0};                       // of the clock: the waiting that it has skipped
    std::shared_ptr<const LogTarget> log;  // null: its machine wants no log
    bool inserted = false;                 // its row has been submitted before
    std::vector<RecordedEvent> held;       // events that ride along with the next commit (see Shard::hold)
    std::optional<Instant> armed;          // the wake-up that the shard's timers hold for it
    // Batches on their way to the disk; counted down by the journal's thread. While there are any, the store is
    // behind this object, so it must not be evicted.
    std::shared_ptr<std::atomic<int>> in_flight = std::make_shared<std::atomic<int>>(0);
};

}  // namespace pawl
