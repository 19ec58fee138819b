// No function outlives the server, however that ends. A small process of its own keeps the list of function processes
// and kills their groups when its connection to the server breaks, so on `kill -9` too. It is a fork that never execs
// and holds nothing but that connection. (PR_SET_PDEATHSIG would need code between fork and exec, and would not reach
// the children of a function.) A process that was spawned in the last microseconds of the server may be missed; it
// ends when its next call of the Runtime API fails.
#pragma once
#include <sys/types.h>

#include "orchestrator/functions/file_descriptor.hpp"

namespace pawl {

class OrphanGuard {
  public:
    OrphanGuard();   // starts it; without it (no processes left to the user) things go on unguarded
    ~OrphanGuard();  // what is still on the list is killed
    OrphanGuard(const OrphanGuard&) = delete;
    OrphanGuard& operator=(const OrphanGuard&) = delete;

    void watch(pid_t group) const;
    void forget(pid_t group) const;

  private:
    void tell(pid_t message) const;
    pid_t pid_ = -1;
    FileDescriptor connection_;
};

}  // namespace pawl
