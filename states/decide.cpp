#include "states/decide.hpp"

#include <limits>

#include "states/error_names.hpp"
#include "states/interpreter.hpp"
#include "states/states.hpp"

namespace pawl {
namespace {

AslError timed_out() { return {std::string{error::timeout}, std::nullopt}; }

class Reaction {
  public:
    explicit Reaction(Turn& turn) : turn_{turn}, execution_{turn.execution()} {}

    void operator()(const Begin& begin) {
        turn_.record(root_frame, ExecutionStarted{begin.input, execution_.identity.role_arn, deadline_from_now()});
    }

    void operator()(const Continue&) {
        if (execution_.deadline && *execution_.deadline <= turn_.now()) {
            abort_children_of_root();
            end_execution(turn_, ExecutionTimedOut{timed_out()}, 0);
            return;
        }
        const auto due = due_frames();
        for (const auto frame : due) time_out_task(frame);
        for (const auto frame : due) {
            // What an earlier one did may have taken this one down.
            if (execution_.running() && execution_.frames.contains(frame) && execution_.frame(frame).visit) wake(frame);
        }
    }

    void operator()(const TaskBegan& began) {
        const auto frame = frame_of(began.task, attempt::Started{});
        if (!frame) return turn_.refuse();
        const auto& task = scheduled(*frame);
        turn_.record(*frame, TaskStarted{task.family, task.resource, began.worker});
    }

    void operator()(const TaskWasSubmitted& submitted) {
        const auto frame = started_frame_of(submitted.task, attempt::Submitted{});
        if (!frame) return turn_.refuse();
        turn_.record(*frame, TaskSubmitted{scheduled(*frame).resource, submitted.output});
    }

    void operator()(const TaskAnswered& answered) {
        if (!answered.answer) return fail_task(answered.task, answered.failure, answered.answer.error());
        const auto frame = started_frame_of(answered.task, attempt::Completed{});
        if (!frame) return turn_.refuse();
        const auto task = scheduled(*frame);
        const auto& output = *answered.answer;
        Place place{turn_, *frame};
        if (task.family == TaskFamily::MapRun) {
            turn_.record(*frame, MapRunSucceeded{});
            return perform(turn_, *frame, complete_map_run(place, output));
        }
        if (output.size_bytes() > turn_.limits().payload_bytes) {
            return fail_task(answered.task, TaskFailure::Run, place.too_large(short_name(task)));
        }
        turn_.record(*frame, TaskSucceeded{task.family, task.resource, output});
        perform(turn_, *frame, resume(std::get<asl::Task>(place.state.kind), place, output));
    }

    void operator()(const TaskIsAlive& alive) {
        const auto frame = frame_of(alive.task, attempt::Heartbeat{});
        if (!frame) return turn_.refuse();
        turn_.record(*frame, TaskHeartbeat{});
    }

    void operator()(const Stop& stop) {
        if (!execution_.running()) return turn_.refuse();
        abort_children_of_root();
        end_execution(turn_, ExecutionAborted{stop.error}, 0);
    }

    void operator()(const Redrive& redrive) {
        if (execution_.running() || !execution_.before_fall) return turn_.refuse();
        turn_.record(root_frame,
                     ExecutionRedriven{execution_.redrive_count + 1, deadline_from_now(), redrive.client_token},
                     execution_.last_event);
        redrive_map_runs();
        (*this)(Continue{});
    }

  private:
    std::optional<Instant> deadline_from_now() const {
        const auto& timeout = turn_.definition().timeout;
        const bool child = !execution_.identity.map_state.empty();  // TimeoutSeconds is the parent's
        return timeout && !child ? std::optional{turn_.now() + *timeout} : std::nullopt;
    }

    void redrive_map_runs() {
        std::vector<FrameId> runs;
        for (const auto& [id, frame] : execution_.frames) {
            const auto& task = frame.visit ? frame.visit->task : std::nullopt;
            if (task && task->scheduled.family == TaskFamily::MapRun) runs.push_back(id);
        }
        for (const auto id : runs) {
            const auto& visit = turn_.visit(id);
            turn_.record(id, MapRunRedriven{visit.task->scheduled.resource, visit.map_run_redrives + 1});
            turn_.ask(start_map_run_effect(turn_.visit(id)));
        }
    }

    // Where a task's answer belongs; nothing when the task is unknown, over, or not far enough for this event.
    std::optional<FrameId> frame_of(TaskId task, const attempt::Event& event) const {
        const auto found = execution_.tasks.find(task);
        if (found == execution_.tasks.end()) return std::nullopt;
        if (!attempt::next(turn_.visit(found->second).task->phase, event)) return std::nullopt;
        return found->second;
    }
    // The same for answers of a worker whose start nobody reported.
    std::optional<FrameId> started_frame_of(TaskId task, const attempt::Event& event) {
        if (frame_of(task, attempt::Started{})) (*this)(TaskBegan{task, {}});
        return frame_of(task, event);
    }
    const TaskScheduled& scheduled(FrameId frame) const { return turn_.visit(frame).task->scheduled; }

