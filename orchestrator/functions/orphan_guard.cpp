#include "orchestrator/functions/orphan_guard.hpp"

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace pawl {
namespace {

constexpr std::size_t guarded_limit = 4096;  // groups; the pool has far fewer processes
std::array<pid_t, guarded_limit> guarded;    // the guard's own memory; not the stack: the fork's may be small
std::size_t guarded_count = 0;

// A message is a group to watch, or the negative of one to forget.
void note(pid_t message) {
    if (message > 0 && guarded_count < guarded_limit) guarded[guarded_count++] = message;
    if (message >= 0) return;
    for (std::size_t i = 0; i < guarded_count; ++i) {
        if (guarded[i] == -message) guarded[i--] = guarded[--guarded_count];
    }
}

// Forked from a process with threads: only async-signal-safe calls from here on.
[[noreturn]] void guard(int connection) {
    prctl(PR_SET_NAME, "pawl-guard");
    setsid();  // Ctrl-C is for the server
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) std::signal(number, SIG_IGN);
    if (connection != 0) dup2(connection, 0);
    close_range(1, ~0U, 0);
    guarded_count = 0;
    for (;;) {
        pid_t message = 0;
        const auto got = read(0, &message, sizeof message);
        if (got < 0 && errno == EINTR) continue;
        if (got != static_cast<ssize_t>(sizeof message)) break;  // the server has gone
        note(message);
    }
    for (std::size_t i = 0; i < guarded_count; ++i) kill(-guarded[i], SIGKILL);
    _exit(0);
}

}  // namespace

OrphanGuard::OrphanGuard() {
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
    connection_ = FileDescriptor{ends[0]};
    const FileDescriptor theirs{ends[1]};
    pid_ = fork();
    if (pid_ == 0) guard(theirs.get());
    if (pid_ < 0) connection_.reset();
}

OrphanGuard::~OrphanGuard() {
    connection_.reset();
    if (pid_ > 0) {
        while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
    }
}

void OrphanGuard::watch(pid_t group) const { tell(group); }
void OrphanGuard::forget(pid_t group) const { tell(-group); }

void OrphanGuard::tell(pid_t message) const {
    if (!connection_) return;
    while (send(connection_.get(), &message, sizeof message, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

}  // namespace pawl
