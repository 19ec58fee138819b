// One Pawl a database. Two would both resume the same executions and give the same numbers twice.
//
// The lock is flock(2) on a file of its own, FILE.lock, held for life: the kernel lets go of it however the process
// ends, so nothing is left to clean up after kill -9. It is not a lock of SQLite's: in exclusive mode nobody could
// look into a running server's database with the sqlite3 tool. It is not on FILE itself either: closing any
// descriptor of FILE would drop the POSIX locks that SQLite holds on it.
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
    int descriptor_ = -1;
};

}  // namespace pawl::sqlite
