// The SQLite store's file: what opens, what is refused and with which words, older versions, other programs.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <functional>

#include "persistence/sqlite/connection.hpp"
#include "persistence/sqlite/errors.hpp"
#include "persistence/sqlite/reader.hpp"
#include "persistence/sqlite/schema.hpp"
#include "persistence/sqlite/sqlite_store.hpp"
#include "persistence/sqlite/statement.hpp"
#include "tests/persistence/samples.hpp"
#include "tests/persistence/temp_folder.hpp"

namespace pawl::sqlite {
namespace {

using samples::execution;
using samples::shown;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

void commit(Store& store, Changes changes) { store.commit(std::vector<Changes>{std::move(changes)}); }

std::string complaint(const std::function<void()>& run) {
    try {
        run();
    } catch (const StoreError& e) {
        return e.what();
    }
    return "";
}

std::string refusal(const std::string& file) {
    return complaint([&] { SqliteStore{file}; });
}

void write_file(const std::string& file, const std::string& bytes) { std::ofstream{file, std::ios::binary} << bytes; }

std::string read_file(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The super-user may write anything, so rights are tested as somebody else.
class WithoutPrivileges {
  public:
    WithoutPrivileges() {
        if (privileged_ && seteuid(65'534) != 0) throw std::runtime_error{"seteuid"};
    }
    ~WithoutPrivileges() {
        if (privileged_ && seteuid(0) != 0) std::abort();
    }
    WithoutPrivileges(const WithoutPrivileges&) = delete;
    WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

  private:
    bool privileged_ = geteuid() == 0;
};

TEST(SqliteOpen, NamesAMissingFolder) {
    const TempFolder folder;
    EXPECT_EQ(refusal(folder.file("no/pawl.db")), "there is no folder " + folder.file("no") + ": make it first");
}

TEST(SqliteOpen, RefusesAFolder) {
    const TempFolder folder;
    EXPECT_EQ(refusal(folder.path()), folder.path() + " is a folder: name a file in it");
}

TEST(SqliteOpen, RefusesWhatIsNoDatabaseAndLeavesItAlone) {
    const TempFolder folder;
    const auto file = folder.file("notes.txt");
    const std::string text(5'000, 'x');
    write_file(file, text);
    EXPECT_THAT(refusal(file), HasSubstr(file + " is not a database: name another file"));
    EXPECT_EQ(read_file(file), text);
}

TEST(SqliteOpen, RefusesADatabaseOfAnotherProgramAndLeavesItAlone) {
    const TempFolder folder;
    const auto file = folder.file("other.db");
    Connection{file, Connection::Access::Write}.execute("CREATE TABLE theirs (x)");
    const auto before = read_file(file);
    EXPECT_EQ(refusal(file), file + " is a database of another program: name another file");
    EXPECT_EQ(read_file(file), before);
}

TEST(SqliteOpen, RefusesAFileOfANewerVersionAndLeavesItAlone) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore{file};
    Connection{file, Connection::Access::Write}.execute("PRAGMA user_version = 7");
    const auto before = read_file(file);
    EXPECT_EQ(refusal(file), file + " was written by a newer version of Pawl (schema 7, this one knows " +
                                 std::to_string(migrations().size()) + "): run that version, or name another file");
    EXPECT_EQ(read_file(file), before);
}

TEST(SqliteOpen, SaysThatAFileIsDamaged) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore{file};
    auto bytes = read_file(file);
    bytes.replace(100, 2'000, 2'000, '\xee');  // the schema, behind a header that is whole
    write_file(file, bytes);
    EXPECT_THAT(refusal(file), AllOf(HasSubstr(file + " is damaged"), HasSubstr(".recover")));
}

TEST(SqliteOpen, SaysThatAFileIsCutOff) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore{file};
    ASSERT_EQ(truncate(file.c_str(), 4'096), 0);
    EXPECT_THAT(refusal(file), HasSubstr(file + " is damaged"));
}

TEST(SqliteOpen, SaysThatAFileMayNotBeWritten) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore{file};
    ASSERT_EQ(unlink((file + ".lock").c_str()), 0);
    ASSERT_EQ(chmod(folder.path().c_str(), 0777), 0);
    ASSERT_EQ(chmod(file.c_str(), 0444), 0);
    const WithoutPrivileges as_anybody;
    EXPECT_THAT(refusal(file), HasSubstr(file + " cannot be written: check the permissions"));
}

TEST(SqliteOpen, SaysThatAFileMayNotBeRead) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    write_file(file, "");
    ASSERT_EQ(chmod(folder.path().c_str(), 0777), 0);
    ASSERT_EQ(chmod(file.c_str(), 0), 0);
    const WithoutPrivileges as_anybody;
    EXPECT_THAT(refusal(file), AllOf(HasSubstr(file + " cannot be opened"), HasSubstr("Permission denied")));
}

TEST(SqliteOpen, SaysThatAFolderMayNotBeWritten) {
    const TempFolder folder;
    ASSERT_EQ(chmod(folder.path().c_str(), 0555), 0);
    const WithoutPrivileges as_anybody;
    EXPECT_THAT(refusal(folder.file("pawl.db")),
                AllOf(HasSubstr("pawl.db.lock cannot be created: Permission denied"), HasSubstr(folder.path())));
}

TEST(SqliteOpen, RefusesASecondPawlAtOnceWhateverPathItTakes) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    ASSERT_EQ(symlink(folder.path().c_str(), folder.file("link").c_str()), 0);
    const auto expected =
        file + " is in use by another Pawl (process " + std::to_string(getpid()) + "): stop it, or name another file";
    {
        SqliteStore first{file};
        EXPECT_EQ(refusal(file), expected);
        EXPECT_EQ(refusal(folder.file("./no/../pawl.db")), expected);
        EXPECT_EQ(refusal(folder.file("link/pawl.db")), expected);
        commit(first, {PutSetting{"still", "works"}});
    }
    SqliteStore second{file};
    EXPECT_EQ(second.setting("still"), "works");
}

TEST(SqliteOpen, RefusesASecondPawlOnAnotherNameOfTheFile) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db"), other = folder.file("other.db");
    const SqliteStore first{file};
    ASSERT_EQ(link(file.c_str(), other.c_str()), 0);
    EXPECT_EQ(refusal(other),
              other + " is in use by another Pawl (by another name of the file): stop it, or name another file");
}

TEST(SqliteOpen, RefusesASecondProcessAndNamesTheFirst) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    const SqliteStore first{file};
    const auto expected = "(process " + std::to_string(getpid()) + ")";
    const auto child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto found = refusal(file).find(expected);
        _exit(found == std::string::npos ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(SqliteOpen, SaysThatAnotherProgramHasLockedTheFile) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    Connection other{file, Connection::Access::Write};
    other.execute("BEGIN EXCLUSIVE");
    EXPECT_THAT(refusal(file), HasSubstr(file + " is locked by another program"));
}

TEST(SqliteOpen, CountsOnNothingBeingLeftOfItsLock) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    write_file(file + ".lock", "no process at all");  // of one that was killed
    SqliteStore{file};
    EXPECT_EQ(read_file(file + ".lock"), std::to_string(getpid()) + "\n");
}

