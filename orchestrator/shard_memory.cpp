// Which executions a shard holds: what it takes from the store, when and how, and what it lets go of.
#include <algorithm>
#include <cstdio>

#include "orchestrator/clock.hpp"
#include "orchestrator/machines.hpp"
#include "orchestrator/names.hpp"
#include "orchestrator/shard.hpp"
#include "orchestrator/stored_history.hpp"
#include "persistence/journal.hpp"

namespace pawl {
namespace {

constexpr std::chrono::minutes longest_beat{10};  // between heartbeats that keep an execution in memory
constexpr std::size_t load_chunk = 256;           // rows taken at once when executions are woken from the store

ExecutionIdentity identity_of(const ExecutionRow& row, std::string role_arn) {
    return {row.number,          row.arn,    row.name, machine_arn_of(row.arn), machine_name_of(row.arn),
            std::move(role_arn), row.started};
}

void say_damaged(const ExecutionRow& row, const DamagedError& damage) {
    std::fprintf(stderr, "pawl: %s can't go on: %s\n", row.arn.c_str(), damage.what());
}

// Somebody works and says so, soon again: to read the whole history for each heartbeat would cost more and more.
bool beats(const Execution& execution) {
    return std::ranges::any_of(execution.tasks, [&](const auto& task) {
        const auto& attempt = *execution.frame(task.second).visit->task;
        return attempt.scheduled.heartbeat && *attempt.scheduled.heartbeat <= longest_beat &&
               attempt.phase != attempt::Phase::Scheduled;
    });
}

// Its Map Run would wait for it for ever, and nobody could end it. What is left of its history stays.
void end_damaged_child(const ShardContext& context, ExecutionRow row) {
    if (row.map_run == 0) return;
    if (row.status != ExecutionStatus::Running) return context.child_ended(row);  // it can't be redriven
    row.status = ExecutionStatus::Failed;
    row.stopped = context.clock.now();
    row.wake_at.reset();
    Changes changes{UpdateExecution{row}};
    auto ended = [&child_ended = context.child_ended, row = std::move(row)] { child_ended(row); };
    context.journal.submit({std::move(changes), std::move(ended), {}});
}

}  // namespace

void Shard::recover() {
    try {
        context_.journal.flush();  // what was decided before a reset is in the store, or will never be
        broken_ = false;
        damaged_.clear();
        load_due(std::nullopt);
        ready_ = true;
    } catch (const StoreError& trouble) {
        reset(trouble.what());
    }
}

// Takes executions from the store whose time has nearly come, those after `after`; notes when the next one is due.
void Shard::load_due(std::optional<std::pair<Instant, std::int64_t>> after) {
    const auto horizon = context_.clock.now() + sleeps_from;
    next_sleeper_.reset();
    while (true) {
        const auto rows = context_.store.due_executions({Instant::max(), load_chunk, after});
        for (const auto& row : rows) {
            after = {*row.wake_at, row.number};
            if (static_cast<std::size_t>(row.number) % context_.shards != index_ || live_.contains(row.number) ||
                damaged_.contains(row.number))
                continue;
            if (*row.wake_at > horizon && !skips_time(row)) {
                if (!next_sleeper_) next_sleeper_ = *row.wake_at;
                if (context_.skip_time) continue;  // later ones may have their time skipped
                return;
            }
            try {
                resume(load(row));
            } catch (const DamagedError& damage) {  // the others go on
                say_damaged(row, damage);
                damaged_.insert(row.number);
                end_damaged_child(context_, row);
            }
        }
        if (rows.size() < load_chunk) return;
    }
}

Shard::Live Shard::load(const ExecutionRow& row) {
    auto definition = context_.machines.definition(row.revision);
    const auto events = context_.store.events(row.number);
    const auto* started = events.empty() ? nullptr : std::get_if<ExecutionStarted>(&events.front().event);
    auto identity = identity_of(row, started ? started->role_arn : "");
    if (row.map_run != 0) {
        const auto run = context_.store.map_run(row.map_run);
        if (!run) throw DamagedError{"the store has lost the Map Run of " + row.arn};
        identity.map_state = run->state;
    }
    auto live = std::make_shared<LiveExecution>(std::move(identity), row, std::move(definition));
    live->inserted = true;
    live->log = context_.machines.log_target(row.revision);
    follow(live->execution, live->row, events);
    if (skips_time(live->row)) live->ahead = std::max(events.back().at - context_.clock.now(), Millis{0});
    live_.insert_or_assign(row.number, live);
    return live;
}

Shard::Live Shard::find(std::int64_t execution, bool also_ended) {
    if (const auto found = live_.find(execution); found != live_.end()) return found->second;
    const auto row = context_.store.execution(execution);
    if (!row || (row->status != ExecutionStatus::Running && !also_ended)) return nullptr;
    try {
        return load(*row);
    } catch (const DamagedError& damage) {
        say_damaged(*row, damage);  // not all who ask for an execution wait for an answer
        end_damaged_child(context_, *row);
        throw;
    }
}

// Picks up an execution where its history ends: the tasks that nobody answered are handed out again.
void Shard::resume(const Live& live) {
    const auto& row = live->row;
    context_.outbox.release({row.number, row.arn, row.test_case}, unanswered_tasks(live->execution));
    if (!live->execution.runnable.empty()) unfinished_.push_back(live);
    arm(live);
}

// Does this execution only wait, for a timer or for an answer from outside?
bool Shard::may_sleep(const LiveExecution& live) const {
    const auto& execution = live.execution;
    if (!execution.runnable.empty()) return false;
    return std::all_of(execution.tasks.begin(), execution.tasks.end(), [&](const auto& task) {
        return execution.frame(task.second).visit->task->waits_for_a_worker();
    });
}

// Lets go of executions that have ended or sleep, as soon as all they did is durable.
bool Shard::stays(const LiveExecution& live) const {
    const auto& execution = live.execution;
    if (!execution.running()) return false;
    const auto wake = execution.next_wake();
    return !may_sleep(live) || skips_time(live.row) || beats(execution) ||
           (wake && *wake <= context_.clock.now() + sleeps_from);
}

void Shard::evict_settled() {
    while (!settling_.empty() && *settling_.front()->in_flight == 0) {
        const auto live = std::move(settling_.front());
        settling_.pop_front();
        const auto found = live_.find(live->row.number);
        if (found == live_.end() || found->second != live || !live->held.empty()) continue;
        if (stays(*live)) continue;
        const auto wake = live->execution.next_wake();
        if (wake && (!next_sleeper_ || *wake < *next_sleeper_)) next_sleeper_ = wake;
        live_.erase(found);
    }
}

}  // namespace pawl
