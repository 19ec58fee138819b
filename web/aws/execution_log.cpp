#include "web/aws/execution_log.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>
#include <utility>

#include "web/aws/history_event.hpp"

namespace pawl::web::aws {

namespace {

constexpr std::size_t max_waiting_events = 100'000;

bool ends_with_one_of(std::string_view text, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](auto end) { return text.ends_with(end); });
}

}  // namespace

bool is_logged(std::string_view type, LogLevel level) {
    const bool failure = ends_with_one_of(type, {"Failed", "Aborted", "TimedOut"});
    switch (level) {
        case LogLevel::All:
            return true;
        case LogLevel::Error:
            return failure || type == "FailStateEntered";
        case LogLevel::Fatal:
            return failure && type.starts_with("Execution");
    }
    return false;
}

Json log_event(const RecordedEvent& recorded, const LogBatch& batch, std::string_view region) {
    const auto event = history_event(recorded, {region, batch.target->include_execution_data});
    Json details = Json::object();
    for (const auto& [name, value] : event.items()) {
        if (name.ends_with("EventDetails")) details = value;
    }
    return {{"id", std::to_string(recorded.id)},
            {"type", event["type"]},
            {"details", std::move(details)},
            {"previous_event_id", std::to_string(recorded.previous)},
            {"event_timestamp", std::to_string(recorded.at.time_since_epoch().count())},
            {"execution_arn", batch.execution_arn},
            {"redrive_count", std::to_string(batch.redrive_count)}};
}

std::string log_file_name(std::string_view group) {
    if (group.starts_with('/')) group.remove_prefix(1);
    std::string name{group};
    std::replace(name.begin(), name.end(), '/', '~');
    return name + ".jsonl";
}

struct ExecutionLog::Impl {
    Impl(std::string where, std::string of) : folder{std::move(where)}, region{std::move(of)} {}

    void write_all() {
        std::unique_lock lock{mutex};
        while (true) {
            news.wait(lock, [this] { return closed || !waiting.empty(); });
            if (waiting.empty()) return;
            const auto batches = std::exchange(waiting, {});
            events = 0;
            const auto missing = std::exchange(left_out, 0);
            lock.unlock();
            if (missing > 0) complain(std::to_string(missing) + " events are left out: the disk is too slow");
            for (const auto& batch : batches) write(batch);
            lock.lock();
        }
    }

    // With its line break; empty: it is not logged.
    std::string line_of(const RecordedEvent& recorded, const LogBatch& batch) const {
        const auto event = log_event(recorded, batch, region);
        const bool logged = is_logged(event["type"].get_ref<const std::string&>(), batch.target->level);
        return logged ? to_text(event) + "\n" : std::string{};
    }

    void write(const LogBatch& batch) {
        std::string lines;
        for (const auto& recorded : batch.events) {
            if (recorded.id == 0) continue;
            try {  // else one event that can't be shown would end the server: this is a thread of its own
                lines += line_of(recorded, batch);
            } catch (const std::exception& mistake) {
                complain("event " + std::to_string(recorded.id) + " of " + batch.execution_arn +
                         " is left out: " + mistake.what());
            }
        }
        if (lines.empty()) return;
        if (folder == "-") {
            std::cout << lines << std::flush;
            return;
        }
        // Opened for each batch: whoever rotates the files may move them away at any time.
        std::error_code failed;
        std::filesystem::create_directories(folder, failed);
        const auto file = std::filesystem::path{folder} / log_file_name(batch.target->group);
        std::ofstream out{file, std::ios::app | std::ios::binary};
        out << lines << std::flush;
        if (!out) complain("events could not be written to " + file.string());
    }

    static void complain(const std::string& what) { std::fprintf(stderr, "pawl: execution log: %s\n", what.c_str()); }

    const std::string folder;
    const std::string region;
    std::mutex mutex;  // between the journal's thread and the writer
    std::condition_variable news;
    std::deque<LogBatch> waiting;
    std::size_t events = 0;    // in `waiting`
    std::size_t left_out = 0;  // since it was last said
    bool closed = false;
    std::thread writer;
};

ExecutionLog::ExecutionLog(std::string folder, std::string region)
    : impl_{std::make_unique<Impl>(std::move(folder), std::move(region))} {
    impl_->writer = std::thread{[impl = impl_.get()] { impl->write_all(); }};
}

ExecutionLog::~ExecutionLog() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->closed = true;
    }
    impl_->news.notify_one();
    impl_->writer.join();
}

void ExecutionLog::take(const LogBatch& batch) {
    const std::lock_guard lock{impl_->mutex};
    if (impl_->events > max_waiting_events) {  // the journal's thread must not wait, not for stderr either
        impl_->left_out += batch.events.size();
        return;
    }
    impl_->waiting.push_back(batch);
    impl_->events += batch.events.size();
    impl_->news.notify_one();
}

}  // namespace pawl::web::aws
