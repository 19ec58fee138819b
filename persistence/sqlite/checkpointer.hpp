// Moves what the write-ahead log holds into the database, beside the writer: a checkpoint within a commit would cost
// that commit two fsyncs and some milliseconds.
//
// The log starts over only at a moment when all of it has been moved; under steady load a checkpoint that runs
// beside the writer never reaches that moment, and the log would grow for ever. So it is done in passes: long ones
// beside the writer, and a short one, over what came meanwhile, that keeps the writer waiting.
// The log is never truncated while we run: overwriting a file is 1.5-6 times faster than growing one.
//
// SQLite before 3.51.3 loses commits when a log of which all is moved starts over while a checkpoint begins
// (sqlite.org/wal.html, "The WAL-Reset Bug"). Here that cannot happen: a pass beside the writer begins only when
// there is more in the log than has been moved, and the last one while there is no commit.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "persistence/sqlite/connection.hpp"

namespace pawl::sqlite {

class Checkpointer {
  public:
    // `writing` is held while a transaction is written.
    Checkpointer(const std::string& file, std::mutex& writing);

    // After a commit: the log's length now. Cheap.
    void log_is(std::int64_t pages);

    static constexpr std::int64_t log_pages = 4'096;  // 16 MiB of 4 KiB pages: start a checkpoint
    static constexpr std::int64_t short_pass = 256;   // what may keep the writer waiting
    static constexpr int passes_beside = 4;           // then it must, or the log grows faster than we move it

  private:
    void run(const std::stop_token& stop);
    std::int64_t pages();
    std::int64_t pass();  // how much of the log has been moved, in pages

    Connection connection_;  // the thread's alone
    std::mutex& writing_;

    std::mutex mutex_;  // guards what follows; a mailbox would be more than one number needs
    std::condition_variable_any grown_;
    std::int64_t pages_ = 0;
    std::int64_t start_at_ = log_pages;  // always beyond what was there at the last checkpoint

    std::jthread thread_;  // the last member: it uses the others
};

}  // namespace pawl::sqlite
