#include "orchestrator/map_runs/map_runner.hpp"

#include <algorithm>
#include <cstdio>

#include "orchestrator/clock.hpp"
#include "persistence/journal.hpp"
#include "persistence/store.hpp"
#include "states/error_names.hpp"

namespace pawl {
namespace {

constexpr std::chrono::seconds answer_patience{60};
constexpr std::chrono::seconds catch_up_patience{2};
constexpr Millis nap{60'000};
constexpr Millis second_try{500};  // after the store has failed
constexpr Millis short_nap{20};
constexpr Millis breath{2};  // while a run could go on, but its shards are full

std::vector<std::int64_t> running_children(const Store& store, std::int64_t map_run) {
    ChildQuery query{.map_run = map_run, .after_item = -1, .status = ExecutionStatus::Running, .limit = 500};
    std::vector<std::int64_t> children;
    while (true) {
        const auto rows = store.map_run_children(query);
        for (const auto& row : rows) children.push_back(row.number);
        if (rows.size() < query.limit) return children;
        query.after_item = rows.back().item;
    }
}

}  // namespace

MapRunner::MapRunner(MapRunWorld world) : world_{std::move(world)} {
    stored_before_ = last_number_ = world_.store.last_numbers().map_run;
    world_.refused = [this](std::int64_t map_run, std::int64_t item) { mailbox_.post(Refused{map_run, item}); };
    world_.child_ended = [this](const ExecutionRow& child) { child_ended(child); };
    world_.abort_kept = [this](std::int64_t map_run) { mailbox_.post(AbortKept{map_run}); };
    thread_ = std::thread{[this] { loop(); }};
}

void MapRunner::stop() {
    mailbox_.close();
    if (thread_.joinable()) thread_.join();
}

void MapRunner::start(const TaskKey& parent, StartMapRun start, TaskListener listener) {
    mailbox_.post(Start{parent, std::move(start), std::move(listener)});
}
void MapRunner::cancel(const TaskKey& parent) { mailbox_.post(Cancel{parent}); }
void MapRunner::child_ended(const ExecutionRow& child) {
    mailbox_.post(ChildEnded{child.map_run, child.item, child.items, child.status});
}

ApiResult<Done> MapRunner::change(std::int64_t map_run, const MapRunLimits& limits) {
    auto answer = std::make_shared<std::promise<ApiResult<Done>>>();
    auto future = answer->get_future();
    mailbox_.post(Change{map_run, limits, std::move(answer)});
    if (future.wait_for(answer_patience) != std::future_status::ready) {
        return ApiError{"ServiceUnavailable", "The engine did not answer in time; the request may still be done."};
    }
    return future.get();
}

void MapRunner::catch_up() {
    auto done = std::make_shared<std::promise<void>>();
    const auto future = done->get_future();
    mailbox_.post(CatchUp{std::move(done)});
    (void)future.wait_for(catch_up_patience);
}

void MapRunner::loop() {
    bool busy = false;
    while (!mailbox_.closed()) {
        const bool recovered = orphans_ended_ || world_.recovered();  // before the mailbox is emptied
        const auto patience = busy ? breath : !waiting_.empty() || !orphans_ended_ ? short_nap : nap;
        for (auto& message : mailbox_.take_all(patience)) std::visit([this](auto& m) { handle(m); }, message);
        open_waiting();
        for (const auto& done : std::exchange(catching_up_, {})) done->set_value();
        busy = pump_all();
        if (recovered && !orphans_ended_) end_orphans();
    }
}

bool MapRunner::pump_all() {
    bool busy = false;
    for (auto run = runs_.begin(); run != runs_.end();) {
        try {
            busy = run->second->pump() || busy;
        } catch (const DamagedError& damage) {
            give_up(*run->second, damage);
        } catch (const StoreError& trouble) {
            std::fprintf(stderr, "pawl: a Map Run is tried again: %s\n", trouble.what());
            run = start_over(run, second_try);
            continue;
        } catch (const std::exception& mistake) {  // of ours: the others go on
            give_up(*run->second, mistake);
        }
        run = run->second->over() ? forget(run) : std::next(run);
    }
    return busy;
}

// What can't be tried again: it would end in the same way, at each start of the server.
void MapRunner::give_up(MapRun& run, const std::exception& mistake) {
    std::fprintf(stderr, "pawl: a Map Run is given up: %s\n", mistake.what());
    run.give_up({std::string{error::runtime}, std::string{"The Map Run failed: "} + mistake.what()});
}

MapRunner::Runs::iterator MapRunner::forget(Runs::iterator run) {
    keys_.erase(run->second->number());
    return runs_.erase(run);
}

// The run forgets what it knows, and is opened again from what is stored.
MapRunner::Runs::iterator MapRunner::start_over(Runs::iterator run, Millis pause) {
    const auto& known = *run->second;
    waiting_.push_back({{known.parent(), known.began_with(), known.listener()},
                        known.on_their_way(),
                        std::chrono::steady_clock::now() + pause,
                        known.aborted()});
    return forget(run);
}

void MapRunner::open_waiting() {
    for (auto& waiting : std::exchange(waiting_, {})) {
        const bool too_early = std::chrono::steady_clock::now() < waiting.not_before;
        if (too_early || (waiting.children && *waiting.children > 0)) {
            waiting_.push_back(std::move(waiting));
            continue;
        }
        try {
            open(waiting);
        } catch (const StoreError& trouble) {
            std::fprintf(stderr, "pawl: a Map Run is tried again: %s\n", trouble.what());
            waiting.not_before = std::chrono::steady_clock::now() + second_try;
            waiting_.push_back(std::move(waiting));
        }
    }
}

void MapRunner::open(const Waiting& waiting) {
    const auto& [parent, start, listener] = waiting.start;
    auto run = std::make_unique<MapRun>(world_, last_number_ + 1, parent, start, listener);
    try {
        run->open();
    } catch (const DamagedError& damage) {
        give_up(*run, damage);
    } catch (const StoreError&) {
        throw;  // it may go better the next time
    } catch (const std::exception& mistake) {
        give_up(*run, mistake);
    }
    last_number_ = std::max(last_number_, run->number());
    if (run->over()) return;
    keys_[run->number()] = parent;
    if (waiting.cancelled) run->abort();
    runs_.insert_or_assign(parent, std::move(run));
}

// Runs whose Map has ended without the run's hearing of it: between the commit and the effect there was a crash. They
// are looked through until there are none: the store may not take what ends them.
void MapRunner::end_orphans() {
    if (std::chrono::steady_clock::now() < orphans_not_before_) return;
    orphans_not_before_ = std::chrono::steady_clock::now() + second_try;
    try {
        bool left = false;
        for (auto& row : world_.store.running_map_runs()) {
            if (row.number > stored_before_ || asked_for_.contains({row.execution, row.task})) continue;
            left = true;
            const auto children = running_children(world_.store, row.number);
            for (const auto& child : children) world_.stop_child(child, {});
            if (!children.empty()) continue;
            row.status = MapRunStatus::Aborted;
            row.stopped = world_.clock.now();
            world_.journal.submit({{PutMapRun{row}}, {}, {}});
        }
        if (left) return;
        orphans_ended_ = true;
        asked_for_.clear();
    } catch (const StoreError& trouble) {
        std::fprintf(stderr, "pawl: Map Runs are looked through again: %s\n", trouble.what());
    }
}

void MapRunner::handle(Start& message) {
    if (!orphans_ended_) asked_for_.insert(message.parent);
    // A run that is known starts over: the engine has lost what was not stored.
    if (const auto known = runs_.find(message.parent); known != runs_.end()) start_over(known, Millis{0});
    const auto waits = std::ranges::find_if(waiting_, [&](const auto& w) { return w.start.parent == message.parent; });
    if (waits == waiting_.end()) {
        waiting_.push_back({std::move(message), nullptr});
    } else {
        waits->start = std::move(message);
        waits->cancelled = false;  // its execution was redriven
    }
}

void MapRunner::handle(Cancel& message) {
    for (auto& waiting : waiting_) {
        if (waiting.start.parent == message.parent) waiting.cancelled = true;
    }
    if (const auto run = runs_.find(message.parent); run != runs_.end()) run->second->abort();
}

void MapRunner::handle(ChildEnded& message) {
    if (auto* run = run_numbered(message.map_run)) run->child_ended(message.item, message.items, message.status);
}

void MapRunner::handle(Refused& message) {
    const auto key = keys_.find(message.map_run);
    if (key == keys_.end()) return;
    const auto run = runs_.find(key->second);
    // A child that is damaged has been reported as ended before.
    if (message.item < 0 || run->second->waits_for(message.item)) start_over(run, second_try);
}

void MapRunner::handle(AbortKept& message) {
    if (auto* run = run_numbered(message.map_run)) run->abort_kept();
}

void MapRunner::handle(CatchUp& message) { catching_up_.push_back(std::move(message.done)); }

void MapRunner::handle(Change& message) {
    auto* run = run_numbered(message.map_run);
    if (run == nullptr) {
        return message.answer->set_value(
            ApiError{"ServiceUnavailable", "The Map Run is being opened or has just ended: ask again."});
    }
    run->change(message.limits, [answer = message.answer](const std::optional<std::string>& why_not) {
        if (!why_not) return answer->set_value(Done{});
        answer->set_value(ApiError{"ServiceUnavailable", "The store did not take the change: " + *why_not});
    });
}

MapRun* MapRunner::run_numbered(std::int64_t number) {
    const auto key = keys_.find(number);
    if (key == keys_.end()) return nullptr;
    const auto run = runs_.find(key->second);
    return run == runs_.end() ? nullptr : run->second.get();
}

}  // namespace pawl
