#include "orchestrator/shard.hpp"

#include <algorithm>

#include "orchestrator/clock.hpp"
#include "orchestrator/durable_step.hpp"
#include "orchestrator/machines.hpp"
#include "orchestrator/names.hpp"
#include "persistence/journal.hpp"
#include "states/assert.hpp"

namespace pawl {
namespace {

constexpr Millis held_for{100};        // how long a TaskStarted may wait for a commit to ride along with
constexpr Millis recovery_pause{500};  // between a failed commit and the next attempt
constexpr Millis longest_nap{1'000};   // the wall clock may jump, and nobody tells

ApiError store_trouble(const std::string& why) {
    return {"ServiceUnavailable", "The store did not take the change, and nothing of it happened: " + why};
}

ApiError too_late() { return {"TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"}; }

std::optional<std::int64_t> first_shown(const std::vector<RecordedEvent>& events) {
    const auto shown = std::find_if(events.begin(), events.end(), [](const auto& event) { return event.id > 0; });
    return shown == events.end() ? std::nullopt : std::optional{shown->id};
}

}  // namespace

Shard::Shard(const ShardContext& context, std::size_t index) : context_{context}, index_{index} {}

void Shard::start() {
    thread_ = std::thread{[this] { loop(); }};
}

void Shard::stop() {
    mailbox_.close();
    if (thread_.joinable()) thread_.join();
}

void Shard::loop() {
    recover();
    while (!mailbox_.closed()) {
        for (auto& message : mailbox_.take_all(patience())) {
            try {
                std::visit([this](auto& m) { handle(m); }, message);
            } catch (const StoreError& trouble) {
                reset(trouble.what());
            }
        }
        try {
            if (broken_ && context_.clock.now() >= recover_at_) recover();
            continue_unfinished();
            skip_waits();
            wake_timers();
            flush_held();
            evict_settled();
        } catch (const StoreError& trouble) {
            reset(trouble.what());
        }
        in_memory_.store(live_.size(), std::memory_order_relaxed);
    }
}

// How long nothing can happen unless a message comes.
Millis Shard::patience() const {
    if (!unfinished_.empty() || !skipping_.empty()) return Millis{0};
    const auto real = context_.clock.now();
    auto nap = longest_nap;
    const auto until = [&](Instant when) { nap = std::clamp(when - real, Millis{0}, nap); };
    if (!timers_.empty()) until(timers_.top().when);
    if (next_sleeper_) until(*next_sleeper_ - sleeps_from / 2);
    if (!held_.empty()) until(held_.front().first + held_for);
    if (!settling_.empty()) until(real + Millis{2});
    if (broken_) until(recover_at_);
    return nap;
}

// --- messages -----------------------------------------------------------------------------------------------------

void Shard::handle(StartMessage& message) {
    if (broken_) return message.reply(store_trouble("it is being reopened"));
    auto live = std::make_shared<LiveExecution>(std::move(message.identity), std::move(message.row),
                                                std::move(message.definition));
    try {
        live->log = context_.machines.log_target(live->row.revision);
    } catch (const StoreError& trouble) {
        message.reply(store_trouble(trouble.what()));
        throw;
    }
    live_.emplace(live->row.number, live);
    react(live, Begin{std::move(message.input)}, message.reply);
}

void Shard::handle(StimulusMessage& message) {
    if (broken_) {
        if (message.reply) message.reply(store_trouble("it is being reopened"));
        return;
    }
    Live live;
    try {
        live = find(message.execution, std::holds_alternative<Redrive>(message.what));
    } catch (const DamagedError& damage) {
        if (message.reply) message.reply(store_trouble(damage.what()));
        return;
    } catch (const StoreError& trouble) {
        if (message.reply) message.reply(store_trouble(trouble.what()));
        throw;
    }
    if (live && !std::holds_alternative<Stop>(message.what)) catch_up(live);
    if (live && live_.contains(message.execution)) return react(live, std::move(message.what), message.reply);
    if (message.reply) message.reply(too_late());
}

// What came due while this process, or the whole machine, was away comes before what came after.
void Shard::catch_up(const Live& live) {
    const auto due = live->execution.next_wake();
    if (due && *due <= now(*live)) react(live, Continue{}, {});
}

void Shard::handle(ResetMessage& message) {
    reset(message.why);
    context_.was_reset(index_);
}

// Lets go of all executions: they are read from the store again when it works.
void Shard::reset(const std::string& why) {
    if (!broken_) {
        std::fprintf(stderr, "pawl: the store failed, executions are reloaded from it: %s\n", why.c_str());
    }
    for (const auto& [number, live] : live_) {
        for (const auto& [task, frame] : live->execution.tasks) {
            const auto& attempt = *live->execution.frame(frame).visit->task;
            if (!attempt.is_job()) context_.outbox.cancel({number, task});
        }
    }
    live_.clear();
    timers_ = {};
    unfinished_.clear();
    skipping_.clear();
    held_.clear();
    settling_.clear();
    next_sleeper_.reset();
    broken_ = true;
    ready_ = false;
    recover_at_ = context_.clock.now() + recovery_pause;
}

// --- decisions ----------------------------------------------------------------------------------------------------

// The executions of a machine that is being deleted end where they would come to their next state.
bool Shard::ends_instead(const LiveExecution& live, const decltype(Stimulus::what)& what) const {
    const bool moves_on = std::holds_alternative<Continue>(what) || std::holds_alternative<TaskAnswered>(what);
    return moves_on && live.execution.running() && context_.machines.is_going(live.row.machine);
}

void Shard::react(const Live& live, decltype(Stimulus::what) what, const Reply& reply) {
    if (ends_instead(*live, what)) what = Stop{};
    const bool may_wait = std::holds_alternative<TaskBegan>(what);
    Decision decision;
    try {
        decision = decide(*live->definition, live->execution, Stimulus{now(*live), new_seed(), std::move(what)},
                          context_.surroundings);
    } catch (const std::exception& mistake) {  // of ours: no other execution is to suffer from it
        return set_aside(live, mistake, reply);
    }
    if (!decision.accepted && decision.events.empty()) {
        if (reply) reply(too_late());
        arm(live);
        return;
    }
    if (may_wait && !reply && decision.effects.empty()) {
        hold(live, std::move(decision));
    } else {
        submit(live, std::move(decision), reply);
    }
}

// It stays in the store as it was; whoever asks something of it next, StopExecution say, has it loaded anew.
void Shard::set_aside(const Live& live, const std::exception& mistake, const Reply& reply) {
    std::fprintf(stderr, "pawl: %s can't go on: %s\n", live->row.arn.c_str(), mistake.what());
    live_.erase(live->row.number);
    if (reply) reply(store_trouble(mistake.what()));
}

// Nobody waits for these events: they ride along with the execution's next commit, or leave after a while.
void Shard::hold(const Live& live, Decision decision) {
    if (live->held.empty()) held_.emplace_back(context_.clock.now(), live->row.number);
    std::move(decision.events.begin(), decision.events.end(), std::back_inserter(live->held));
    arm(live);
}

void Shard::submit(const Live& live, Decision decision, const Reply& reply) {
    auto& row = live->row;
    std::vector<RecordedEvent> events = std::exchange(live->held, {});
    std::move(decision.events.begin(), decision.events.end(), std::back_inserter(events));
    const auto batch = row.batches;
    const bool ran = live->inserted && row.status == ExecutionStatus::Running;
    settle_row(*live, !events.empty(), decision.more);

    DurableStep durable{context_.outbox, context_.store, context_.child_ended, live->in_flight, row};
    durable.began = !live->inserted;
    durable.ended = (durable.began || ran) && !live->execution.running();
    durable.effects = std::move(decision.effects);
    durable.reply = reply;
    if (live->log && context_.outbox.logs() && !events.empty()) {
        durable.log = LogBatch{live->log, row.arn, row.redrive_count, events};
    }
    if (context_.outbox.watched()) {
        durable.events = events;
    } else {
        durable.before = first_shown(events).value_or(row.last_event + 1) - 1;
    }
    auto failed = [reply](const std::string& why) {
        if (reply) reply(store_trouble(why));
    };
    auto changes = changes_of(live, batch, std::move(events));
    live->inserted = true;
    ++*live->in_flight;
    context_.journal.submit({std::move(changes), std::move(durable), std::move(failed)});

    if (decision.more) unfinished_.push_back(live);
    arm(live);
}

// The row as the decision leaves it; `recorded`: there are events, which make a batch.
void Shard::settle_row(LiveExecution& live, bool recorded, bool more) const {
    const auto& execution = live.execution;
    auto& row = live.row;
    if (recorded) ++row.batches;
    row.status = execution.status;
    row.stopped = execution.stopped;
    row.last_event = execution.last_event;
    row.redrive_count = execution.redrive_count;
    row.redriven = execution.redriven;
    const bool work_left = more || !may_sleep(live) || skips_time(row);
    row.wake_at = !execution.running() ? std::nullopt : work_left ? std::optional{Instant{}} : execution.next_wake();
}

Changes Shard::changes_of(const Live& live, std::int64_t batch, std::vector<RecordedEvent> events) const {
    const auto& row = live->row;
    Changes changes;
    changes.emplace_back(live->inserted ? Change{UpdateExecution{row}} : Change{InsertExecution{row}});
    if (events.empty()) return changes;
    if (!context_.keep_express_history && !live->execution.running() && is_express(row.arn)) {
        // What began it and what ended it say all that its description shows.
        const auto& execution = live->execution;
        RecordedEvent started{1, 0, row.started, root_frame,
                              ExecutionStarted{execution.input, execution.identity.role_arn, execution.deadline}};
        if (batch > 0) changes.emplace_back(DropEvents{row.number, batch});
        events = {std::move(started), std::move(events.back())};
    }
    changes.emplace_back(AppendEvents{row.number, batch, std::move(events)});
    return changes;
}

void Shard::continue_unfinished() {
    // One round: what stops with `more` again waits until messages had their turn.
    for (auto left = unfinished_.size(); left > 0; --left) {
        const auto live = std::move(unfinished_.front());
        unfinished_.pop_front();
        if (live_.contains(live->row.number)) react(live, Continue{}, {});
    }
}

Instant Shard::now(const LiveExecution& live) const { return context_.clock.now() + live.ahead; }

bool Shard::skips_time(const ExecutionRow& row) const { return context_.skip_time && !row.test_case.empty(); }

// Time jumps when an execution has nothing else to do: nothing to run, no task that may still answer. So what comes
// first happens first, as it would without the jump.
void Shard::skip_waits() {
    for (auto left = skipping_.size(); left > 0; --left) {
        const auto live = std::move(skipping_.front());
        skipping_.pop_front();
        const auto found = live_.find(live->row.number);
        const bool current = found != live_.end() && found->second == live;
        const auto wake = live->execution.next_wake();
        if (!current || !wake || !live->execution.runnable.empty() || !live->execution.tasks.empty()) continue;
        live->ahead += std::max(*wake - now(*live), Millis{0});
        live->armed.reset();
        react(live, Continue{}, {});
    }
}

void Shard::flush_held() {
    const auto now = context_.clock.now();
    std::size_t done = 0;
    for (; done < held_.size() && held_[done].first + held_for <= now; ++done) {
        const auto found = live_.find(held_[done].second);
        if (found != live_.end() && !found->second->held.empty()) submit(found->second, {}, {});
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(done));
}

// --- timers --------------------------------------------------------------------------------------------------------

void Shard::wake_timers() {
    const auto now = context_.clock.now();
    while (!timers_.empty() && timers_.top().when <= now) {
        const auto timer = timers_.top();
        timers_.pop();
        const auto found = live_.find(timer.execution);
        if (found == live_.end() || found->second->armed != timer.when) continue;  // overtaken by a later decision
        const auto live = found->second;
        live->armed.reset();
        react(live, Continue{}, {});
    }
    // Executions that must be woken at once (the epoch) never left memory since the recovery.
    if (!broken_ && next_sleeper_ && *next_sleeper_ - sleeps_from / 2 <= now)
        load_due(std::pair{Instant{Millis{1}}, 0});
}

void Shard::arm(const Live& live) {
    if (skips_time(live->row) && live->execution.running()) skipping_.push_back(live);
    auto wake = live->execution.next_wake();
    if (wake) *wake -= live->ahead;  // in the clock's time
    if (wake != live->armed) {
        live->armed = wake;
        if (wake) timers_.push({*wake, live->row.number});
    }
    if (!stays(*live) && live->held.empty()) settling_.push_back(live);
}

}  // namespace pawl
