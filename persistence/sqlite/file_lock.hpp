// One Pawl a database. Two would both resume the same executions and give the same numbers twice.
//
// The lock is flock(2) on a file of its own, FILE.lock, held for life: the kernel lets go of it however the process
// ends, so nothing is left to clean up after kill -9. FILE itself is locked as well, since it may have a second name (a
// link, a mount) beside which another lock file would lie. Neither is a lock of SQLite's: in exclusive mode nobody
// could look into a running server's database with the sqlite3 tool.
//
// To outlive all connections: closing any descriptor of FILE drops the POSIX locks that SQLite holds on it.
#pragma once
#include <string>

namespace pawl::sqlite {

class FileLock {
  public:
    // StoreError when another process has it (naming that process), or the folder cannot be written.
    explicit FileLock(const std::string& file);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

  private:
    void unlock();
    void lock(int descriptor, const std::string& path, const std::string& file) const;

    int descriptor_ = -1;  // of FILE.lock, which names who has it
    int database_ = -1;
};

}  // namespace pawl::sqlite
