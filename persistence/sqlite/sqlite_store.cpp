#include "persistence/sqlite/sqlite_store.hpp"

#include <filesystem>
#include <mutex>
#include <system_error>

#include "persistence/sqlite/checkpointer.hpp"
#include "persistence/sqlite/connection.hpp"
#include "persistence/sqlite/file_lock.hpp"
#include "persistence/sqlite/reader_pool.hpp"
#include "persistence/sqlite/schema.hpp"
#include "persistence/sqlite/writer.hpp"

namespace pawl::sqlite {
namespace {

// The one name of a file, whatever path led to it: the lock depends on it.
std::string checked_path(const std::string& file) {
    std::error_code failed;
    auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(file, failed), failed);
    if (failed) throw StoreError{file + " cannot be opened: " + failed.message()};
    if (std::filesystem::is_directory(path, failed))
        throw StoreError{path.string() + " is a folder: name a file in it"};
    if (!std::filesystem::is_directory(path.parent_path(), failed)) {
        throw StoreError{"there is no folder " + path.parent_path().string() + ": make it first"};
    }
    return path.string();
}

Connection open_writer(const std::string& file) {
    Connection connection{file, Connection::Access::Write};
    migrate(connection, file, migrations());
    connection.execute("PRAGMA synchronous = FULL");             // fsync at every commit
    connection.execute("PRAGMA wal_autocheckpoint = 0");         // the checkpointer's work
    connection.execute("PRAGMA journal_size_limit = 67108864");  // what a log that a long read let grow shrinks to
    connection.execute("PRAGMA cache_size = -8000");             // KiB: the pages that commits come back to
    connection.execute("PRAGMA foreign_keys = OFF");
    connection.execute(
        "PRAGMA secure_delete = OFF");  // on in some builds: index entries of running executions come and go
    return connection;
}

}  // namespace

struct SqliteStore::Impl {
    explicit Impl(const std::string& path)
        : file{checked_path(path)},
          lock{file},
          connection{open_writer(file)},
          writer{connection.handle()},
          checkpointer{file, writing},
          readers{file} {
        sqlite3_wal_hook(
            connection.handle(),
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<Impl*>(self)->checkpointer.log_is(pages);
                return SQLITE_OK;
            },
            this);
    }

    const std::string file;
    FileLock lock;
    std::mutex writing;  // keeps commits and the end of a checkpoint apart; see checkpointer.hpp
    Connection connection;
    Writer writer;
    Checkpointer checkpointer;
    ReaderPool readers;
};

SqliteStore::SqliteStore(const std::string& file) : impl_{std::make_unique<Impl>(file)} {}

// Connections close from the last to the first; the writer's, as the last of all, moves the log into the file and
// removes it (unless another program has the file open: then that one does, or we at the next start).
SqliteStore::~SqliteStore() = default;

void SqliteStore::commit(std::span<const Changes> groups) {
    bool empty = true;
    for (const auto& changes : groups) empty = empty && changes.empty();
    if (empty) return;

    const std::lock_guard lock{impl_->writing};
    Transaction transaction{impl_->connection};
    impl_->writer.write(groups);
    transaction.commit();
}

std::vector<MachineRow> SqliteStore::machines() const {
    return impl_->readers.ask([](Reader& reader) { return reader.machines(); });
}

std::vector<VersionRow> SqliteStore::versions() const {
    return impl_->readers.ask([](Reader& reader) { return reader.versions(); });
}

std::vector<AliasRow> SqliteStore::aliases() const {
    return impl_->readers.ask([](Reader& reader) { return reader.aliases(); });
}

std::optional<RevisionRow> SqliteStore::revision(std::int64_t number) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.revision(number); });
}

std::vector<ActivityRow> SqliteStore::activities() const {
    return impl_->readers.ask([](Reader& reader) { return reader.activities(); });
}

std::vector<FunctionRow> SqliteStore::functions() const {
    return impl_->readers.ask([](Reader& reader) { return reader.functions(); });
}

std::vector<FunctionEventRow> SqliteStore::function_events() const {
    return impl_->readers.ask([](Reader& reader) { return reader.function_events(); });
}

std::optional<ExecutionRow> SqliteStore::find_execution(std::string_view arn) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.find_execution(arn); });
}

std::optional<ExecutionRow> SqliteStore::execution(std::int64_t number) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.execution(number); });
}

std::vector<ExecutionRow> SqliteStore::executions(const ExecutionQuery& query) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.executions(query); });
}

std::vector<ExecutionRow> SqliteStore::due_executions(const DueQuery& query) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.due_executions(query); });
}

std::vector<ExecutionRow> SqliteStore::awaited_executions(const AwaitedQuery& query) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.awaited_executions(query); });
}

std::vector<RecordedEvent> SqliteStore::events(std::int64_t execution) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.events(execution); });
}

std::vector<RecordedEvent> SqliteStore::history(const HistoryQuery& query) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.history(query); });
}

std::optional<std::string> SqliteStore::setting(std::string_view name) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.setting(name); });
}

std::optional<MapRunRow> SqliteStore::map_run(std::int64_t number) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.map_run(number); });
}

std::optional<MapRunRow> SqliteStore::find_map_run(std::string_view arn) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.find_map_run(arn); });
}

std::vector<MapRunRow> SqliteStore::running_map_runs() const {
    return impl_->readers.ask([](Reader& reader) { return reader.running_map_runs(); });
}
std::vector<MapRunRow> SqliteStore::map_runs(std::int64_t execution) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.map_runs(execution); });
}

std::vector<ExecutionRow> SqliteStore::map_run_children(const ChildQuery& query) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.map_run_children(query); });
}

StatusCounts SqliteStore::map_run_counts(std::int64_t map_run) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.map_run_counts(map_run); });
}

StatusCount SqliteStore::failed_children(std::int64_t map_run, std::int64_t events) const {
    return impl_->readers.ask([&](Reader& reader) { return reader.failed_children(map_run, events); });
}

Store::Numbers SqliteStore::last_numbers() const {
    return impl_->readers.ask([](Reader& reader) { return reader.last_numbers(); });
}

}  // namespace pawl::sqlite
