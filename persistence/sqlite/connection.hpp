// One connection to the database file. Used by one thread at a time; SQLite's own mutexes are off.
#pragma once
#include <sqlite3.h>

#include <memory>
#include <string>

#include "persistence/store.hpp"

namespace pawl::sqlite {

class Connection {
  public:
    enum class Access { Write, Read };

    // `file` is an absolute path. Write access creates the file when it is missing; it does not look into it yet.
    Connection(const std::string& file, Access access);

    sqlite3* handle() const { return db_.get(); }
    void execute(const char* sql);          // statements without parameters and rows
    std::int64_t integer(const char* sql);  // the one value of a query without parameters

  private:
    struct Close {
        void operator()(sqlite3* db) const noexcept { sqlite3_close(db); }
    };
    std::unique_ptr<sqlite3, Close> db_;
};

// Everything since its construction, or nothing: rolls back unless commit() returned.
class Transaction {
  public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Connection& connection_;
};

}  // namespace pawl::sqlite
