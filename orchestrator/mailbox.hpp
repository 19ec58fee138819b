// A queue from many threads to one: the only place where a shard meets other threads.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

namespace pawl {

template <class Message>
class Mailbox {
  public:
    // The limit is try_post's; who only posts needs none.
    explicit Mailbox(std::size_t limit = std::numeric_limits<std::size_t>::max()) : limit_{limit} {}

    // False when the mailbox is full: the caller is to come back later.
    bool try_post(Message message) {
        {
            const std::lock_guard lock{mutex_};
            if (waiting_.size() >= limit_) return false;
            waiting_.push_back(std::move(message));
        }
        arrived_.notify_one();
        return true;
    }
    // For answers to what was asked for: there can't be more of them than there are tasks out.
    void post(Message message) {
        {
            const std::lock_guard lock{mutex_};
            waiting_.push_back(std::move(message));
        }
        arrived_.notify_one();
    }
    // All that has arrived; waits up to `patience` for the first, or until close().
    template <class Duration>
    std::vector<Message> take_all(Duration patience) {
        std::unique_lock lock{mutex_};
        arrived_.wait_for(lock, patience, [this] { return !waiting_.empty() || closed_; });
        return std::exchange(waiting_, {});
    }
    void close() {
        {
            const std::lock_guard lock{mutex_};
            closed_ = true;
        }
        arrived_.notify_all();
    }
    bool closed() const {
        const std::lock_guard lock{mutex_};
        return closed_;
    }
    std::size_t size() const {
        const std::lock_guard lock{mutex_};
        return waiting_.size();
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Message> waiting_;
    const std::size_t limit_;
    bool closed_ = false;
};

}  // namespace pawl
