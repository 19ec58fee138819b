#include "orchestrator/map_runs/map_runner.hpp"

#include <algorithm>
#include <cstdio>

#include "orchestrator/clock.hpp"
#include "persistence/journal.hpp"
#include "persistence/store.hpp"
#include "states/error_names.hpp"

namespace pawl {
namespace {

constexpr std::size_t mailbox_limit = 100'000;  // post() never refuses; the number only has to be given
constexpr std::chrono::seconds answer_patience{60};
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

// What can't be tried again: it would end in the same way, at each start of the server.
void give_up(const TaskListener& listener, const std::exception& mistake) {
    std::fprintf(stderr, "pawl: a Map Run is given up: %s\n", mistake.what());
    listener.answered(AslError{std::string{error::runtime}, std::string{"The Map Run failed: "} + mistake.what()},
                      TaskFailure::Run);
}

}  // namespace

MapRunner::MapRunner(MapRunWorld world) : world_{std::move(world)}, mailbox_{mailbox_limit} {
    stored_before_ = last_number_ = world_.store.last_numbers().map_run;
    world_.child_refused = [this](std::int64_t map_run) { mailbox_.post(ChildRefused{map_run}); };
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

void MapRunner::loop() {
    bool busy = false;
    while (!mailbox_.closed()) {
        const bool recovered = orphans_ended_ || world_.recovered();  // before the mailbox is emptied
        const auto patience = busy ? breath : !waiting_.empty() || !orphans_ended_ ? short_nap : nap;
        for (auto& message : mailbox_.take_all(patience)) std::visit([this](auto& m) { handle(m); }, message);
        open_waiting();
        busy = pump_all();
        if (recovered && !orphans_ended_) end_orphans();
    }
}

bool MapRunner::pump_all() {
    bool busy = false;
    for (auto run = runs_.begin(); run != runs_.end();) {
        try {
            busy = run->second->pump() || busy;
        } catch (const StoreError& trouble) {
            std::fprintf(stderr, "pawl: a Map Run is tried again: %s\n", trouble.what());
            run = start_over(run, second_try);
            continue;
        } catch (const std::exception& mistake) {  // of ours: the others go on
            give_up(run->second->listener(), mistake);
            keys_.erase(run->second->number());
            run = runs_.erase(run);
            continue;
        }
        if (run->second->over()) {
            keys_.erase(run->second->number());
            run = runs_.erase(run);
        } else {
            ++run;
        }
    }
    return busy;
}

// The run forgets what it knows, and is opened again from what is stored.
MapRunner::Runs::iterator MapRunner::start_over(Runs::iterator run, Millis pause) {
    const auto& known = *run->second;
    waiting_.push_back({{known.parent(), known.began_with(), known.listener()},
                        known.on_their_way(),
                        std::chrono::steady_clock::now() + pause});
    keys_.erase(known.number());
    return runs_.erase(run);
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
        } catch (const std::exception& mistake) {
            give_up(waiting.start.listener, mistake);
        }
    }
}

void MapRunner::open(const Waiting& waiting) {
    const auto& [parent, start, listener] = waiting.start;
    auto run = std::make_unique<MapRun>(world_, last_number_ + 1, parent, start, listener);
    run->open();
    last_number_ = std::max(last_number_, run->number());
    keys_[run->number()] = parent;
    if (waiting.cancelled) run->abort();
    runs_.insert_or_assign(parent, std::move(run));
}

// Runs whose Map has ended without the run's hearing of it: between the commit and the effect there was a crash.
void MapRunner::end_orphans() {
    try {
        for (auto& row : world_.store.running_map_runs()) {
            if (row.number > stored_before_ || asked_for_.contains({row.execution, row.task})) continue;
            for (const auto& child : running_children(world_.store, row.number)) world_.stop_child(child);
            row.status = MapRunStatus::Aborted;
            row.stopped = world_.clock.now();
            world_.journal.submit({{PutMapRun{row}}, {}, {}});
        }
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

void MapRunner::handle(ChildRefused& message) {
    const auto key = keys_.find(message.map_run);
    if (key != keys_.end()) start_over(runs_.find(key->second), second_try);
}

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
