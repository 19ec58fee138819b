#include "orchestrator/map_runs/map_runner.hpp"

#include <cstdio>

#include "persistence/store.hpp"

namespace pawl {
namespace {

constexpr std::size_t mailbox_limit = 100'000;  // post() never refuses; the number only has to be given
constexpr std::chrono::seconds answer_patience{60};
constexpr Millis nap{60'000};
constexpr Millis second_try{500};
constexpr Millis breath{2};  // while a run could go on, but its shards are full

}  // namespace

MapRunner::MapRunner(MapRunWorld world) : world_{std::move(world)}, mailbox_{mailbox_limit} {
    last_number_ = world_.store.last_numbers().map_run;
    // A child that its shard or the store refuses is told to its run, which starts it again.
    world_.start_child = [this, start = std::move(world_.start_child)](StartMessage message) {
        const auto map_run = message.row.map_run;
        const auto item = message.row.item;
        message.reply = [this, map_run, item](const ApiResult<Instant>& begun) {
            if (!begun) mailbox_.post(ChildRefused{map_run, item});
        };
        return start(std::move(message));
    };
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
        for (auto& message : mailbox_.take_all(busy ? breath : waiting_.empty() ? nap : second_try)) {
            try {
                std::visit([this](auto& m) { handle(m); }, message);
            } catch (const StoreError& trouble) {
                std::fprintf(stderr, "pawl: a Map Run is tried again: %s\n", trouble.what());
            }
        }
        try_waiting();
        busy = pump_all();
    }
}

bool MapRunner::pump_all() {
    bool busy = false;
    for (auto run = runs_.begin(); run != runs_.end();) {
        try {
            busy = run->second->pump() || busy;
        } catch (const StoreError& trouble) {
            std::fprintf(stderr, "pawl: a Map Run is tried again: %s\n", trouble.what());
            busy = true;
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

void MapRunner::handle(Start& message) {
    // A run that is known starts over from what is stored: the engine has lost what was not.
    if (const auto known = runs_.find(message.parent); known != runs_.end()) {
        keys_.erase(known->second->number());
        runs_.erase(known);
    }
    auto run = std::make_unique<MapRun>(world_, last_number_ + 1, message.parent, message.start, message.listener);
    try {
        run->open();
    } catch (const StoreError&) {
        waiting_.push_back(std::move(message));
        throw;
    }
    last_number_ = std::max(last_number_, run->number());
    keys_[run->number()] = message.parent;
    runs_.emplace(message.parent, std::move(run));
}

void MapRunner::try_waiting() {
    for (auto& start : std::exchange(waiting_, {})) {
        try {
            handle(start);
        } catch (const StoreError&) {
            // It waits again.
        }
    }
}

void MapRunner::handle(Cancel& message) {
    std::erase_if(waiting_, [&](const Start& start) { return start.parent == message.parent; });
    if (const auto run = runs_.find(message.parent); run != runs_.end()) run->second->abort();
}

void MapRunner::handle(ChildEnded& message) {
    if (auto* run = run_numbered(message.map_run)) run->child_ended(message.item, message.items, message.status);
}

void MapRunner::handle(ChildRefused& message) {
    if (auto* run = run_numbered(message.map_run)) run->child_was_refused(message.item);
}

void MapRunner::handle(Change& message) {
    auto* run = run_numbered(message.map_run);
    if (run == nullptr) return message.answer->set_value(Done{});  // it has just ended: there is nothing to change
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
