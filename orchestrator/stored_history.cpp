#include "orchestrator/stored_history.hpp"

#include <algorithm>
#include <string>

namespace pawl {
namespace {

// A gap would be followed as if nothing had been in it: work done twice, ids given twice. Nobody asks this of EXPRESS
// executions that have dropped their events, which have ended for good.
void check_whole(const ExecutionRow& row, const std::vector<RecordedEvent>& events) {
    const auto lost = [&](const std::string& how) {
        throw DamagedError{"the store has lost the history of " + row.arn + ", or a part of it: " + how};
    };
    std::int64_t last = 0;
    for (const auto& event : events) {
        if (event.id == 0) continue;  // not shown
        if (event.id != last + 1) {
            lost("where event " + std::to_string(last + 1) + " belongs is event " + std::to_string(event.id));
        }
        last = event.id;
    }
    if (events.empty() || last != row.last_event) {
        lost("its last event is " + std::to_string(last) + " and should be " + std::to_string(row.last_event));
    }
}

}  // namespace

void follow(Execution& execution, const ExecutionRow& row, const std::vector<RecordedEvent>& events) {
    check_whole(row, events);
    try {
        for (const auto& event : events) evolve(execution, event);
    } catch (const std::exception& mismatch) {
        throw DamagedError{"the stored history of " + row.arn + " makes no sense: " + mismatch.what()};
    }
}

Execution stored_execution(const Store& store, const ExecutionRow& row) {
    auto seen = row;
    const auto events = store.events(row.number);
    for (const auto& event : events) seen.last_event = std::max(seen.last_event, event.id);
    ExecutionIdentity identity;
    identity.number = row.number;
    identity.arn = row.arn;
    Execution execution{std::move(identity)};
    follow(execution, seen, events);
    return execution;
}

}  // namespace pawl
