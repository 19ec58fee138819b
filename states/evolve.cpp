// The only thing that changes an execution: applying one event of its history.
#include <algorithm>
#include <stdexcept>

#include "states/execution.hpp"

namespace pawl {
namespace {

// Events that only clear away what a failure or a stop leaves behind.
bool takes_down(const Event& event) {
    return std::visit(overloaded{
                          [](const MapIterationFailed&) { return true; },
                          [](const MapIterationAborted&) { return true; },
                          [](const StateAborted&) { return true; },
                          [](const ParallelStateFailed&) { return true; },
                          [](const MapStateFailed&) { return true; },
                          [](const MapRunAborted&) { return true; },
                          [](const ExecutionFailed&) { return true; },
                          [](const ExecutionTimedOut&) { return true; },
                          [](const ExecutionAborted&) { return true; },
                          [](const auto&) { return false; },
                      },
                      event);
}

// An event that does not fit what came before it: the stored history has lost something, or decide is mistaken. Thrown
// and not asserted, because it is the trouble of one execution; whoever applies events keeps it from the others.
void require(bool holds, const char* text) {
    if (!holds) throw std::logic_error{text};
}

class Evolution {
  public:
    Evolution(Execution& execution, const RecordedEvent& recorded) : x_{execution}, recorded_{recorded} {}

    void apply(const ExecutionStarted& e) {
        require(x_.frames.empty(), "an execution starts once");
        x_.status = ExecutionStatus::Running;
        x_.input = e.input;
        x_.deadline = e.deadline;
        Frame root;
        root.input = e.input;
        x_.frames.emplace(root_frame, std::move(root));
        x_.runnable.push_back(root_frame);
    }
    void apply(const ExecutionSucceeded& e) {
        x_.output = e.output;
        finish(execution_status::Completed{});
    }
    void apply(const ExecutionFailed& e) {
        x_.error = e.error;
        finish(execution_status::Errored{});
    }
    void apply(const ExecutionTimedOut& e) {
        x_.error = e.error;
        finish(execution_status::DeadlinePassed{});
    }
    void apply(const ExecutionAborted& e) {
        x_.error = e.error;
        finish(execution_status::Stopped{});
    }

    void apply(const StateEntered& e) {
        auto& frame = here();
        require(!frame.visit, "a state is entered when the one before has been left");
        std::erase(x_.runnable, recorded_.frame);
        Visit visit;
        visit.state = e.name;
        visit.type = e.type;
        visit.input = e.input;
        visit.entered = recorded_.at;
        visit.entered_event = recorded_.id;
        visit.before_entered = frame.last_event;
        frame.visit = std::move(visit);
        frame.input = Payload{};
        follow();
    }
    void apply(const StateExited& e) {
        require(!has_children(visit_here()), "a state is left when its children have ended");
        auto& frame = here();
        for (const auto& [name, value] : e.assigned) frame.variables.insert_or_assign(name, value);
        drop_timer();
        drop_task();
        frame.visit.reset();
        frame.next = e.next;
        frame.input = e.output;
        follow();
        if (!e.next.empty()) {
            x_.runnable.push_front(recorded_.frame);  // a branch goes on until it has to wait
            return;
        }
        frame.ended = true;
        if (recorded_.frame != root_frame && visit_of(frame.parent).type == StateType::Parallel) {
            join_parent(recorded_.id);
        }
    }
    void apply(const StateAborted&) {
        drop_children();
        drop_timer();
        drop_task();
        here().visit.reset();
    }
    void apply(const EvaluationFailed&) { follow(); }

    void apply(const WaitScheduled& e) { set_due(e.until, false); }
    void apply(const RetryScheduled& e) {
        auto& visit = visit_here();
        require(!works(visit), "a state is tried again when its task is over");
        require(e.retrier >= 0, "retriers count from 0");
        drop_children();
        drop_task();
        here().last_event = recorded_.previous;
        ++visit.retries;
        const auto retrier = static_cast<std::size_t>(e.retrier);
        if (visit.retries_by.size() <= retrier) visit.retries_by.resize(retrier + 1);
        ++visit.retries_by[retrier];
        set_due(e.due, true);
    }

