// Group commit. Many threads submit; one thread, the journal's, writes all that waits in one transaction with one
// fsync and then lets each submission know. While it writes, the next group gathers: the fsync is the batching window.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "persistence/store.hpp"

namespace pawl {

// One indivisible part of a commit. Exactly one of the callbacks is called, on the journal's thread, in the order of
// submission; they must be quick, must not block and must not throw.
struct Submission {
    Changes changes;
    // From now on it survives.
    std::function<void()> durable;
    // It is not stored, nor anything else of its group.
    std::function<void(const std::string& why)> failed;
};

struct JournalStats {  // groups stored; submissions answered, either way; groups that failed
    std::uint64_t commits = 0, submissions = 0, failures = 0;
};

class Journal {
  public:
    explicit Journal(Store& store);
    ~Journal();  // writes what is left
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // After a commit that failed, everything else fails too, without being tried: what was decided after a batch may
    // build on it, and must not be stored without it. `listener` is told, once, on the journal's thread.
    void on_failure(std::function<void(const std::string& why)> listener);
    // Takes work again. What was submitted before this call still fails.
    void resume();

    // Waits while the queue is full (`queue_limit` submissions): disk speed is the only back-pressure there is.
    void submit(Submission submission);
    // Returns when all that was submitted before is durable or has failed.
    void flush();
    JournalStats stats() const;

    static constexpr std::size_t queue_limit = 100'000;
    static constexpr std::size_t group_limit = 1'000;  // submissions in one transaction: more add latency, not rows/s

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl
