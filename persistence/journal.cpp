#include "persistence/journal.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "states/assert.hpp"

namespace pawl {
namespace {

// A callback that throws leaves its caller in a state that nobody foresaw, and the rest of the group untold.
template <class Callback, class... Arguments>
void tell(const Callback& callback, const Arguments&... arguments) {
    if (!callback) return;
    std::string thrown;
    try {
        callback(arguments...);
        return;
    } catch (const std::exception& e) {
        thrown = e.what();
    } catch (...) {
        thrown = "no std::exception";
    }
    PAWL_ASSERT(thrown.empty() && false, "a journal callback threw: " + thrown);
}

}  // namespace

// The queue is the journal's mailbox: bounded, and filled by any thread; hence the mutex.
struct Journal::Impl {
    explicit Impl(Store& where) : store{where} {
        thread = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    }

    void run(const std::stop_token& stop) {
        while (true) {
            bool is_stale = false;
            auto group = next_group(stop, is_stale);
            if (group.empty()) return;
            if (is_stale) {
                refuse(group);
            } else {
                write(group);
            }
        }
    }

    // All that waits, up to the limit. Empty only when asked to stop and nothing is left. `to_refuse`: these were
    // submitted after a failure, by somebody who did not know of it yet.
    std::vector<Submission> next_group(const std::stop_token& stop, bool& to_refuse) {
        std::unique_lock lock{mutex};
        filled.wait(lock, stop, [this] { return !queue.empty(); });
        auto size = std::min(queue.size(), group_limit);
        to_refuse = refusing || stale > 0;
        if (!refusing && stale > 0) size = std::min(size, stale);
        stale -= std::min(stale, size);
        const auto end = queue.begin() + static_cast<std::ptrdiff_t>(size);
        std::vector<Submission> group{std::make_move_iterator(queue.begin()), std::make_move_iterator(end)};
        queue.erase(queue.begin(), end);
        drained.notify_all();
        return group;
    }

    // All of a group or none of it, so one that fails takes the others with it: what was decided after it may build
    // on it, and must not be stored without it.
    void write(std::vector<Submission>& group) {
        std::vector<Changes> changes;
        changes.reserve(group.size());
        for (auto& submission : group) changes.push_back(std::move(submission.changes));
        try {
            store.commit(changes);
        } catch (const std::exception& e) {
            {
                const std::lock_guard lock{mutex};
                refusing = true;
                why_refusing = e.what();
            }
            tell(failure_listener, why_refusing);
            refuse(group);
            return;
        }
        for (const auto& submission : group) tell(submission.durable);
        finish(group.size(), true);
    }

    void refuse(const std::vector<Submission>& group) {
        for (const auto& submission : group) tell(submission.failed, why_refusing);
        finish(group.size(), false);
    }

    void finish(std::size_t submissions, bool stored) {
        const std::lock_guard lock{mutex};
        finished += submissions;
        stats.submissions += submissions;
        stats.commits += stored ? 1 : 0;
        stats.failures += stored ? 0 : 1;
        answered.notify_all();
    }

    bool on_own_thread() const { return std::this_thread::get_id() == thread.get_id(); }

    Store& store;
    std::mutex mutex;  // guards all that follows but the thread
    std::condition_variable_any filled;
    std::condition_variable drained;
    std::condition_variable answered;
    std::deque<Submission> queue;
    std::uint64_t submitted = 0;
    std::uint64_t finished = 0;
    JournalStats stats;
    bool refusing = false;
    std::size_t stale = 0;     // that many at the front of the queue fail although the journal has resumed
    std::string why_refusing;  // written by the journal's thread alone
    std::function<void(const std::string&)> failure_listener;  // set before the first submission that may fail
    std::jthread thread;                                       // the last member: it uses the others
};

Journal::Journal(Store& store) : impl_{std::make_unique<Impl>(store)} {}

Journal::~Journal() = default;  // the thread is asked to stop, and writes what is left before it does

void Journal::submit(Submission submission) {
    // A callback that submits would wait for itself.
    const bool may_wait = !impl_->on_own_thread();
    std::unique_lock lock{impl_->mutex};
    if (may_wait) impl_->drained.wait(lock, [this] { return impl_->queue.size() < queue_limit; });
    impl_->queue.push_back(std::move(submission));
    ++impl_->submitted;
    impl_->filled.notify_one();
}

void Journal::on_failure(std::function<void(const std::string& why)> listener) {
    const std::lock_guard lock{impl_->mutex};
    impl_->failure_listener = std::move(listener);
}

void Journal::resume() {
    const std::lock_guard lock{impl_->mutex};
    if (!impl_->refusing) return;
    impl_->refusing = false;
    impl_->stale = impl_->queue.size();
}

void Journal::flush() {
    PAWL_ASSERT(!impl_->on_own_thread(), "a journal callback waits for the journal");
    std::unique_lock lock{impl_->mutex};
    impl_->answered.wait(lock, [this, until = impl_->submitted] { return impl_->finished >= until; });
}

JournalStats Journal::stats() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->stats;
}

}  // namespace pawl