    void apply(const TaskScheduled& e) {
        forget_due();
        TaskAttempt task;
        task.id = recorded_.id;
        task.scheduled = e;
        task.last_sign_of_life = recorded_.at;
        if (e.timeout) task.deadline = recorded_.at + *e.timeout;
        hand_out(std::move(task));
        arm_task_timer();
        follow();
    }
    void apply(const TaskStarted& e) {
        drop_timer();
        auto& task = task_here();
        if (e.family == TaskFamily::Activity && task.scheduled.timeout) {
            task.deadline = recorded_.at + *task.scheduled.timeout;
        }
        arm_task_timer();
        advance_task(attempt::Started{}, true);
    }
    void apply(const TaskSubmitted&) { advance_task(attempt::Submitted{}, true); }
    void apply(const TaskHeartbeat&) { advance_task(attempt::Heartbeat{}, false); }
    void apply(const TaskSucceeded&) { end_task(attempt::Completed{}); }
    void apply(const TaskFailed&) { end_task(attempt::Errored{}); }
    void apply(const TaskTimedOut&) { end_task(attempt::DeadlinePassed{}); }

    void apply(const ParallelStateStarted& e) {
        start_fork(e.input, e.branches, 0);
        for (std::int64_t branch = 0; branch < e.branches; ++branch) add_child(recorded_.frame, branch, recorded_.id);
        follow();
    }
    void apply(const ParallelStateSucceeded&) { fork_succeeded(); }
    void apply(const ParallelStateFailed&) { fork_failed(); }

    void apply(const MapStateStarted& e) {
        start_fork(e.items, e.length, e.max_concurrency);
        follow();
    }
    void apply(const MapStateSucceeded&) { fork_succeeded(); }
    void apply(const MapStateFailed&) { fork_failed(); }
    void apply(const MapIterationStarted& e) { add_child(e.map, e.index, recorded_.id); }
    void apply(const MapIterationSucceeded&) {
        fork_above().start_after = here().last_event;
        join_parent(recorded_.id);
    }
    void apply(const MapIterationFailed&) {}
    void apply(const MapIterationAborted&) {}

    void apply(const MapRunStarted& e) {
        TaskAttempt task;
        task.id = recorded_.id;
        task.phase = attempt::Phase::Running;
        task.scheduled.family = TaskFamily::MapRun;
        task.scheduled.resource = e.arn;
        task.scheduled.parameters = e.plan;
        task.last_sign_of_life = recorded_.at;
        hand_out(std::move(task));
        follow();
    }
    void apply(const MapRunSucceeded&) { end_task(attempt::Completed{}); }
    void apply(const MapRunFailed&) { end_task(attempt::Errored{}); }
    void apply(const MapRunAborted&) {}  // the state's own abort follows

    void apply(const ExecutionRedriven& e) {
        const auto next = execution_status::next(x_.status, execution_status::Redriven{});
        require(next && x_.before_fall, "only what fell is redriven");
        x_.status = *next;
        x_.stopped.reset();
        x_.error = {};
        x_.deadline = e.deadline;
        x_.redrive_count = e.redrive_count;
        x_.redrive_token = e.client_token;
        x_.redriven = recorded_.at;
        x_.frames = std::move(x_.before_fall->frames);
        x_.runnable = std::move(x_.before_fall->runnable);
        x_.before_fall.reset();
        for (auto& [id, frame] : x_.frames) start_visit_over(id, frame);
    }
    void apply(const MapRunRedriven& e) {
        auto& visit = visit_here();
        visit.map_run_redrives = e.redrive_count;
        auto& task = task_here();
        task.phase = attempt::Phase::Running;
        x_.tasks.insert_or_assign(task.id, recorded_.frame);
        follow();
    }

