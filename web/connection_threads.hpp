// Threads on demand: every connection has one while it is open, so a long poll holds up nobody. An idle thread waits a
// while for the next connection and then ends.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include "web/socket.hpp"

namespace pawl::web {

class ConnectionThreads {
  public:
    using Serve = std::function<void(Socket)>;

    ConnectionThreads(std::size_t max_threads, Serve serve);
    ~ConnectionThreads();  // waits until every connection has been served
    ConnectionThreads(const ConnectionThreads&) = delete;
    ConnectionThreads& operator=(const ConnectionThreads&) = delete;

    // Gives the connection to a thread; false, and the socket untouched, when there can be no more of them.
    bool take(Socket& connection);
    std::size_t count() const;

  private:
    static void* run(void* self);
    bool spawn();
    void work();

    const std::size_t max_threads_;
    const Serve serve_;
    // A pool shared by the acceptor and its threads is a mailbox of its own kind: a mutex guards all below.
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Socket> waiting_;  // never more than there are idle threads
    std::size_t threads_ = 0;
    std::size_t idle_ = 0;
    bool stopping_ = false;
};

}  // namespace pawl::web
