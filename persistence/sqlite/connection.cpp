#include "persistence/sqlite/connection.hpp"

#include "persistence/sqlite/errors.hpp"
#include "persistence/sqlite/statement.hpp"

namespace pawl::sqlite {
namespace {

// Only another program's write can make us wait: ours are on one connection.
constexpr int patience_ms = 2'000;

}  // namespace

Connection::Connection(const std::string& file, Access access) {
    const int mode = access == Access::Write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    sqlite3* raw = nullptr;
    const int rc = sqlite3_open_v2(file.c_str(), &raw, mode | SQLITE_OPEN_NOMUTEX, nullptr);
    db_.reset(raw);
    if (rc != SQLITE_OK) throw raw != nullptr ? last_error(raw, file) : explain(rc, file, sqlite3_errstr(rc));
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, patience_ms);
    // SQLite silently opens a file that it may not write for reading.
    if (access == Access::Write && sqlite3_db_readonly(raw, "main") == 1) {
        throw explain(SQLITE_READONLY, file, "no permission to write");
    }
}

void Connection::execute(const char* sql) {
    if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw last_error(db_.get());
}

std::int64_t Connection::integer(const char* sql) {
    const Statement statement{db_.get(), sql};
    Rows rows{statement};
    return rows.next() ? rows.integer(0) : 0;
}

Transaction::Transaction(Connection& connection) : connection_{connection} { connection_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    // Some errors (a full disk) have rolled back already; when rolling back fails, there is nothing left to undo.
    if (sqlite3_get_autocommit(connection_.handle()) == 0) {
        sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

void Transaction::commit() { connection_.execute("COMMIT"); }

}  // namespace pawl::sqlite