  private:
    Frame& frame_of(FrameId id) {
        const auto found = x_.frames.find(id);
        require(found != x_.frames.end(), "an event happens in a frame that exists");
        return found->second;
    }
    Frame& here() { return frame_of(recorded_.frame); }
    Visit& visit_of(FrameId id) {
        auto& frame = frame_of(id);
        require(frame.visit.has_value(), "an event of a state happens during a visit");
        return *frame.visit;
    }
    Visit& visit_here() { return visit_of(recorded_.frame); }
    Fork& fork_of(FrameId parent) {
        auto& visit = visit_of(parent);
        require(visit.fork.has_value(), "a child's parent has forked");
        return *visit.fork;
    }
    Fork& fork_above() {
        require(recorded_.frame != root_frame, "a child has a parent");
        return fork_of(here().parent);
    }
    TaskAttempt& task_here() {
        auto& visit = visit_here();
        require(visit.task.has_value(), "an event of a task happens to a task");
        return *visit.task;
    }
    static bool has_children(const Visit& visit) { return visit.fork && !visit.fork->running.empty(); }
    static bool works(const Visit& visit) { return visit.task && !attempt_ended(*visit.task); }
    // The next event of this frame comes after this one.
    void follow() {
        if (recorded_.id != 0) here().last_event = recorded_.id;  // else it is not shown
    }

    // What waits for children goes on waiting; everything else is entered again, at once, as a retry would.
    void start_visit_over(FrameId id, Frame& frame) {
        if (!frame.visit) return;
        auto& visit = *frame.visit;
        visit.retries = 0;
        visit.retries_by.clear();
        visit.due.reset();
        visit.retry_due = false;
        const bool map_run = visit.task && visit.task->scheduled.family == TaskFamily::MapRun;
        frame.last_event = recorded_.id;
        if (map_run || has_children(visit)) return;
        visit.task.reset();
        visit.fork.reset();
        visit.due = recorded_.at;
        visit.retry_due = true;
        x_.timers.emplace(recorded_.at, id);
    }

    template <class StatusEvent>
    void finish(StatusEvent event) {
        const auto next = execution_status::next(x_.status, event);
        require(next.has_value(), "an execution ends once");
        x_.status = *next;
        x_.stopped = recorded_.at;
        x_.frames.clear();
        x_.runnable.clear();
        x_.tasks.clear();
        x_.timers.clear();
    }

    // What the visit waits for, whichever kind.
    static std::optional<Instant> due_of(const Visit& visit) {
        if (visit.due) return visit.due;
        if (works(visit)) return visit.task->due();
        return std::nullopt;
    }
    static bool attempt_ended(const TaskAttempt& task) {
        using enum attempt::Phase;
        return task.phase != Scheduled && task.phase != Running && task.phase != Submitted;
    }
    void drop_timer(FrameId id) {
        const auto& visit = frame_of(id).visit;
        if (!visit) return;
        if (const auto due = due_of(*visit)) x_.timers.erase({*due, id});
    }
    void drop_timer() { drop_timer(recorded_.frame); }
    void set_due(Instant due, bool retry) {
        drop_timer();
        auto& visit = visit_here();
        visit.due = due;
        visit.retry_due = retry;
        x_.timers.emplace(due, recorded_.frame);
    }
    void forget_due() {
        drop_timer();
        auto& visit = visit_here();
        visit.due.reset();
        visit.retry_due = false;
    }
    void hand_out(TaskAttempt task) {
        auto& visit = visit_here();
        require(!works(visit), "a task is handed out when the one before is over");
        x_.tasks.emplace(task.id, recorded_.frame);
        visit.task = std::move(task);
    }
    void arm_task_timer() {
        if (const auto due = task_here().due()) x_.timers.emplace(*due, recorded_.frame);
    }

