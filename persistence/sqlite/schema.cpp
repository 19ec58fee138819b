#include "persistence/sqlite/schema.hpp"

#include <array>

#include "persistence/sqlite/statement.hpp"

namespace pawl::sqlite {
namespace {

// Times are milliseconds since the epoch; status and type count as their enumerations do. The literals in the
// partial indexes: 0 Running, 1 Succeeded; 2 Deleted (of machines).
//
// Cheap to write first, as an execution is written often and read seldom:
// - events: one row a batch at execution << 24 | batch, so that new rows come at the end and no index is needed.
//   first_id and last_id (0 when nothing in the batch is shown) let a page skip batches without decoding them.
// - executions: indexes end in the row's number by themselves. What lists and timers ask about executions that
//   still run lies in partial indexes, which one that ends in its first commit never enters.
constexpr auto version_1 = R"sql(
CREATE TABLE machines (
    number INTEGER PRIMARY KEY, arn TEXT NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL,
    status INTEGER NOT NULL, created INTEGER NOT NULL, revision INTEGER NOT NULL, tags TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX machines_arn ON machines (arn) WHERE status <> 2;

CREATE TABLE revisions (
    number INTEGER PRIMARY KEY, machine INTEGER NOT NULL, revision_id TEXT NOT NULL, created INTEGER NOT NULL,
    definition TEXT NOT NULL, role_arn TEXT NOT NULL, configuration TEXT NOT NULL
) STRICT;

CREATE TABLE executions (
    number INTEGER PRIMARY KEY, arn TEXT NOT NULL, name TEXT NOT NULL, machine INTEGER NOT NULL,
    revision INTEGER NOT NULL, status INTEGER NOT NULL, started INTEGER NOT NULL, stopped INTEGER, wake_at INTEGER,
    last_event INTEGER NOT NULL, batches INTEGER NOT NULL, redrive_count INTEGER NOT NULL, redriven INTEGER,
    trace_header TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX executions_arn ON executions (arn);
CREATE INDEX executions_of_machine ON executions (machine, started);
CREATE INDEX executions_started ON executions (started);
CREATE INDEX unsuccessful_of_machine ON executions (machine, started) WHERE status <> 1;
CREATE INDEX unsuccessful_started ON executions (started) WHERE status <> 1;
CREATE INDEX executions_due ON executions (wake_at) WHERE status = 0 AND wake_at IS NOT NULL;

CREATE TABLE events (
    place INTEGER PRIMARY KEY, first_id INTEGER NOT NULL, last_id INTEGER NOT NULL, batch BLOB NOT NULL
) STRICT;

CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// test_case has a default, as older rows need one; it is rarely anything else.
constexpr auto version_2 = R"sql(
CREATE TABLE activities (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL, created INTEGER NOT NULL, tags TEXT NOT NULL, configuration TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE executions ADD COLUMN test_case TEXT NOT NULL DEFAULT '';
)sql";

// Versions and aliases. Few executions are started by them: their indexes hold those alone.
constexpr auto version_3 = R"sql(
ALTER TABLE machines ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE versions (
    machine INTEGER NOT NULL, version INTEGER NOT NULL, revision INTEGER NOT NULL, created INTEGER NOT NULL,
    description TEXT NOT NULL, PRIMARY KEY (machine, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE aliases (
    machine INTEGER NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, created INTEGER NOT NULL,
    updated INTEGER NOT NULL, version INTEGER NOT NULL, weight INTEGER NOT NULL, second_version INTEGER,
    second_weight INTEGER, PRIMARY KEY (machine, name)
) STRICT, WITHOUT ROWID;

ALTER TABLE executions ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN alias TEXT NOT NULL DEFAULT '';
CREATE INDEX executions_of_version ON executions (machine, version, started) WHERE version <> 0;
CREATE INDEX executions_of_alias ON executions (machine, alias, started) WHERE alias <> '';
)sql";

// Map Runs and their children. Children come in great numbers and lists hide them: they stay out of the lists'
// indexes, as everything else stays out of theirs.
constexpr auto version_4 = R"sql(
CREATE TABLE map_runs (
    number INTEGER PRIMARY KEY, arn TEXT NOT NULL, execution INTEGER NOT NULL, task INTEGER NOT NULL,
    state TEXT NOT NULL, label TEXT NOT NULL, revision INTEGER NOT NULL, started INTEGER NOT NULL, stopped INTEGER,
    status INTEGER NOT NULL, max_concurrency INTEGER NOT NULL, tolerated_failure_count INTEGER NOT NULL,
    tolerated_failure_percentage REAL NOT NULL, items INTEGER NOT NULL, redrive_count INTEGER NOT NULL,
    redriven INTEGER
) STRICT;
CREATE UNIQUE INDEX map_runs_arn ON map_runs (arn);
CREATE INDEX map_runs_of_execution ON map_runs (execution);

ALTER TABLE executions ADD COLUMN map_run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN item INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN items INTEGER NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX children_of_map_run ON executions (map_run, item) WHERE map_run <> 0;
DROP INDEX executions_of_machine;
CREATE INDEX executions_of_machine ON executions (machine, started) WHERE map_run = 0;
DROP INDEX executions_started;
CREATE INDEX executions_started ON executions (started) WHERE map_run = 0;
DROP INDEX unsuccessful_of_machine;
CREATE INDEX unsuccessful_of_machine ON executions (machine, started) WHERE status <> 1 AND map_run = 0;
DROP INDEX unsuccessful_started;
CREATE INDEX unsuccessful_started ON executions (started) WHERE status <> 1 AND map_run = 0;
)sql";

// Functions that were made through the API, in pieces, and the invocations that are owed to them.
constexpr auto version_5 = R"sql(
CREATE TABLE functions (
    name TEXT NOT NULL, part TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (name, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE function_events (id TEXT PRIMARY KEY, document TEXT NOT NULL, payload BLOB NOT NULL) STRICT;
)sql";

// Whose task waits for an execution. Few have one; the index holds those of them that run.
constexpr auto version_6 = R"sql(
ALTER TABLE executions ADD COLUMN awaited_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN awaiting_task INTEGER NOT NULL DEFAULT 0;
CREATE INDEX executions_awaited ON executions (awaited_by) WHERE status = 0 AND awaited_by <> 0;
)sql";

constexpr std::array all_migrations{version_1, version_2, version_3, version_4, version_5, version_6};

void check_identity(Connection& connection, const std::string& file, std::int64_t newest) {
    const auto id = connection.integer("PRAGMA application_id");
    const auto version = connection.integer("PRAGMA user_version");
    const bool empty = connection.integer("SELECT count(*) FROM sqlite_schema") == 0;
    if (id != application_id && !(empty && id == 0 && version == 0)) {
        throw StoreError{file + " is a database of another program: name another file"};
    }
    if (version > newest) {
        throw StoreError{file + " was written by a newer version of Pawl (schema " + std::to_string(version) +
                         ", this one knows " + std::to_string(newest) + "): run that version, or name another file"};
    }
}

void use_write_ahead_log(Connection& connection, const std::string& file) {
    const Statement statement{connection.handle(), "PRAGMA journal_mode = WAL"};
    Rows rows{statement};
    if (rows.next() && rows.text(0) == "wal") return;
    throw StoreError{file + " cannot have a write-ahead log: put it on a local disk"};
}

}  // namespace

std::span<const char* const> migrations() { return all_migrations; }

void migrate(Connection& connection, const std::string& file, std::span<const char* const> steps) {
    const auto newest = static_cast<std::int64_t>(steps.size());
    check_identity(connection, file, newest);  // before anything is written
    use_write_ahead_log(connection, file);
    if (connection.integer("PRAGMA user_version") == newest) return;

    Transaction transaction{connection};
    for (auto version = connection.integer("PRAGMA user_version"); version < newest; ++version) {
        connection.execute(steps[static_cast<std::size_t>(version)]);
    }
    // PRAGMA takes no parameters; these are numbers of ours.
    connection.execute(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
    connection.execute(("PRAGMA user_version = " + std::to_string(newest)).c_str());
    transaction.commit();
}

}  // namespace pawl::sqlite
