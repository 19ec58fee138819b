#include "persistence/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "persistence/store.hpp"

namespace pawl::sqlite {
namespace {

// The process that the lock file names, for the message only: " (process 4711)".
std::string holder(int descriptor) {
    std::array<char, 20> text{};
    const auto size = pread(descriptor, text.data(), text.size(), 0);
    if (size <= 0) return {};
    const std::string pid{text.begin(), std::find(text.begin(), text.begin() + size, '\n')};
    const bool number = std::all_of(pid.begin(), pid.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    return number && !pid.empty() ? " (process " + pid + ")" : std::string{};
}

}  // namespace

FileLock::FileLock(const std::string& file) {
    const auto path = file + ".lock";
    descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
        throw StoreError{path + " cannot be created: " + std::strerror(errno) +
                         ". Pawl writes beside its database; check the " + "permissions of " +
                         std::filesystem::path{file}.parent_path().string()};
    }
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const int why = errno;
        const auto who = why == EWOULDBLOCK ? holder(descriptor_) : std::string{};
        close(descriptor_);
        if (why != EWOULDBLOCK) throw StoreError{path + " cannot be locked: " + std::strerror(why)};
        throw StoreError{file + " is in use by another Pawl" + who + ": stop it, or name another file"};
    }
    const auto pid = std::to_string(getpid()) + "\n";
    // Only a courtesy to whom we turn away: the lock holds without it.
    if (ftruncate(descriptor_, 0) == 0) [[maybe_unused]]
        const auto written = pwrite(descriptor_, pid.data(), pid.size(), 0);
}

FileLock::~FileLock() { close(descriptor_); }

}  // namespace pawl::sqlite
