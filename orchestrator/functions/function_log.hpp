// What functions print, kept an invocation at a time: NAME.log, with the lines that Lambda puts around each.
//     START RequestId: … Version: $LATEST
//     (stdout and stderr; before it is ready, what it prints stands before START)
//     END RequestId: …
//     REPORT RequestId: … Duration: 1.20 ms Billed Duration: 2 ms Init Duration: 80.00 ms
// Of invocations that run at the same time one is written as it goes, and the others in one piece when they end.
// Thread-safe: the thread that takes an answer writes, and the one that watches the processes. Disk writes happen under
// these locks of their own, so that a slow disk holds up one function and not the pool.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/functions/file_descriptor.hpp"

namespace pawl {

inline constexpr std::size_t function_log_bytes = 64 * 1024 * 1024;   // then NAME.log becomes NAME.log.1
inline constexpr std::size_t function_log_memory_bytes = 256 * 1024;  // of a log in memory
inline constexpr std::size_t log_tail_bytes = 4 * 1024;               // what Invoke returns with LogType Tail

// Whether the invocation is over with this line of its log: its REPORT, right after its END. Functions print lines that
// look like one of them.
bool ends_invocation(std::string_view line, std::string_view line_before, std::string_view request_id);

class FunctionLog {
  public:
    // Without a path it is in memory, and holds far less.
    explicit FunctionLog(std::string path, std::size_t limit_bytes = function_log_bytes);

    // What begins with a START line gets a line of its own, whatever was written before.
    void write(std::string_view text);
    // A piece of the log, and where the next one begins. Positions count all bytes since the log was opened, and those
    // that were there then; one that has been rotated away means the oldest that is left, one past the end the end.
    struct Piece {
        std::string text;
        std::uint64_t begin = 0;
        std::uint64_t next = 0;
    };
    Piece read(std::uint64_t position, std::size_t limit_bytes) const;
    Piece tail(std::size_t limit_bytes) const;  // the last lines, whole ones
    // What one invocation left, from START to REPORT, at most `limit_bytes` of it. Nothing: it is not in the log (any
    // more). The lines of others that were written in between are left out.
    std::optional<std::string> of(std::string_view request_id, std::size_t limit_bytes = 1024 * 1024) const;

    // At most one claims the log at a time: it may write before it has all it has to say.
    bool claim(const void* who);
    void release(const void* who);

  private:
    void open();
    void rotate();
    void append(std::string_view text);
    std::string read_locked(std::uint64_t position, std::size_t limit_bytes) const;
    std::uint64_t begin() const { return base_ - old_bytes_; }
    std::uint64_t end() const { return base_ + size_bytes_; }

    mutable std::mutex mutex_;
    const std::string path_;
    const std::size_t limit_bytes_;
    FileDescriptor file_;
    FileDescriptor old_file_;     // PATH.1
    std::string memory_;          // without a path
    std::size_t size_bytes_ = 0;  // of what is written now
    bool in_line_ = false;        // the last byte ends no line
    std::size_t old_bytes_ = 0;   // of PATH.1
    std::uint64_t base_ = 0;      // position of the current file's first byte
    const void* claimed_by_ = nullptr;
};

// One process's output on its way into the log.
class FunctionOutput {
  public:
    using Listener = std::function<void(std::string_view lines)>;  // whole ones, as they come
    FunctionOutput(std::shared_ptr<FunctionLog> log, FileDescriptor pipe, Listener listener = {});
    ~FunctionOutput();
    FunctionOutput(const FunctionOutput&) = delete;
    FunctionOutput& operator=(const FunctionOutput&) = delete;

    int fd() const { return pipe_.get(); }
    // What the process prints from its start on is held, so that it can be told of the invocation that its start fails.
    // Not for longer than until this is called: who waits for a slow start wants to see what it does.
    void show();
    void begin(std::string_view request_id, std::string_view version = "$LATEST");
    // Takes what is there to read, at most a few blocks. False: nobody can write any more.
    bool drain();
    // Closes the invocation with `last_lines`, END and `report`; its last lines. Nothing when none was begun.
    std::string end(std::string_view report, std::string_view last_lines = "");
    // Instead of `begin` and `end`, of an invocation that waited for this process, which did not come up; perhaps of
    // several. With what it printed, or the end of that if it has been shown.
    std::string never_began(std::string_view request_id, std::string_view version, std::string_view report,
                            std::string_view last_lines);

  private:
    bool drain_locked();
    std::string end_locked(std::string_view report, std::string_view last_lines);
    void tell(std::string_view text);
    void tell_rest();
    void add(std::string_view text);
    void flush();

    std::mutex mutex_;
    const std::shared_ptr<FunctionLog> log_;
    const FileDescriptor pipe_;
    const Listener listener_;  // may be null
    std::string untold_;       // the line that is not at its end
    std::string request_id_;   // of the invocation that has begun; empty: none
    bool starting_ = true;     // and nothing of it was written yet
    std::string start_;        // the end of what it printed, once its start has failed
    std::string held_;         // not written yet
    std::string tail_;
};

}  // namespace pawl
