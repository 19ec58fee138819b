#include "orchestrator/functions/process_memory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/functions/file_descriptor.hpp"

namespace pawl {
namespace {

constexpr std::size_t looked_at_limit = 512;  // processes of one function process; it is killed long before

// The beginning of a file in /proc.
std::string text_of(const std::string& path) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    std::array<char, 4096> block;  // NOLINT: filled by read
    const auto got = file ? ::read(file.get(), block.data(), block.size()) : 0;
    return {block.data(), static_cast<std::size_t>(got > 0 ? got : 0)};
}

std::string whole_text_of(const std::string& path) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    std::string text;
    std::array<char, 16 * 1024> block;  // NOLINT: filled by read
    for (;;) {
        const auto got = file ? ::read(file.get(), block.data(), block.size()) : 0;
        if (got <= 0) return text;
        text.append(block.data(), static_cast<std::size_t>(got));
    }
}

std::uint64_t number_in(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// The process and its descendants: each thread knows the children that it started.
std::vector<pid_t> family(pid_t pid) {
    std::vector<pid_t> found{pid};
    for (std::size_t i = 0; i < found.size() && found.size() < looked_at_limit; ++i) {
        const auto threads = "/proc/" + std::to_string(found[i]) + "/task";
        const std::unique_ptr<DIR, int (*)(DIR*)> folder{opendir(threads.c_str()), closedir};
        if (!folder) continue;
        while (const auto* entry = readdir(folder.get())) {
            if (entry->d_name[0] == '.') continue;
            const auto children = text_of(threads + "/" + entry->d_name + "/children");
            for (const char* at = children.c_str(); *at != '\0';) {
                char* end = nullptr;
                const auto child = std::strtol(at, &end, 10);
                if (end == at) break;
                found.push_back(static_cast<pid_t>(child));
                at = end;
            }
        }
    }
    return found;
}

}  // namespace

ProcessUse use_of(pid_t pid) {
    if (pid <= 0) return {};
    static const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    ProcessUse use;
    for (const auto member : family(pid)) {
        const auto statm = text_of("/proc/" + std::to_string(member) + "/statm");  // "size resident shared …"
        if (statm.empty()) continue;
        ++use.processes;
        use.bytes += page_bytes * number_in(std::string_view{statm}.substr(std::min(statm.find(' '), statm.size())));
    }
    return use;
}

void kill_marked(const std::string& variable) {
    constexpr int rounds = 10;  // while one looks, they may fork
    for (int round = 0; round < rounds; ++round) {
        bool found = false;
        const std::unique_ptr<DIR, int (*)(DIR*)> folder{opendir("/proc"), closedir};
        if (!folder) return;
        while (const auto* entry = readdir(folder.get())) {
            const auto pid = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
            if (pid <= 1 || pid == getpid()) continue;
            const auto environment = whole_text_of("/proc/" + std::to_string(pid) + "/environ");
            const auto at = environment.find(variable + '\0');
            if (at == std::string::npos || (at > 0 && environment[at - 1] != '\0')) continue;
            found = ::kill(pid, SIGKILL) == 0 || found;
        }
        if (!found) return;
    }
}

std::optional<std::uint64_t> peak_memory_of(pid_t pid) {
    if (pid <= 0) return std::nullopt;
    std::uint64_t bytes = 0;
    for (const auto member : family(pid)) {
        const auto status = text_of("/proc/" + std::to_string(member) + "/status");
        const auto line = status.find("VmHWM:");
        if (line != std::string::npos) bytes += 1024 * number_in(std::string_view{status}.substr(line));
    }
    if (bytes == 0) return std::nullopt;
    return bytes;
}

}  // namespace pawl
