// What functions print, kept an invocation at a time: NAME.log, with the lines that Lambda puts around each.
//     START RequestId: … Version: $LATEST
//     (stdout and stderr)
//     END RequestId: …
//     REPORT RequestId: … Duration: 1.20 ms Billed Duration: 2 ms Init Duration: 80.00 ms
// Of invocations that run at the same time one is written as it goes, and the others in one piece when they end.
// Thread-safe: the thread that takes an answer writes, and the one that watches the processes. Disk writes happen under
// these locks of their own, so that a slow disk holds up one function and not the pool.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "orchestrator/functions/file_descriptor.hpp"

namespace pawl {

inline constexpr std::size_t function_log_bytes = 64 * 1024 * 1024;  // then NAME.log becomes NAME.log.1
inline constexpr std::size_t log_tail_bytes = 4 * 1024;              // what Invoke returns with LogType Tail

class FunctionLog {
  public:
    explicit FunctionLog(std::string path, std::size_t limit_bytes = function_log_bytes);  // empty path: drops all

    void write(std::string_view text);
    // At most one claims the log at a time: it may write before it has all it has to say.
    bool claim(const void* who);
    void release(const void* who);

  private:
    void open();
    std::mutex mutex_;
    const std::string path_;
    const std::size_t limit_bytes_;
    FileDescriptor file_;
    std::size_t size_bytes_ = 0;
    const void* claimed_by_ = nullptr;
};

// One process's output on its way into the log.
class FunctionOutput {
  public:
    FunctionOutput(std::shared_ptr<FunctionLog> log, FileDescriptor pipe);
    ~FunctionOutput();
    FunctionOutput(const FunctionOutput&) = delete;
    FunctionOutput& operator=(const FunctionOutput&) = delete;

    int fd() const { return pipe_.get(); }
    void begin(std::string_view request_id);
    // Takes what is there to read, at most a few blocks. False: nobody can write any more.
    bool drain();
    // Closes the invocation with END and `report`; its last lines. Nothing when none was begun.
    std::string end(std::string_view report);

  private:
    bool drain_locked();
    void add(std::string_view text);
    void flush();

    std::mutex mutex_;
    const std::shared_ptr<FunctionLog> log_;
    const FileDescriptor pipe_;
    std::string request_id_;  // of the invocation that has begun; empty: none
    std::string held_;        // not written yet
    std::string tail_;
};

}  // namespace pawl
