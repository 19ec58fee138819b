#include "bench/server_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace pawl::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

struct ProcessStat {
    pid_t parent = 0;
    double cpu_seconds = 0;
};

// /proc/PID/stat: the name stands in parentheses and may hold anything; the fields after it are counted from 3.
ProcessStat stat_of(pid_t pid) {
    const auto text = read_file("/proc/" + std::to_string(pid) + "/stat");
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) return {};
    std::istringstream fields{text.substr(name_end + 2)};
    std::string skipped;
    ProcessStat stat;
    fields >> skipped >> stat.parent;
    for (int i = 5; i <= 13; ++i) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    stat.cpu_seconds = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    return stat;
}

std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> children;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const auto pid = static_cast<pid_t>(std::stol(name));
        if (stat_of(pid).parent == parent) children.push_back(pid);
    }
    return children;
}

// Starts the command with its stdout in a pipe, whose reading end is given back, and its stderr in a file.
pid_t spawn(const std::vector<std::string>& command, const std::filesystem::path& log, int& out) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const auto pid = ::fork();
    if (pid == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(errors, STDERR_FILENO);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    ::close(errors);
    out = ends[0];
    if (pid < 0) throw std::runtime_error{std::string{"fork: "} + std::strerror(errno)};
    return pid;
}

}  // namespace

ServerProcess::ServerProcess(const ServerOptions& options) : wrapped_{!options.before.empty()} {
    std::filesystem::create_directories(options.folder);
    auto command = options.before;
    command.insert(command.end(),
                   {options.program, "serve", "--listen", "127.0.0.1:0", "--store",
                    "sqlite:" + (options.folder / "pawl.db").string(), "--functions", options.functions.string()});
    const auto log = options.folder / "pawl.log";
    const auto launched = SteadyClock::now();
    int out = -1;
    process_ = spawn(command, log, out);
    std::string said;
    std::array<char, 512> piece;
    const std::string_view ready = "pawl: listening on http://127.0.0.1:";
    for (ssize_t count; port_ == 0 && (count = ::read(out, piece.data(), piece.size())) > 0;) {
        said.append(piece.data(), static_cast<std::size_t>(count));
        const auto at = said.find(ready);
        if (at != std::string::npos && said.find('\n', at) != std::string::npos)
            port_ = std::stoi(said.substr(at + ready.size()));
    }
    time_to_ready_ = SteadyClock::now() - launched;
    if (port_ == 0) {
        kill();
        throw std::runtime_error{command[0] + " did not start:\n" + said + read_file(log)};
    }
    std::thread{[out] {  // whatever it says later must not block it
        std::array<char, 4096> ignored;
        while (::read(out, ignored.data(), ignored.size()) > 0) {}
        ::close(out);
    }}
        .detach();
}

ServerProcess::~ServerProcess() { kill(); }

void ServerProcess::stop() { signal_and_wait(SIGTERM); }
void ServerProcess::kill() { signal_and_wait(SIGKILL); }

void ServerProcess::signal_and_wait(int signal) {
    if (process_ < 0) return;
    ::kill(server_pid(), signal);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

pid_t ServerProcess::server_pid() const {
    if (!wrapped_) return process_;
    const auto children = children_of(process_);
    return children.empty() ? process_ : children.front();
}

double ServerProcess::cpu_seconds() const { return stat_of(server_pid()).cpu_seconds; }

double ServerProcess::function_cpu_seconds() const {
    double sum = 0;
    for (const auto pid : children_of(server_pid())) sum += stat_of(pid).cpu_seconds;
    return sum;
}

std::int64_t ServerProcess::status_bytes(const std::string& field) const {
    std::istringstream lines{read_file("/proc/" + std::to_string(server_pid()) + "/status")};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(field + ":")) return std::stoll(line.substr(field.size() + 1)) * 1024;
    }
    return 0;
}
std::int64_t ServerProcess::memory_bytes() const { return status_bytes("VmRSS"); }
std::int64_t ServerProcess::peak_memory_bytes() const { return status_bytes("VmHWM"); }

std::int64_t ServerProcess::written_bytes() const {
    std::istringstream lines{read_file("/proc/" + std::to_string(server_pid()) + "/io")};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("write_bytes:")) return std::stoll(line.substr(12));
    }
    return 0;
}

double machine_cpu_seconds() {
    std::istringstream fields{read_file("/proc/stat")};
    std::string name;
    std::array<double, 8> times{};  // user nice system idle iowait irq softirq steal
    fields >> name;
    for (auto& time : times) fields >> time;
    return (times[0] + times[1] + times[2] + times[5] + times[6]) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double own_cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::int64_t folder_bytes(const std::filesystem::path& folder, const std::string& prefix) {
    std::int64_t sum = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (!entry.is_regular_file() || !entry.path().filename().string().starts_with(prefix)) continue;
        sum += static_cast<std::int64_t>(entry.file_size());
    }
    return sum;
}

}  // namespace pawl::bench