TEST(SqliteOpen, TakesNamesThatMeanSomethingToSqlite) {
    const TempFolder folder;
    for (const std::string name : {":memory:", "file:x?mode=memory", "a'b"}) {
        commit(*std::make_unique<SqliteStore>(folder.file(name)), {PutSetting{"s", name}});
        EXPECT_EQ(SqliteStore{folder.file(name)}.setting("s"), name);
    }
}

TEST(SqliteErrors, SayWhatToDo) {
    const auto text = [](int code) { return std::string{explain(code, "F", "why").what()}; };
    EXPECT_EQ(text(SQLITE_BUSY_RECOVERY), "F is locked by another program: end it and try again (why)");
    EXPECT_EQ(text(SQLITE_FULL), "the disk is full: make room for F (why)");
    EXPECT_EQ(text(SQLITE_IOERR_FSYNC), "the disk failed on F: check the system's log (why)");
    EXPECT_EQ(text(SQLITE_READONLY_DBMOVED),
              "F cannot be written: check the permissions of the file and its folder (why)");
    EXPECT_EQ(text(SQLITE_MISUSE), "F: why");
}

// --- The file lives with others.

TEST(SqliteStore, LetsPlainReadersInWhileItWrites) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore store{file};
    Connection plain{file, Connection::Access::Read};
    EXPECT_EQ(plain.integer("SELECT count(*) FROM executions"), 0);
    commit(store, {InsertExecution{execution(1)}});
    EXPECT_EQ(plain.integer("SELECT count(*) FROM executions"), 1);
    plain.execute("BEGIN");
    EXPECT_EQ(plain.integer("SELECT count(*) FROM executions"), 1);
    commit(store, {InsertExecution{execution(2)}});  // a reader's snapshot keeps nobody waiting
    EXPECT_EQ(plain.integer("SELECT count(*) FROM executions"), 1);
}

