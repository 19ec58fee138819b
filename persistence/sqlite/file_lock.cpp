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
    try {
        lock(descriptor_, path, file);
        database_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (database_ >= 0) lock(database_, file, file);  // else SQLite will say why not
    } catch (const StoreError&) {
        unlock();
        throw;
    }
    const auto pid = std::to_string(getpid()) + "\n";
    // Only a courtesy to whom we turn away: the lock holds without it.
    if (ftruncate(descriptor_, 0) == 0) [[maybe_unused]]
        const auto written = pwrite(descriptor_, pid.data(), pid.size(), 0);
}

FileLock::~FileLock() { unlock(); }

void FileLock::lock(int descriptor, const std::string& path, const std::string& file) const {
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return;
    if (errno != EWOULDBLOCK) throw StoreError{path + " cannot be locked: " + std::strerror(errno)};
    const auto who = descriptor == descriptor_ ? holder(descriptor) : " (by another name of the file)";
    throw StoreError{file + " is in use by another Pawl" + who + ": stop it, or name another file"};
}

void FileLock::unlock() {
    close(descriptor_);
    if (database_ >= 0) close(database_);
}

}  // namespace pawl::sqlite
