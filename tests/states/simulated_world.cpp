#include "tests/states/simulated_world.hpp"

#include <gtest/gtest.h>

#include "states/map_plan.hpp"

namespace pawl::testing {
namespace {

constexpr int decisions_limit = 100'000;  // a scenario that needs more does not end

ExecutionIdentity identity_at(Instant start) {
    return {1,
            "arn:aws:states:us-east-1:000000000000:execution:scenario:one",
            "one",
            "arn:aws:states:us-east-1:000000000000:stateMachine:scenario",
            "scenario",
            "arn:aws:iam::000000000000:role/scenario",
            start};
}

}  // namespace

SimulatedWorld::SimulatedWorld(std::shared_ptr<const asl::Definition> definition, Limits limits,
                               std::map<std::string, std::deque<TaskReply>> replies)
    : definition_{std::move(definition)},
      surroundings_{limits, "us-east-1",
                    [](const ExecutionIdentity&, TaskId task) { return "token-" + std::to_string(task); }},
      replies_{std::move(replies)},
      start_{*parse_iso8601("2026-01-01T00:00:00Z")},
      now_{start_},
      identity_{identity_at(start_)},
      execution_{identity_} {}

SimulatedWorld::SimulatedWorld(const SimulatedWorld& parent, ExecutionIdentity identity)
    : definition_{parent.definition_},
      surroundings_{parent.surroundings_},
      replies_{parent.replies_},
      start_{parent.now_},
      now_{start_},
      identity_{std::move(identity)},
      execution_{identity_} {}

void SimulatedWorld::run(const Json& input, std::optional<std::chrono::milliseconds> stop_after) {
    if (stop_after) later(*stop_after, Stop{{"Stopped", "by the scenario"}});
    give(Begin{Payload::from_json(input)});
    to_the_end();
}

void SimulatedWorld::redrive() {
    give(Redrive{});
    to_the_end();
}

void SimulatedWorld::to_the_end() {
    for (int i = 0; i < decisions_limit && execution_.running(); ++i) {
        const auto wake = execution_.next_wake();
        const bool answer_first = !pending_.empty() && (!wake || pending_.top().when <= *wake);
        if (!answer_first && !wake) return;
        if (answer_first) {
            now_ = std::max(now_, pending_.top().when);
            auto what = pending_.top().what;
            pending_.pop();
            give(std::move(what));
        } else {
            now_ = std::max(now_, *wake);
            give(Continue{});
        }
    }
}

void SimulatedWorld::give(decltype(Stimulus::what) what) {
    for (bool more = true; more; what = Continue{}) {
        auto decision = decide(*definition_, execution_, {now_, static_cast<std::uint64_t>(++order_), what}, surroundings_);
        more = decision.more;
        std::move(decision.events.begin(), decision.events.end(), std::back_inserter(history_));
        for (const auto& effect : decision.effects) {
            if (const auto* task = std::get_if<StartTask>(&effect)) start_task(*task);
            if (const auto* map = std::get_if<StartMapRun>(&effect)) run_map(*map);
        }
        Execution folded{identity_};
        for (const auto& event : history_) evolve(folded, event);
        ASSERT_EQ(folded, execution_) << "the fold of the history is not the live execution";
    }
}

void SimulatedWorld::start_task(const StartTask& task) {
    const auto& state = execution_.frame(execution_.tasks.at(task.task)).visit->state;
    TaskReply reply;
    if (auto& planned = replies_[state]; !planned.empty()) {
        reply = planned.front();
        if (planned.size() > 1) planned.pop_front();  // the last one answers all later attempts
    }
    if (reply.failure == TaskFailure::Run) later(std::chrono::milliseconds{0}, TaskBegan{task.task, {}});
    if (task.resource.ends_with(".waitForTaskToken")) {
        later(std::chrono::milliseconds{0}, TaskWasSubmitted{task.task, Payload{}});
    }
    if (reply.heartbeat_every.count() > 0) {
        for (auto at = reply.heartbeat_every; at < reply.after; at += reply.heartbeat_every) {
            later(at, TaskIsAlive{task.task});
        }
    }
    if (reply.never) return;
    Result<Payload> answer = reply.fails    ? Result<Payload>{reply.error}
                             : reply.echoes ? Result<Payload>{task.parameters}
                                            : Result<Payload>{Payload::from_json(reply.output)};
    later(reply.after, TaskAnswered{task.task, std::move(answer), reply.failure});
}

void SimulatedWorld::run_map(const StartMapRun& start) {
    const auto plan = MapPlan::from(start.plan);
    const auto& map = *definition_->find(start.state);
    const auto& items = start.items.json();
    Json results = Json::array();
    std::int64_t failed = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto index = static_cast<std::int64_t>(i);
        const auto value = Payload::from_json(items.at(i));
        const auto input = item_input(map, plan, {index, value}, i, now_, surroundings_.limits);
        if (!input) return later(std::chrono::milliseconds{0}, TaskAnswered{start.task, input.error(), TaskFailure::Run});
        auto identity = identity_;
        identity.map_state = start.state;
        SimulatedWorld child{*this, std::move(identity)};
        child.run(input->json(), std::nullopt);
        replies_ = child.replies_;  // later attempts get later replies
        if (child.execution().output) {
            results.push_back(child.execution().output->json());
        } else if (exceeds_tolerance(plan, ++failed, static_cast<std::int64_t>(items.size()))) {
            return later(std::chrono::milliseconds{0},
                         TaskAnswered{start.task, tolerance_exceeded(), TaskFailure::Run});
        }
    }
    later(std::chrono::milliseconds{0},
          TaskAnswered{start.task, Payload::from_json(std::move(results)), TaskFailure::Run});
}

