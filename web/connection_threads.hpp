// Threads on demand: every connection that is being served has one, so a slow one holds up nobody. An idle thread waits
// a while for the next connection and then ends.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace pawl::web {

class ConnectionThreads {
  public:
    using Work = std::function<void()>;

    explicit ConnectionThreads(std::size_t max_threads);
    ~ConnectionThreads();  // waits until every connection has been served
    ConnectionThreads(const ConnectionThreads&) = delete;
    ConnectionThreads& operator=(const ConnectionThreads&) = delete;

    // Gives the work to a thread; false, and the work untouched, when there can be no more of them.
    bool take(Work& work);
    std::size_t count() const;

  private:
    static void* run(void* self);
    bool spawn();
    void work();

    const std::size_t max_threads_;
    // A pool shared by the acceptor and its threads is a mailbox of its own kind: a mutex guards all below.
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Work> waiting_;  // never more than there are idle threads
    std::size_t threads_ = 0;
    std::size_t idle_ = 0;
    bool stopping_ = false;
};

}  // namespace pawl::web
