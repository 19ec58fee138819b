// That what the SQLite store acknowledged is on the disk, and what the disk refused is not acknowledged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "persistence/journal.hpp"
#include "persistence/sqlite/checkpointer.hpp"
#include "persistence/sqlite/connection.hpp"
#include "persistence/sqlite/sqlite_store.hpp"
#include "persistence/sqlite/statement.hpp"
#include "tests/persistence/faulty_disk.hpp"
#include "tests/persistence/samples.hpp"
#include "tests/persistence/temp_folder.hpp"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using samples::execution;
using samples::shown;
using sqlite::SqliteStore;
using testing::HasSubstr;

void commit(Store& store, Changes changes) { store.commit(std::vector<Changes>{std::move(changes)}); }

std::string complaint(const std::function<void()>& run) {
    try {
        run();
    } catch (const StoreError& e) {
        return e.what();
    }
    return "";
}

TEST(SqliteDurability, SyncsTheLogOnceACommitAndBeforeItReturns) {
    const TempFolder folder;
    FaultyDisk disk;
    SqliteStore store{folder.file("pawl.db")};
    commit(store, {PutSetting{"first", ""}});
    disk.log_syncs = 0;
    for (std::int64_t n = 1; n <= 20; ++n) {
        std::vector<Changes> group;
        for (std::int64_t i = 0; i < n; ++i) {
            group.push_back({InsertExecution{execution(100 * n + i)}, AppendEvents{100 * n + i, 0, {shown(1)}}});
        }
        store.commit(group);
        EXPECT_EQ(disk.unsynced_writes, 0);
        EXPECT_EQ(disk.log_syncs, n);
    }
}

TEST(SqliteDurability, ReportsAFullDiskAndStoresNothing) {
    const TempFolder folder;
    FaultyDisk disk;
    SqliteStore store{folder.file("pawl.db")};
    commit(store, {InsertExecution{execution(1)}});
    disk.full = true;
    EXPECT_THAT(complaint([&] {
                    commit(store, {InsertExecution{execution(2)}, AppendEvents{1, 0, {shown(1)}}});
                }),
                HasSubstr("the disk is full: make room for " + folder.file("pawl.db")));
    disk.full = false;
    EXPECT_EQ(store.execution(2), std::nullopt);
    EXPECT_TRUE(store.events(1).empty());
    commit(store, {InsertExecution{execution(2)}});
    EXPECT_EQ(store.execution(2), execution(2));
}

TEST(SqliteDurability, DoesNotAcknowledgeWhatCouldNotBeSynced) {
    const TempFolder folder;
    FaultyDisk disk;
    SqliteStore store{folder.file("pawl.db")};
    commit(store, {InsertExecution{execution(1)}});
    disk.sync_fails = true;
    EXPECT_THAT(complaint([&] { commit(store, {InsertExecution{execution(2)}}); }),
                HasSubstr("the disk failed on " + folder.file("pawl.db")));
    disk.sync_fails = false;
    EXPECT_EQ(store.execution(2), std::nullopt);
    commit(store, {InsertExecution{execution(3)}});
    EXPECT_EQ(store.execution(3), execution(3));
    EXPECT_EQ(store.execution(2), std::nullopt);
}

