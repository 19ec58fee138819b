// What SQLite's error codes mean to someone who runs Pawl.
#pragma once
#include <sqlite3.h>

#include <string>

#include "persistence/store.hpp"

namespace pawl::sqlite {

// Says which file, what is wrong with it and what to do. `code` may be extended; `detail` is SQLite's own text.
StoreError explain(int code, const std::string& file, const std::string& detail);

// For the last error of a connection to `file`.
StoreError last_error(sqlite3* db, const std::string& file);
StoreError last_error(sqlite3* db);  // one that is open

}  // namespace pawl::sqlite
