#include "states/interpreter.hpp"

#include "states/assert.hpp"
#include "states/error_names.hpp"
#include "states/retry.hpp"
#include "states/states.hpp"

namespace pawl {
namespace {

Step enter_state(Turn& turn, FrameId frame) {
    Place place{turn, frame};
    return std::visit([&](const auto& kind) { return enter(kind, place); }, place.state.kind);
}

Step resume_fork(Turn& turn, FrameId frame) {
    Place place{turn, frame};
    if (const auto* map = std::get_if<asl::Map>(&place.state.kind)) return resume(*map, place);
    return resume(std::get<asl::Parallel>(place.state.kind), place);
}

void cancel_task(Turn& turn, FrameId frame) {
    const auto& task = turn.visit(frame).task;
    if (task && turn.execution().tasks.contains(task->id)) turn.ask(CancelTask{task->id});
}

// A state that AWS shows as aborted, when its visit is taken down.
bool shows_abort(const Visit& visit) {
    return visit.type == StateType::Task || visit.type == StateType::Wait || visit.fork;
}

// A Map or Parallel that AWS shows as failed: once it has started, and in JSONata also when it could not.
bool shows_failure(const Visit& visit, const asl::State& state) {
    const bool forks = visit.type == StateType::Map || visit.type == StateType::Parallel;
    if (forks && state.query_language == asl::QueryLanguage::JSONata) return true;
    const auto* map = std::get_if<asl::Map>(&state.kind);
    return map && map->mode == asl::MapMode::Distributed ? visit.task.has_value() : visit.fork.has_value();
}

// No state can handle it, so it ends the execution where it is raised, and no event tells of the states around it.
bool ends_everything(const Raise& raised) { return raised.error.name == error::runtime; }

// A Map or Parallel that has succeeded and then fails, in its ResultSelector for example: its frame points to what its
// success follows.
bool has_just_succeeded(const Turn& turn, FrameId frame) {
    const auto& visit = turn.visit(frame);
    const bool forks = visit.type == StateType::Map || visit.type == StateType::Parallel;
    return forks && !visit.fork && turn.execution().frame(frame).last_event != visit.entered_event;
}

// The child's error takes its siblings down and becomes the parent's.
void fail_parent(Turn& turn, FrameId child, const Raise& raised);

void fail(Turn& turn, FrameId frame, const Raise& raised, std::int64_t previous) {
    if (ends_everything(raised)) {
        const auto last = has_just_succeeded(turn, frame) ? turn.next_event() - 1 : previous;
        return end_execution(turn, ExecutionFailed{raised.error}, last);
    }
    const auto& visit = turn.visit(frame);
    const auto& state = turn.state(visit);
    if (const auto retrier = matching_retrier(state, visit, raised)) {
        const auto delay = retry_delay(state.retry[retrier->index], retrier->used + 1, turn.random());
        turn.record(frame, RetryScheduled{static_cast<std::int64_t>(retrier->index), turn.now() + delay}, previous);
        return;
    }
    if (shows_failure(visit, state)) {
        Event failed = visit.type == StateType::Map ? Event{MapStateFailed{}} : Event{ParallelStateFailed{}};
        turn.record(frame, std::move(failed), previous);
    }
    if (const auto* catcher = matching_catcher(state, raised)) {
        perform(turn, frame, Place{turn, frame}.caught(*catcher, raised.error));
    } else if (frame == root_frame) {
        end_execution(turn, ExecutionFailed{raised.error}, turn.execution().frame(frame).last_event);
    } else {
        fail_parent(turn, frame, raised);
    }
}

void fail_parent(Turn& turn, FrameId child, const Raise& raised) {
    const auto& frame = turn.execution().frame(child);
    const auto parent = frame.parent;
    const auto previous = frame.last_event;
    if (ends_everything(raised)) return end_execution(turn, ExecutionFailed{raised.error}, previous);
    if (turn.visit(parent).type == StateType::Map) {
        turn.record(child, MapIterationFailed{turn.visit(parent).state, frame.index}, previous);
    }
    abort_visit(turn, child, previous);
    abort_children(turn, parent, previous, child);
    fail(turn, parent, raised, previous);
}

// The frame has reached the end of its block.
void end_frame(Turn& turn, FrameId frame, const Payload& output, FrameId parent, std::int64_t index) {
    if (frame == root_frame) {
        end_execution(turn, ExecutionSucceeded{output}, turn.execution().frame(frame).last_event);
        return;
    }
    const auto& above = turn.visit(parent);
    if (above.type == StateType::Map) turn.record(frame, MapIterationSucceeded{above.state, index});
    perform(turn, parent, resume_fork(turn, parent));
}

void enter_next(Turn& turn, FrameId id) {
    const auto& frame = turn.execution().frame(id);
    const auto fresh = frame.next.empty();
    const auto& name = fresh ? turn.block(id).start_at : frame.next;
    auto input = Result<Payload>{frame.input};
    if (fresh && id != root_frame) {
        Place parent{turn, frame.parent};
        input = first_input(parent, id);
        if (!input) {  // the parent's own expression failed, before the child could start
            fail_parent(turn, id, Raise{std::move(input).error()});
            return;
        }
    }
    const auto* state = turn.definition().find(name);
    PAWL_ASSERT(state, "a checked definition has all the states that it names");
    turn.record(id, StateEntered{state->type(), name, *input});
    perform(turn, id, enter_state(turn, id));
}

}  // namespace

void abort_visit(Turn& turn, FrameId frame, std::int64_t previous) {
    if (!turn.execution().frame(frame).visit) return;
    abort_children(turn, frame, previous);
    cancel_task(turn, frame);
    const auto& visit = turn.visit(frame);
    if (visit.task && visit.task->scheduled.family == TaskFamily::MapRun) turn.record(frame, MapRunAborted{}, previous);
    if (shows_abort(visit)) turn.record(frame, StateAborted{visit.type}, previous);
}

void run(Turn& turn) {
    while (turn.execution().running() && !turn.execution().runnable.empty()) {
        if (turn.long_enough()) return turn.leave_the_rest();
        enter_next(turn, turn.execution().runnable.front());
    }
}

void perform(Turn& turn, FrameId frame, Step step) {
    if (auto* raised = std::get_if<Raise>(&step)) {
        fail(turn, frame, *raised, turn.execution().frame(frame).last_event);
    } else if (auto* advance = std::get_if<Advance>(&step)) {
        const auto& visit = turn.visit(frame);
        const auto& here = turn.execution().frame(frame);
        const auto parent = here.parent;
        const auto index = here.index;
        const bool last = advance->next.empty();
        turn.record(frame, StateExited{visit.type, visit.state, advance->output, std::move(advance->next),
                                       std::move(advance->assigned)});
        if (last) end_frame(turn, frame, advance->output, parent, index);
    }
}

void abort_children(Turn& turn, FrameId frame, std::int64_t previous, std::optional<FrameId> failed) {
    const auto& visit = turn.visit(frame);
    if (!visit.fork) return;
    const auto children = visit.fork->running;  // a copy: events change the set
    for (const auto child : children) {
        const auto& here = turn.execution().frame(child);
        if (child == failed) continue;
        if (visit.type == StateType::Map) turn.record(child, MapIterationAborted{visit.state, here.index}, previous);
        abort_visit(turn, child, previous);
    }
}

void end_execution(Turn& turn, Event last_event, std::int64_t previous) {
    for (const auto& [task, frame] : turn.execution().tasks) turn.ask(CancelTask{task});
    turn.record(root_frame, std::move(last_event), previous);
}

}  // namespace pawl