TEST(SqliteStore, LeavesAllInOneFile) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    commit(*std::make_unique<SqliteStore>(file), {InsertExecution{execution(1)}});
    EXPECT_FALSE(std::filesystem::exists(file + "-wal"));
    std::filesystem::copy_file(file, folder.file("copy.db"));
    EXPECT_EQ(SqliteStore{folder.file("copy.db")}.execution(1), execution(1));
}

TEST(SqliteStore, NamesTheExecutionWhoseEventsAreDamaged) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    commit(*std::make_unique<SqliteStore>(file), {AppendEvents{5, 0, {shown(1)}}, AppendEvents{5, 1, {shown(2)}}});
    Connection{file, Connection::Access::Write}.execute("UPDATE events SET batch = x'02' WHERE first_id = 2");
    SqliteStore store{file};
    const auto expected =
        "batch 1 of execution 5: stored events are damaged at byte 1 of 1: format 2 is not known to "
        "this version of Pawl";
    EXPECT_EQ(complaint([&] { store.events(5); }), expected);
    EXPECT_EQ(complaint([&] { store.history({.execution = 5, .after = 1}); }), expected);
    EXPECT_EQ(store.history({.execution = 5, .limit = 1}), std::vector{shown(1)});
}

TEST(SqliteStore, RefusesNumbersThatDoNotFitItsKeys) {
    const TempFolder folder;
    SqliteStore store{folder.file("pawl.db")};
    constexpr auto most = (std::int64_t{1} << 39) - 1;
    commit(store, {AppendEvents{most, (1 << 24) - 1, {shown(1)}}});
    EXPECT_EQ(store.events(most), std::vector{shown(1)});
    EXPECT_THROW(commit(store, {AppendEvents{most + 1, 0, {shown(1)}}}), StoreError);
    EXPECT_THROW(commit(store, {AppendEvents{1, 1 << 24, {shown(1)}}}), StoreError);
    EXPECT_THROW(commit(store, {AppendEvents{1, -1, {shown(1)}}}), StoreError);
    EXPECT_THROW(commit(store, {AppendEvents{-1, 0, {shown(1)}}}), StoreError);
}

TEST(SqliteStore, ListsByIndexWithoutSorting) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore store{file};
    Connection plain{file, Connection::Access::Read};
    using Status = std::optional<ExecutionStatus>;
    for (const auto of : {std::optional<std::int64_t>{}, std::optional<std::int64_t>{1}}) {
        for (const auto status : {Status{}, Status{ExecutionStatus::Succeeded}, Status{ExecutionStatus::Running}}) {
            for (const auto after : {false, true}) {
                ExecutionQuery query{.machine = of, .status = status, .name_prefix = "run"};
                if (after) query.after = std::pair{samples::noon, 7};
                const Statement explained{plain.handle(), "EXPLAIN QUERY PLAN " + executions_sql(query)};
                std::string plan;
                for (Rows rows{explained, of, status, std::optional<Instant>{}, std::optional<std::int64_t>{}, "run", 1,
                               std::optional<std::int64_t>{}, std::optional<std::string_view>{}, 0};
                     rows.next();) {
                    plan += rows.text(3);
                    plan += '\n';
                }
                const bool open = status == ExecutionStatus::Running;
                const std::string index = of && open ? "unsuccessful_of_machine"
                                          : open     ? "unsuccessful_started"
                                          : of       ? "executions_of_machine"
                                                     : "executions_started";
                EXPECT_THAT(plan, AllOf(HasSubstr("USING INDEX " + index), Not(HasSubstr("TEMP B-TREE"))));
            }
        }
    }
}