    void drop_task(FrameId id) {
        auto& visit = frame_of(id).visit;
        if (!visit || !visit->task) return;
        x_.tasks.erase(visit->task->id);
        visit->task.reset();
    }
    void drop_task() { drop_task(recorded_.frame); }
    void advance_task(const attempt::Event& event, bool shown) {
        drop_timer();
        auto& task = task_here();
        const auto next = attempt::next(task.phase, event);
        require(next.has_value(), "a task's event fits its phase");
        task.phase = *next;
        task.last_sign_of_life = recorded_.at;
        arm_task_timer();
        if (shown) follow();
    }
    void end_task(const attempt::Event& event) {
        drop_timer();
        auto& task = task_here();
        const auto next = attempt::next(task.phase, event);
        require(next.has_value(), "a task ends once");
        task.phase = *next;
        x_.tasks.erase(task.id);
        follow();
    }

    void start_fork(Payload items, std::int64_t length, std::int64_t max_concurrency) {
        require(length >= 0, "a fork has children or none");
        forget_due();
        drop_children();
        Fork fork;
        fork.items = std::move(items);
        fork.length = length;
        fork.max_concurrency = max_concurrency;
        fork.start_after = recorded_.id;
        visit_here().fork = std::move(fork);
    }
    void add_child(FrameId parent, std::int64_t index, std::int64_t after) {
        const auto id = ++x_.last_frame;
        auto& fork = fork_of(parent);
        require(0 <= index && index < fork.length, "a child is one of its parent's");
        fork.results.resize(static_cast<std::size_t>(fork.length));  // not of a distributed Map
        ++fork.started;
        fork.running.insert(id);
        Frame child;
        child.parent = parent;
        child.index = index;
        child.last_event = after;
        x_.frames.emplace(id, std::move(child));
        x_.runnable.push_back(id);
    }
    // The child of this event has succeeded: its output goes to the parent, it goes itself.
    void join_parent(std::int64_t last_event) {
        const auto& child = here();
        auto& fork = fork_above();
        require(child.ended && fork.running.contains(recorded_.frame), "a child succeeds once, at its end");
        fork.results.at(static_cast<std::size_t>(child.index)) = child.input;
        ++fork.succeeded;
        fork.running.erase(recorded_.frame);
        frame_of(child.parent).last_event = last_event;
        x_.frames.erase(recorded_.frame);
    }
    void fork_succeeded() {  // the exit follows what this event follows, as AWS chains them
        auto& visit = visit_here();
        require(visit.fork && !has_children(visit), "a fork succeeds when its children have");
        here().last_event = recorded_.previous;
        visit.fork.reset();
    }
    void fork_failed() {
        drop_children();
        follow();
    }
    void drop_children() {
        auto& visit = visit_here();
        if (!visit.fork) return;
        for (const auto child : visit.fork->running) drop_frame(child);
        visit.fork.reset();
    }
    void drop_frame(FrameId id) {
        if (const auto& visit = frame_of(id).visit; visit && visit->fork) {
            for (const auto child : visit->fork->running) drop_frame(child);
        }
        drop_timer(id);
        drop_task(id);
        std::erase(x_.runnable, id);
        x_.frames.erase(id);
    }

    Execution& x_;
    const RecordedEvent& recorded_;
};

}  // namespace

void evolve(Execution& execution, const RecordedEvent& event) {
    if (event.id != 0) execution.last_event = event.id;
    if (!takes_down(event.event)) {
        if (!std::holds_alternative<ExecutionRedriven>(event.event)) execution.before_fall.reset();  // it was caught
    } else if (!execution.before_fall) {
        execution.before_fall = BeforeFall{execution.frames, execution.runnable};
    }
    Evolution evolution{execution, event};
    std::visit([&](const auto& e) { evolution.apply(e); }, event.event);
}

}  // namespace pawl
