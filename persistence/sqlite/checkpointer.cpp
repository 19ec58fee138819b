#include "persistence/sqlite/checkpointer.hpp"

namespace pawl::sqlite {

Checkpointer::Checkpointer(const std::string& file, std::mutex& writing)
    : connection_{file, Connection::Access::Write}, writing_{writing} {
    connection_.execute("PRAGMA synchronous = FULL");
    connection_.execute("PRAGMA cache_size = -100");  // KiB: pages go from log to file without it
    connection_.integer("PRAGMA user_version");       // a connection opens the log with its first read
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

void Checkpointer::log_is(std::int64_t pages) {
    const std::lock_guard lock{mutex_};
    pages_ = pages;
    if (pages < log_pages) start_at_ = log_pages;  // it has started over
    if (pages >= start_at_) grown_.notify_one();
}

void Checkpointer::run(const std::stop_token& stop) {
    while (true) {
        {
            std::unique_lock lock{mutex_};
            if (!grown_.wait(lock, stop, [this] { return pages_ >= start_at_; })) return;
        }
        auto moved = pass();
        for (int more = 0; more < passes_beside && pages() - moved > short_pass; ++more) moved = pass();

        const std::lock_guard no_commit{writing_};
        pass();
        const std::lock_guard lock{mutex_};
        // Now the next commit starts the log over; unless a reader still needs it, or the disk failed (commits will
        // tell): then it goes on growing, and the next attempt comes a good deal later.
        start_at_ = pages_ + log_pages;
    }
}

std::int64_t Checkpointer::pages() {
    const std::lock_guard lock{mutex_};
    return pages_;
}

std::int64_t Checkpointer::pass() {
    int moved = 0;
    const int rc = sqlite3_wal_checkpoint_v2(connection_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, &moved);
    return rc == SQLITE_OK ? moved : pages();  // after a failure, no further pass now
}

}  // namespace pawl::sqlite
