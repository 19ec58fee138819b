// The tables, and how files of older versions come to have them.
#pragma once
#include <span>
#include <string>

#include "persistence/sqlite/connection.hpp"

namespace pawl::sqlite {

// "Pawl": in the file's header (PRAGMA application_id), so that we neither write into another program's database
// nor need to guess at ours.
inline constexpr std::int64_t application_id = 0x5061776c;

// Each brings a file one schema version (PRAGMA user_version) further; the first makes the tables of an empty file.
// What a released version has written is never edited: append.
std::span<const char* const> migrations();

// Brings the database up to the last of `steps`, all of it or nothing. StoreError when it is not Pawl's, or newer.
void migrate(Connection& connection, const std::string& file, std::span<const char* const> steps);

}  // namespace pawl::sqlite
