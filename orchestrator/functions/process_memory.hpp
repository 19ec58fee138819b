// Processes and their children as /proc shows them: what they take, and which ones belong to a function.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace pawl {

struct ProcessUse {
    std::uint64_t bytes = 0;  // resident; what children share with it counts for each
    std::size_t processes = 0;
};
// Now, of the process and its descendants. Nothing: it has ended.
ProcessUse use_of(pid_t pid);
// The most that each of them held, summed up: bytes. Nothing: it has ended, or never was.
std::optional<std::uint64_t> peak_memory_of(pid_t pid);

// Kills every process that has this "NAME=value" in the environment that it was started with, and its children.
void kill_marked(const std::string& variable);

constexpr std::size_t megabytes(std::uint64_t bytes) {  // rounded up
    return static_cast<std::size_t>((bytes + 1024 * 1024 - 1) / (1024 * 1024));
}

}  // namespace pawl