void SimulatedWorld::later(std::chrono::milliseconds delay, decltype(Stimulus::what) what) {
    pending_.push({now_ + delay, ++order_, std::move(what)});
}

std::vector<std::string> outline(const std::vector<RecordedEvent>& history) {
    std::vector<std::string> lines;
    for (const auto& recorded : history) {
        if (recorded.id == 0) continue;
        lines.push_back(std::visit(
            overloaded{
                [](const ExecutionStarted&) -> std::string { return "ExecutionStarted"; },
                [](const ExecutionSucceeded&) -> std::string { return "ExecutionSucceeded"; },
                [](const ExecutionFailed&) -> std::string { return "ExecutionFailed"; },
                [](const ExecutionTimedOut&) -> std::string { return "ExecutionTimedOut"; },
                [](const ExecutionAborted&) -> std::string { return "ExecutionAborted"; },
                [](const StateEntered& e) { return std::string{asl::to_string(e.type)} + "StateEntered " + e.name; },
                [](const StateExited& e) { return std::string{asl::to_string(e.type)} + "StateExited " + e.name; },
                [](const StateAborted& e) { return std::string{asl::to_string(e.type)} + "StateAborted"; },
                [](const EvaluationFailed& e) { return "EvaluationFailed " + e.location; },
                [](const WaitScheduled&) -> std::string { return ""; },
                [](const RetryScheduled&) -> std::string { return ""; },
                [](const TaskScheduled&) -> std::string { return "TaskScheduled"; },
                [](const TaskStarted&) -> std::string { return "TaskStarted"; },
                [](const TaskSubmitted&) -> std::string { return "TaskSubmitted"; },
                [](const TaskHeartbeat&) -> std::string { return ""; },
                [](const TaskSucceeded&) -> std::string { return "TaskSucceeded"; },
                [](const TaskFailed& e) { return "TaskFailed " + e.error.name.value_or(""); },
                [](const TaskTimedOut&) -> std::string { return "TaskTimedOut"; },
                [](const ParallelStateStarted&) -> std::string { return "ParallelStateStarted"; },
                [](const ParallelStateSucceeded&) -> std::string { return "ParallelStateSucceeded"; },
                [](const ParallelStateFailed&) -> std::string { return "ParallelStateFailed"; },
                [](const MapStateStarted& e) { return "MapStateStarted " + std::to_string(e.length); },
                [](const MapStateSucceeded&) -> std::string { return "MapStateSucceeded"; },
                [](const MapStateFailed&) -> std::string { return "MapStateFailed"; },
                [](const MapIterationStarted& e) { return "MapIterationStarted " + std::to_string(e.index); },
                [](const MapIterationSucceeded& e) { return "MapIterationSucceeded " + std::to_string(e.index); },
                [](const MapIterationFailed& e) { return "MapIterationFailed " + std::to_string(e.index); },
                [](const MapIterationAborted& e) { return "MapIterationAborted " + std::to_string(e.index); },
                [](const MapRunStarted&) -> std::string { return "MapRunStarted"; },
                [](const MapRunSucceeded&) -> std::string { return "MapRunSucceeded"; },
                [](const MapRunFailed& e) { return "MapRunFailed " + e.error.name.value_or(""); },
                [](const MapRunAborted&) -> std::string { return "MapRunAborted"; },
                [](const ExecutionRedriven& e) { return "ExecutionRedriven " + std::to_string(e.redrive_count); },
                [](const MapRunRedriven& e) { return "MapRunRedriven " + std::to_string(e.redrive_count); },
            },
            recorded.event));
    }
    return lines;
}

}  // namespace pawl::testing