    // How AWS names the task in the sentence about its size: "lambda", or the function's ARN.
    static std::string_view short_name(const TaskScheduled& task) {
        std::string_view name = task.resource;
        constexpr std::string_view integration = "arn:aws:states:::";
        if (task.family != TaskFamily::Task || !name.starts_with(integration)) return name;
        name.remove_prefix(integration.size());
        return name.substr(0, name.rfind(':'));
    }

    void fail_task(TaskId id, TaskFailure failure, const AslError& error) {
        const bool was_begun = failure == TaskFailure::Run || failure == TaskFailure::Submit;
        const auto frame = was_begun ? started_frame_of(id, attempt::Errored{}) : frame_of(id, attempt::Errored{});
        if (!frame) return turn_.refuse();
        const auto& task = scheduled(*frame);
        Event failed = TaskFailed{task.family, failure, task.resource, error};
        if (task.family == TaskFamily::MapRun) failed = MapRunFailed{error};
        const bool shown = is_shown(failed);
        turn_.record(*frame, std::move(failed));
        perform(turn_, *frame, Raise{shown ? error : Place{turn_, *frame}.explain(error)});
    }

    std::vector<FrameId> due_frames() const {
        std::vector<FrameId> due;
        for (const auto& [when, frame] : execution_.timers) {
            if (when > turn_.now()) break;
            due.push_back(frame);
        }
        return due;
    }

    // Before any failure is dealt with, so that all that ran out together says so.
    void time_out_task(FrameId frame) {
        const auto& visit = turn_.visit(frame);
        if (visit.due || !visit.task) return;
        const auto& task = visit.task->scheduled;
        const bool unnoticed = visit.task->phase == attempt::Phase::Scheduled && task.family != TaskFamily::Activity;
        if (unnoticed) (*this)(TaskBegan{visit.task->id, {}});
        turn_.ask(CancelTask{visit.task->id});
        turn_.record(frame, TaskTimedOut{task.family, task.resource, timed_out()});
    }

    void wake(FrameId frame) {
        const auto& visit = turn_.visit(frame);
        if (visit.task && visit.task->phase == attempt::Phase::TimedOut && !visit.due) {
            const bool heartbeat = !visit.task->deadline || *visit.task->deadline > turn_.now();
            perform(turn_, frame, Raise{timed_out(), heartbeat});
        } else if (visit.retry_due) {
            Place place{turn_, frame};
            perform(turn_, frame, std::visit([&](const auto& kind) { return enter(kind, place); }, place.state.kind));
        } else if (visit.due) {
            Place place{turn_, frame};
            perform(turn_, frame, resume(std::get<asl::Wait>(place.state.kind), place));
        }
    }

    void abort_children_of_root() {
        const auto& root = execution_.frame(root_frame);
        if (!root.visit || !root.visit->fork) return;
        abort_visit(turn_, root_frame, root.last_event);
    }

    Turn& turn_;
    const Execution& execution_;
};

}  // namespace

Limits Limits::unlimited() {
    Limits limits;
    limits.payload_bytes = std::numeric_limits<std::size_t>::max();
    limits.variable_bytes = std::numeric_limits<std::size_t>::max();
    limits.history_events = std::numeric_limits<std::int64_t>::max();
    return limits;
}

Decision decide(const asl::Definition& definition, Execution& execution, const Stimulus& stimulus,
                const Surroundings& surroundings) {
    Turn turn{definition, execution, stimulus, surroundings};
    try {
        Reaction reaction{turn};
        std::visit(reaction, stimulus.what);
        run(turn);
    } catch (const HistoryFull&) {
        const AslError full{std::string{error::runtime},
                            "The execution reached the maximum number of history events (" +
                                std::to_string(surroundings.limits.history_events) + ")."};
        end_execution(turn, ExecutionFailed{full}, execution.last_event);
    }
    return turn.take();
}

std::vector<Effect> unanswered_tasks(const Execution& execution) {
    std::vector<Effect> effects;
    for (const auto& [task, frame] : execution.tasks) {
        const auto& visit = *execution.frame(frame).visit;
        if (visit.task->scheduled.family == TaskFamily::MapRun) {
            effects.push_back(start_map_run_effect(visit));
        } else if (!visit.task->waits_for_a_worker()) {
            effects.push_back(start_task_effect(visit));
        }
    }
    return effects;
}

}  // namespace pawl
