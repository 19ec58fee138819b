// What is told of an event that has come to its end: the record for destinations, and what a dead letter says beside
// the event itself. Pure. Spec: AWS Lambda Developer Guide, "Retaining records of asynchronous invocations".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/functions/function_pool.hpp"
#include "orchestrator/functions/registry/event_destinations.hpp"
#include "states/json.hpp"
#include "states/time.hpp"

namespace pawl {

enum class EventEnd : std::uint8_t { Success, RetriesExhausted, EventAgeExceeded, ZeroReservedConcurrency };

struct EndedEvent {
    std::string request_id;
    std::string function_arn;  // with the version
    std::string version;       // "$LATEST", "7"
    const std::string& payload;
    std::int64_t attempts = 0;  // that ran
    EventEnd end = EventEnd::Success;
    const InvocationReport* report = nullptr;  // of the last attempt; null: there was none
};

Json record_of(const EndedEvent& event, Instant now);
std::vector<MessageAttribute> dead_letter_attributes(const EndedEvent& event);

}  // namespace pawl
