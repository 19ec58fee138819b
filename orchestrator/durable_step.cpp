#include "orchestrator/durable_step.hpp"

#include "persistence/store.hpp"

namespace pawl {
namespace {

// The shown events after `before`, up to `last`; none when the store can't be read, which the next commit will tell.
std::vector<RecordedEvent> stored_events(const Store& store, std::int64_t execution, std::int64_t before,
                                         std::int64_t last) try {
    if (before >= last) return {};
    return store.history({execution, false, before, static_cast<std::size_t>(last - before)});
} catch (const StoreError&) {
    return {};
}

}  // namespace

void DurableStep::operator()() {
    --*in_flight;
    if (began) outbox.counters().count_start();
    if (ended) outbox.counters().count_end(row.status);
    if (log) outbox.log(*log);
    if (outbox.watched()) tell_watchers();  // of a state that is entered, before its task has anything to tell
    outbox.release({row.number, row.arn, row.test_case}, effects);
    if (row.map_run != 0 && row.status != ExecutionStatus::Running) child_ended(row);
    if (reply) reply(row.stopped ? *row.stopped : row.redriven.value_or(row.started));
}

void DurableStep::tell_watchers() {
    // Somebody began to watch after the decision and before it was durable: they have not read it either.
    if (events.empty()) events = stored_events(store, row.number, before, row.last_event);
    outbox.publish({row.arn, row.status, std::move(events)});
}

}  // namespace pawl
