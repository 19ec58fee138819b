// Rows and events for the tests of this folder.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "persistence/change.hpp"

namespace pawl::samples {

inline constexpr Instant noon{Millis{1'795'348'800'000}};  // 2026-11-22T12:00:00Z

// One shown event of an ordinary kind; `id` also makes it different from others.
inline RecordedEvent shown(std::int64_t id, Instant at = noon) {
    const auto input = Payload::from_text("{\"n\":" + std::to_string(id) + "}");
    return {id, id - 1, at, root_frame, StateEntered{StateType::Pass, "S" + std::to_string(id), input}};
}
inline RecordedEvent not_shown(Instant at = noon) { return {0, 0, at, root_frame, TaskHeartbeat{}}; }

inline MachineRow machine(std::int64_t number, const std::string& name) {
    MachineRow row;
    row.number = number;
    row.arn = "arn:aws:states:us-east-1:123456789012:stateMachine:" + name;
    row.name = name;
    row.created = noon;
    row.revision = number;
    row.tags = "{}";
    return row;
}

inline RevisionRow revision(std::int64_t number, std::int64_t of_machine) {
    return {number,
            of_machine,
            "rev-" + std::to_string(number),
            noon,
            R"({"StartAt": "A"})",
            "arn:aws:iam::1:role/r",
            R"({"loggingConfiguration":{}})"};
}

inline ExecutionRow execution(std::int64_t number, Instant started = noon, std::int64_t of_machine = 1) {
    ExecutionRow row;
    row.number = number;
    row.name = "run-" + std::to_string(number);
    row.arn = "arn:aws:states:us-east-1:123456789012:execution:m" + std::to_string(of_machine) + ":" + row.name;
    row.machine = of_machine;
    row.revision = 1;
    row.started = started;
    return row;
}

inline ExecutionRow ended(ExecutionRow row, ExecutionStatus status = ExecutionStatus::Succeeded) {
    row.status = status;
    row.stopped = row.started + Millis{5};
    row.wake_at.reset();
    return row;
}

}  // namespace pawl::samples
