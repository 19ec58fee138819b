// One child process and all that it starts: spawned into a process group of its own, so that a signal reaches its
// children too. posix_spawn, not fork: fork copies the page tables (20 ms with 1 GB in use, against 0.2 ms).
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/functions/file_descriptor.hpp"
#include "states/result.hpp"

namespace pawl {

struct SpawnRequest {
    std::vector<std::string> command;  // a program without '/' is looked up in our PATH
    std::string working_directory;
    std::vector<std::string> environment;  // "NAME=value", all of it
    int output = -1;                       // becomes stdout and stderr; stdin is /dev/null
    int door = -1;                         // becomes descriptor 3; -1: there is none
};

struct ProcessExit {
    bool by_signal = false;
    int code = 0;                  // exit status, or the signal's number
    std::uint64_t peak_bytes = 0;  // of memory: the process's, or the largest of its children's
    friend bool operator==(const ProcessExit& a, const ProcessExit& b) {  // how, not with how much
        return a.by_signal == b.by_signal && a.code == b.code;
    }
};
// "exit status 1", "signal: killed": as Lambda words it.
std::string to_text(const ProcessExit& exit);

class Process {
  public:
    // The error says why not: "no such file or directory".
    static Result<Process, std::string> spawn(const SpawnRequest& request);
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    ~Process();  // kills the group, if it still runs

    pid_t pid() const { return pid_; }
    // Readable once the process has ended.
    int exit_fd() const { return exit_fd_.get(); }
    // To the process and all of its children that did not leave the group.
    void signal(int number) const;
    // Nothing while it runs. Once it has ended, what is left of its group is killed, and the process is gone.
    std::optional<ProcessExit> reap();

  private:
    Process(pid_t pid, FileDescriptor exit_fd) : pid_{pid}, exit_fd_{std::move(exit_fd)} {}
    pid_t pid_ = -1;  // -1: gone
    FileDescriptor exit_fd_;
};

}  // namespace pawl