TEST(SqliteStore, ListsWhatAVersionOrAnAliasStartedByIndex) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore store{file};
    Connection plain{file, Connection::Access::Read};
    const auto plan_of = [&](const ExecutionQuery& query) {
        const Statement explained{plain.handle(), "EXPLAIN QUERY PLAN " + executions_sql(query)};
        std::string plan;
        for (Rows rows{explained}; rows.next();) plan += rows.text(3);
        return plan;
    };
    EXPECT_THAT(plan_of({.machine = 1, .version = 2}),
                AllOf(HasSubstr("USING INDEX executions_of_version"), Not(HasSubstr("TEMP B-TREE"))));
    EXPECT_THAT(plan_of({.machine = 1, .alias = "PROD"}),
                AllOf(HasSubstr("USING INDEX executions_of_alias"), Not(HasSubstr("TEMP B-TREE"))));
}

TEST(SqliteStore, ListsChildrenByIndexWithoutSorting) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore store{file};
    Connection plain{file, Connection::Access::Read};
    const auto plan_of = [&](const std::string& sql) {
        const Statement explained{plain.handle(), "EXPLAIN QUERY PLAN " + sql};
        std::string plan;
        for (Rows rows{explained}; rows.next();) plan += rows.text(3);
        return plan;
    };
    const auto by_index = AllOf(HasSubstr("USING INDEX children_of_map_run (map_run=?"), Not(HasSubstr("TEMP B-TREE")));
    using Status = std::optional<ExecutionStatus>;
    for (const auto status : {Status{}, Status{ExecutionStatus::Succeeded}, Status{ExecutionStatus::Failed}}) {
        EXPECT_THAT(plan_of(children_sql({.map_run = 1, .status = status})), by_index);
        ExecutionQuery query{.status = status, .map_run = 1};
        EXPECT_THAT(plan_of(executions_sql(query)), by_index);
        query.after = std::pair{samples::noon, 7};
        EXPECT_THAT(plan_of(executions_sql(query)), by_index);
    }
}

TEST(SqliteStore, FindsWhatIsAwaitedByIndexWithoutSorting) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore store{file};
    Connection plain{file, Connection::Access::Read};
    const Statement explained{plain.handle(), "EXPLAIN QUERY PLAN " + awaited_sql()};
    std::string plan;
    for (Rows rows{explained}; rows.next();) plan += rows.text(3);
    EXPECT_THAT(plan, AllOf(HasSubstr("USING INDEX executions_awaited (awaited_by>?)"), Not(HasSubstr("TEMP B-TREE"))));
}

// It is that execution's own damage.
TEST(SqliteStore, TellsAStatusThatThereIsNotFromTroubleWithTheFile) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore store{file};
    const std::vector<Changes> rows{{InsertExecution{samples::execution(1)}, InsertExecution{samples::execution(2)}}};
    store.commit(rows);
    Connection{file, Connection::Access::Write}.execute("UPDATE executions SET status = 99 WHERE number = 1");
    EXPECT_THROW((void)store.execution(1), DamagedError);
    EXPECT_EQ(store.execution(2), samples::execution(2));
}

// --- Versions.

TEST(SqliteSchema, MarksANewFileAsOurs) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    SqliteStore{file};
    Connection plain{file, Connection::Access::Read};
    EXPECT_EQ(plain.integer("PRAGMA application_id"), application_id);
    EXPECT_EQ(plain.integer("PRAGMA user_version"), static_cast<std::int64_t>(migrations().size()));
}