TEST(SqliteDurability, MovesTheLogIntoTheFileWhileItRunsAndStartsItOver) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    constexpr std::int64_t log_bytes = sqlite::Checkpointer::log_pages * 4'096;
    constexpr std::int64_t payload_bytes = 500'000;
    const auto payload = [](std::int64_t n) {
        return Payload::from_text(std::string(payload_bytes, '0') + std::to_string(n));
    };
    const auto size = [](const std::string& of) { return static_cast<std::int64_t>(std::filesystem::file_size(of)); };
    std::int64_t number = 0;
    {
        SqliteStore store{file};
        std::int64_t growing_since = 0;  // the number when the file last grew
        for (std::int64_t before = size(file); size(file) < 3 * log_bytes;) {
            ++number;
            commit(store, {InsertExecution{execution(number)},
                           AppendEvents{number, 0, {{1, 0, samples::noon, 0, ExecutionSucceeded{payload(number)}}}}});
            // Whatever the log held when it grew, thrice its limit more must have started a checkpoint.
            const auto deadline = std::chrono::steady_clock::now() + 60s;
            while (size(file) == before && (number - growing_since) * payload_bytes > 3 * log_bytes) {
                ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "nothing was moved";
                std::this_thread::sleep_for(1ms);
            }
            if (size(file) != before) growing_since = number;
            before = size(file);
        }
        EXPECT_LT(size(file + "-wal"), number * payload_bytes);
    }
    EXPECT_FALSE(std::filesystem::exists(file + "-wal"));

    sqlite::Connection plain{file, sqlite::Connection::Access::Read};
    const sqlite::Statement check{plain.handle(), "PRAGMA integrity_check"};
    sqlite::Rows rows{check};
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), "ok");
    SqliteStore store{file};
    for (std::int64_t n = 1; n <= number; ++n) {
        const auto events = store.events(n);
        ASSERT_EQ(events.size(), 1U);
        EXPECT_EQ(std::get<ExecutionSucceeded>(events[0].event).output, payload(n));
    }
}

// --- kill -9

// What the child submits, from two threads: odd and even executions, each with its events and a second commit.
[[noreturn]] void write_for_ever(const std::string& file, int acknowledge) {
    SqliteStore store{file};
    Journal journal{store};
    const auto submit = [&](std::int64_t number) {
        const auto row = execution(number);
        journal.submit({{InsertExecution{row}, AppendEvents{number, 0, {shown(1), shown(2)}}}, {}, {}});
        journal.submit({{UpdateExecution{samples::ended(row)}, AppendEvents{number, 1, {shown(3)}}},
                        [acknowledge, number] {
                            if (write(acknowledge, &number, sizeof number) != sizeof number) _exit(1);
                        },
                        [](const std::string&) { _exit(2); }});
    };
    std::jthread odd{[&] {
        for (std::int64_t n = 1;; n += 2) submit(n);
    }};
    for (std::int64_t n = 2;; n += 2) submit(n);
}

TEST(SqliteDurability, KeepsWhatItAcknowledgedWhenKilled) {
    const TempFolder folder;
    const auto file = folder.file("pawl.db");
    for (int life = 0; life < 3; ++life) {
        const auto path = file + std::to_string(life);
        std::array<int, 2> ends{};
        ASSERT_EQ(pipe(ends.data()), 0);
        const auto child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            close(ends[0]);
            write_for_ever(path, ends[1]);
        }
        close(ends[1]);
        std::set<std::int64_t> acknowledged;
        std::int64_t number = 0;
        const std::size_t enough = 300 + 700 * static_cast<std::size_t>(life);
        while (read(ends[0], &number, sizeof number) == sizeof number) {
            acknowledged.insert(number);
            if (acknowledged.size() == enough) kill(child, SIGKILL);  // then read what was still acknowledged
        }
        close(ends[0]);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;

        const SqliteStore store{path};  // its lock went with the process
        EXPECT_GE(acknowledged.size(), enough);
        for (const auto n : acknowledged) {
            EXPECT_EQ(store.execution(n), samples::ended(execution(n)));
            EXPECT_EQ(store.events(n), (std::vector{shown(1), shown(2), shown(3)}));
        }
        // Of what was not acknowledged, each submission is there as a whole or not at all, and in order: at most the
        // last group (and answers still on their way) can be more than we heard of.
        std::int64_t more = 0;
        const auto last = store.last_numbers().execution;
        for (std::int64_t n = 1; n <= last; ++n) {
            const auto row = store.execution(n);
            const auto events = store.events(n).size();
            if (!row) {
                EXPECT_EQ(events, 0U);
                continue;
            }
            const bool ended = row->status == ExecutionStatus::Succeeded;
            EXPECT_EQ(events, ended ? 3U : 2U);
            if (n > 2) {
                EXPECT_EQ(store.execution(n - 2).value().status, ExecutionStatus::Succeeded);
            }
            more += ended && !acknowledged.contains(n) ? 1 : 0;
        }
        EXPECT_LE(more, static_cast<std::int64_t>(Journal::group_limit));
    }
}

}  // namespace
}  // namespace pawl
