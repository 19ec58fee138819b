// What one decision shows to the world. The shard makes it beside the batch; the journal's thread calls it once the
// batch is durable, and never when it failed.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/outbox.hpp"
#include "orchestrator/requests.hpp"
#include "persistence/rows.hpp"
#include "states/decide.hpp"

namespace pawl {

class Store;

struct DurableStep {
    Outbox& outbox;
    const Store& store;
    const std::function<void(const ExecutionRow&)>& child_ended;  // of a Map Run
    std::shared_ptr<std::atomic<int>> in_flight;                  // batches of the execution on their way
    ExecutionRow row;                                             // as the batch leaves it
    bool began = false;
    bool ended = false;
    std::vector<Effect> effects = {};
    std::optional<LogBatch> log = {};
    // For those who watch: the events, or, as long as nobody does, the id of the one before them.
    std::vector<RecordedEvent> events = {};
    std::int64_t before = 0;
    std::function<void(ApiResult<Instant>)> reply = {};  // may be empty

    void operator()();

  private:
    void tell_watchers();
};

}  // namespace pawl
