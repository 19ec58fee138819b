// Folding histories that have lost something: an exception, never an execution that falls apart later.
#include <gmock/gmock.h>

#include <algorithm>
#include <stdexcept>

#include "states/asl/definition.hpp"
#include "tests/states/simulated_world.hpp"

namespace pawl::testing {
namespace {

// Of all kinds of events: tasks with retries, Parallel, Map and a distributed Map, a failure that is caught.
constexpr auto everything = R"({"StartAt": "Work", "States": {
    "Work": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {},
        "HeartbeatSeconds": 9, "Retry": [{"ErrorEquals": ["Bad"], "IntervalSeconds": 1}], "Next": "Pause"},
    "Pause": {"Type": "Wait", "Seconds": 1, "Next": "Fork"},
    "Fork": {"Type": "Parallel", "Next": "Each", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Each"}], "Branches": [
        {"StartAt": "Slow", "States": {"Slow": {"Type": "Wait", "Seconds": 60, "End": true}}},
        {"StartAt": "Broken", "States": {"Broken": {"Type": "Fail", "Error": "E", "Cause": "C"}}}]},
    "Each": {"Type": "Map", "ItemsPath": "$$.Execution.Input.items", "MaxConcurrency": 1, "Next": "Both",
        "ItemProcessor": {"StartAt": "Item", "States": {
            "Item": {"Type": "Pass", "Next": "Call"},
            "Call": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}}}},
    "Both": {"Type": "Parallel", "Next": "Run", "Branches": [
        {"StartAt": "L", "States": {"L": {"Type": "Pass", "End": true}}},
        {"StartAt": "R", "States": {"R": {"Type": "Pass", "End": true}}}]},
    "Run": {"Type": "Map", "ItemsPath": "$$.Execution.Input.items", "Next": "Last", "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}},
    "Last": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "TimeoutSeconds": 5,
        "End": true}}})";

std::vector<RecordedEvent> history_of_everything() {
    const auto parsed = asl::parse_definition(everything);
    EXPECT_TRUE(parsed.definition);
    TaskReply bad;
    bad.fails = true;
    bad.error = {"Bad", "luck"};
    TaskReply alive;
    alive.after = std::chrono::seconds{12};
    alive.heartbeat_every = std::chrono::seconds{5};
    TaskReply late;
    late.never = true;
    SimulatedWorld world{parsed.definition, Limits{}, {{"Work", {bad, alive}}, {"Last", {late, TaskReply{}}}}};
    world.run(Json{{"items", {1, 2, 3}}}, std::nullopt);
    EXPECT_EQ(world.execution().status, ExecutionStatus::Failed) << "its last task timed out";
    world.redrive();
    EXPECT_EQ(world.execution().status, ExecutionStatus::Succeeded);
    return world.history();
}

// What decide and the shards rely on when they ask an execution for a frame, its visit or its task.
void expect_sound(const Execution& execution) {
    const auto visit_of = [&](FrameId id) {
        const auto found = execution.frames.find(id);
        return found == execution.frames.end() || !found->second.visit ? nullptr : &*found->second.visit;
    };
    for (const auto id : execution.runnable) EXPECT_TRUE(execution.frames.contains(id) && !visit_of(id));
    for (const auto& [task, id] : execution.tasks) {
        const auto* visit = visit_of(id);
        EXPECT_TRUE(visit && visit->task && visit->task->id == task);
    }
    for (const auto& [when, id] : execution.timers) EXPECT_TRUE(visit_of(id));
    for (const auto& [id, frame] : execution.frames) {
        if (id == root_frame) continue;
        const auto* parent = visit_of(frame.parent);
        EXPECT_TRUE(parent && parent->fork && parent->fork->running.contains(id));
    }
}

TEST(Evolve, ThrowsOrStaysSoundWhenAnyPartOfAHistoryIsLost) {
    const auto history = history_of_everything();
    ASSERT_GT(history.size(), 70U);
    int thrown = 0;
    for (std::size_t first = 0; first < history.size(); ++first) {
        for (auto last = first; last < history.size(); ++last) {
            Execution execution{ExecutionIdentity{}};
            try {
                for (std::size_t i = 0; i < history.size(); ++i) {
                    if (i < first || i > last) evolve(execution, history[i]);
                }
            } catch (const std::logic_error&) {
                ++thrown;
            }
            expect_sound(execution);
            ASSERT_FALSE(HasFailure()) << "without events " << first << " to " << last << " of " << history.size();
        }
    }
    EXPECT_GT(thrown, 1'000);
}

TEST(Evolve, ThrowsOrStaysSoundWhenHistoriesAreMixed) {
    const auto history = history_of_everything();
    for (std::size_t cut = 0; cut < history.size(); ++cut) {
        for (std::size_t next = 0; next < history.size(); ++next) {
            Execution execution{ExecutionIdentity{}};
            for (std::size_t i = 0; i < cut; ++i) evolve(execution, history[i]);
            try {
                evolve(execution, history[next]);
            } catch (const std::logic_error&) {
                continue;
            }
            expect_sound(execution);
            ASSERT_FALSE(HasFailure()) << "event " << next << " after the first " << cut;
        }
    }
}

}  // namespace
}  // namespace pawl::testing
