#include "orchestrator/functions/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>

namespace pawl {
namespace {

struct FileActions {
    FileActions() { posix_spawn_file_actions_init(&raw); }
    ~FileActions() { posix_spawn_file_actions_destroy(&raw); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t raw;
};

struct Attributes {
    Attributes() { posix_spawnattr_init(&raw); }
    ~Attributes() { posix_spawnattr_destroy(&raw); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    posix_spawnattr_t raw;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));  // posix_spawn does not write
    result.push_back(nullptr);
    return result;
}

// A group of its own, no blocked signals, all handlers at their defaults.
void set_attributes(Attributes& attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setflags(&attributes.raw, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes.raw, 0);
    posix_spawnattr_setsigmask(&attributes.raw, &none);
    posix_spawnattr_setsigdefault(&attributes.raw, &all);
}

std::string in_words(int error) {
    auto text = std::generic_category().message(error);
    if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

struct SignalName {
    int number;
    std::string_view name;
};
constexpr std::array signal_names{
    SignalName{SIGHUP, "hangup"},
    SignalName{SIGINT, "interrupt"},
    SignalName{SIGQUIT, "quit"},
    SignalName{SIGILL, "illegal instruction"},
    SignalName{SIGABRT, "aborted"},
    SignalName{SIGBUS, "bus error"},
    SignalName{SIGKILL, "killed"},
    SignalName{SIGFPE, "floating point exception"},
    SignalName{SIGPIPE, "broken pipe"},
    SignalName{SIGSEGV, "segmentation fault"},
    SignalName{SIGTERM, "terminated"},
    SignalName{SIGALRM, "alarm clock"},
    SignalName{SIGTRAP, "trace/breakpoint trap"},
};

}  // namespace

std::string to_text(const ProcessExit& exit) {
    if (!exit.by_signal) return "exit status " + std::to_string(exit.code);
    for (const auto& signal : signal_names) {
        if (signal.number == exit.code) return "signal: " + std::string{signal.name};
    }
    return "signal: signal " + std::to_string(exit.code);
}

Result<Process, std::string> Process::spawn(const SpawnRequest& request) {
    FileActions actions;
    posix_spawn_file_actions_addopen(&actions.raw, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions.raw, request.output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions.raw, request.output, STDERR_FILENO);
    int last = STDERR_FILENO;
    if (request.door >= 0) posix_spawn_file_actions_adddup2(&actions.raw, request.door, ++last);
    posix_spawn_file_actions_addclosefrom_np(&actions.raw, last + 1);
    if (!request.working_directory.empty()) {
        posix_spawn_file_actions_addchdir_np(&actions.raw, request.working_directory.c_str());
    }
    Attributes attributes;
    set_attributes(attributes);

    const auto arguments = pointers(request.command);
    const auto environment = pointers(request.environment);
    pid_t pid = -1;
    const int failed =
        posix_spawnp(&pid, arguments[0], &actions.raw, &attributes.raw, arguments.data(), environment.data());
    if (failed != 0) return in_words(failed);
    FileDescriptor exit_fd{static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};  // glibc 2.36 has it for C only
    if (!exit_fd) {
        const auto reason = in_words(errno);
        Process unwatched{pid, FileDescriptor{}};  // its destructor kills it
        return "pidfd_open: " + reason;
    }
    return Process{pid, std::move(exit_fd)};
}

Process::Process(Process&& other) noexcept : pid_{std::exchange(other.pid_, -1)}, exit_fd_{std::move(other.exit_fd_)} {}

Process& Process::operator=(Process&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(exit_fd_, other.exit_fd_);
    return *this;
}

Process::~Process() {
    if (pid_ < 0) return;
    signal(SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

void Process::signal(int number) const {
    if (pid_ > 0) ::kill(-pid_, number);
}

std::optional<ProcessExit> Process::reap() {
    if (pid_ < 0) return std::nullopt;
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
        return std::nullopt;
    }
    signal(SIGKILL);  // while its number, which is the group's, can't have been given to anyone else
    rusage use{};
    while (wait4(pid_, nullptr, 0, &use) < 0 && errno == EINTR) {}
    pid_ = -1;
    exit_fd_.reset();
    return ProcessExit{info.si_code != CLD_EXITED, info.si_status, 1024 * static_cast<std::uint64_t>(use.ru_maxrss)};
}

}  // namespace pawl