constexpr std::array<const char*, 3> three_steps{
    "CREATE TABLE things (name TEXT)",
    "ALTER TABLE things ADD COLUMN length INTEGER; UPDATE things SET length = length(name)",
    "CREATE INDEX things_length ON things (length)"};

TEST(SqliteSchema, BringsAnOlderFileUpToDate) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    Connection connection{file, Connection::Access::Write};
    migrate(connection, file, std::span{three_steps}.first(1));
    connection.execute("INSERT INTO things VALUES ('four')");
    migrate(connection, file, three_steps);
    EXPECT_EQ(connection.integer("PRAGMA user_version"), 3);
    EXPECT_EQ(connection.integer("SELECT length FROM things INDEXED BY things_length WHERE length > 1"), 4);
    migrate(connection, file, three_steps);  // nothing is left to do
    EXPECT_EQ(connection.integer("PRAGMA user_version"), 3);
}

TEST(SqliteSchema, ReadsWhatTheFirstVersionWrote) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    {
        Connection connection{file, Connection::Access::Write};
        migrate(connection, file, migrations().first(1));
        connection.execute("INSERT INTO machines VALUES (1, 'arn:m', 'm', 0, 0, 1000, 1, '{}')");
        connection.execute(
            "INSERT INTO executions VALUES (7, 'arn:e', 'e', 1, 1, 0, 2000, NULL, NULL, 3, 1, 0, NULL, '')");
    }
    SqliteStore store{file};
    ASSERT_EQ(store.machines().size(), 1U);
    EXPECT_EQ(store.machines().front().last_version, 0);
    const auto execution = store.execution(7);
    ASSERT_TRUE(execution.has_value());
    EXPECT_EQ(execution->last_event, 3);
    EXPECT_EQ(execution->version, 0);
    EXPECT_EQ(execution->alias, "");
    EXPECT_EQ(execution->map_run, 0);
    EXPECT_EQ(execution->items, 1);
    EXPECT_EQ(execution->awaited_by, 0);
    EXPECT_THAT(store.awaited_executions({}), testing::IsEmpty());
    EXPECT_EQ(store.executions({}).size(), 1U);
    EXPECT_EQ(store.executions({.machine = 1, .status = ExecutionStatus::Running}).size(), 1U);
}

// The version before executions remembered who awaits them.
TEST(SqliteSchema, GoesOnWithWhatTheFifthVersionWrote) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    {
        Connection connection{file, Connection::Access::Write};
        migrate(connection, file, migrations().first(5));
        connection.execute(
            "INSERT INTO executions VALUES (7, 'arn:e', 'e', 1, 1, 0, 2000, NULL, 0, 3, 1, 0, NULL, '', '', 2, 'PROD',"
            " 0, 0, 1)");
    }
    SqliteStore store{file};
    auto row = store.execution(7).value();
    EXPECT_EQ(row.alias, "PROD");
    EXPECT_EQ(row.awaited_by, 0);
    EXPECT_THAT(store.awaited_executions({}), testing::IsEmpty());
    auto child = samples::execution(8);
    child.awaited_by = 7;
    child.awaiting_task = 5;
    row.last_event = 5;
    const std::vector<Changes> next{{UpdateExecution{row}, InsertExecution{child}}};
    store.commit(next);
    EXPECT_EQ(store.execution(7), row);
    EXPECT_THAT(store.awaited_executions({}), testing::ElementsAre(child));
}

TEST(SqliteSchema, LeavesAFileAsItWasWhenAStepFails) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    Connection connection{file, Connection::Access::Write};
    migrate(connection, file, std::span{three_steps}.first(1));
    constexpr std::array<const char*, 3> broken{three_steps[0], three_steps[1], "CREATE TABLE things (again TEXT)"};
    EXPECT_THROW(migrate(connection, file, broken), StoreError);
    EXPECT_EQ(connection.integer("PRAGMA user_version"), 1);
    EXPECT_THROW(connection.execute("SELECT length FROM things"), StoreError);
    migrate(connection, file, three_steps);
    EXPECT_EQ(connection.integer("PRAGMA user_version"), 3);
}

}  // namespace
}  // namespace pawl::sqlite
