#include "persistence/sqlite/errors.hpp"

#include <cstring>

namespace pawl::sqlite {

StoreError explain(int code, const std::string& file, const std::string& detail) {
    switch (code & 0xff) {  // the upper bits only refine it
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return StoreError{file + " is locked by another program: end it and try again (" + detail + ")"};
        case SQLITE_CORRUPT:
            return StoreError{file + " is damaged: restore a backup, or save what can be read with `sqlite3 " + file +
                              " .recover` (" + detail + ")"};
        case SQLITE_NOTADB:
            return StoreError{file + " is not a database: name another file (" + detail + ")"};
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return StoreError{file + " cannot be written: check the permissions of the file and its folder (" + detail +
                              ")"};
        case SQLITE_CANTOPEN:
            return StoreError{file + " cannot be opened: check that it is a file and its permissions (" + detail + ")"};
        case SQLITE_FULL:
            return StoreError{"the disk is full: make room for " + file + " (" + detail + ")"};
        case SQLITE_IOERR:
            return StoreError{"the disk failed on " + file + ": check the system's log (" + detail + ")"};
        case SQLITE_CONSTRAINT:
            return StoreError{file + " holds that already (" + detail + ")"};
        default:
            return StoreError{file + ": " + detail};
    }
}

StoreError last_error(sqlite3* db, const std::string& file) {
    std::string detail = sqlite3_errmsg(db);
    const int code = sqlite3_extended_errcode(db);
    if ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN) {
        detail += ", code " + std::to_string(code);
        if (const int cause = sqlite3_system_errno(db); cause != 0) detail += std::string{", "} + std::strerror(cause);
    }
    return explain(code, file, detail);
}

StoreError last_error(sqlite3* db) {
    const char* const file = sqlite3_db_filename(db, "main");
    return last_error(db, file != nullptr ? file : "the database");
}

}  // namespace pawl::sqlite
