#include "web/connection_threads.hpp"

#include <pthread.h>

#include <chrono>
#include <utility>

namespace pawl::web {

namespace {

// Address space, not memory: only what is touched costs any (about 20 KB for an idle connection). Generous because
// handlers parse what users nest deeply.
constexpr std::size_t stack_bytes = 1024 * 1024;
constexpr std::chrono::seconds idle_life{10};

}  // namespace

ConnectionThreads::ConnectionThreads(std::size_t max_threads) : max_threads_{max_threads} {}

ConnectionThreads::~ConnectionThreads() {
    std::unique_lock lock{mutex_};
    stopping_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return threads_ == 0; });
}

bool ConnectionThreads::take(Work& work) {
    const std::lock_guard lock{mutex_};
    if (idle_ <= waiting_.size() && !spawn()) return false;
    waiting_.push_back(std::move(work));
    changed_.notify_one();
    return true;
}

std::size_t ConnectionThreads::count() const {
    const std::lock_guard lock{mutex_};
    return threads_;
}

// Called with the mutex held. The new thread counts as idle until it takes its connection.
bool ConnectionThreads::spawn() {
    if (threads_ >= max_threads_) return false;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread{};
    const bool created = pthread_create(&thread, &attributes, &ConnectionThreads::run, this) == 0;
    pthread_attr_destroy(&attributes);
    if (!created) return false;  // the system's own limit
    ++threads_;
    ++idle_;
    return true;
}

void* ConnectionThreads::run(void* self) {
    static_cast<ConnectionThreads*>(self)->work();
    return nullptr;
}

void ConnectionThreads::work() {
    std::unique_lock lock{mutex_};
    for (;;) {
        changed_.wait_for(lock, idle_life, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) break;
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        --idle_;
        lock.unlock();
        work();
        work = {};  // with what it holds, before this thread counts as idle
        lock.lock();
        ++idle_;
    }
    --idle_;
    --threads_;
    changed_.notify_all();  // while the mutex is held: after it, the destructor may be gone
}

}  // namespace pawl::web
