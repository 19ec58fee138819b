// What every Store must do, whatever it is made of.
#include "tests/persistence/store_conformance.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/persistence/samples.hpp"

namespace pawl::store_conformance {
namespace {

using namespace std::chrono_literals;
using samples::ended;
using samples::execution;
using samples::machine;
using samples::noon;
using samples::not_shown;
using samples::revision;
using samples::shown;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreConformance, IsEmptyAtFirst) {
    EXPECT_THAT(store->machines(), IsEmpty());
    EXPECT_THAT(store->executions({}), IsEmpty());
    EXPECT_THAT(store->due_executions({noon, 10}), IsEmpty());
    EXPECT_THAT(store->awaited_executions({}), IsEmpty());
    EXPECT_THAT(store->events(1), IsEmpty());
    EXPECT_THAT(store->history({.execution = 1}), IsEmpty());
    EXPECT_EQ(store->revision(1), std::nullopt);
    EXPECT_EQ(store->execution(1), std::nullopt);
    EXPECT_EQ(store->find_execution("arn"), std::nullopt);
    EXPECT_EQ(store->setting("x"), std::nullopt);
    EXPECT_EQ(store->map_run(1), std::nullopt);
    EXPECT_EQ(store->find_map_run("arn"), std::nullopt);
    EXPECT_THAT(store->map_runs(1), IsEmpty());
    const auto [machine, revision, execution, map_run] = store->last_numbers();
    EXPECT_EQ(machine + revision + execution + map_run, 0);
}

TEST_P(StoreConformance, CommitsNothingWithoutComplaint) {
    store->commit({});
    commit({});
    EXPECT_THAT(store->executions({}), IsEmpty());
}

TEST_P(StoreConformance, KeepsEveryColumn) {
    MachineRow full_machine{
        7, "arn:m", "m \xe2\x82\xac", asl::MachineType::Express, MachineStatus::Deleting, noon + 1ms, 9, R"({"k":"v"})",
        3};
    RevisionRow full_revision{9, 7, "rev", noon + 2ms, "{\n  \"StartAt\": \"\xc3\xa9\" }", "role", R"({"a":1})"};
    ExecutionRow full_execution{11,         "arn:e",      "e",         7,  9,     ExecutionStatus::Running,
                                noon + 3ms, noon + 4ms,   noon + 5ms,  12, 3,     1,
                                noon + 6ms, "Root=1-2-3", "HappyPath", 2,  "PROD"};
    full_execution.awaited_by = 4;
    full_execution.awaiting_task = 17;
    ExecutionRow bare = execution(12);
    commit(
        {PutMachine{full_machine}, PutRevision{full_revision}, InsertExecution{full_execution}, InsertExecution{bare}});
    reopen();
    EXPECT_THAT(store->machines(), ElementsAre(full_machine));
    EXPECT_EQ(store->revision(9), full_revision);
    EXPECT_EQ(store->execution(11), full_execution);
    EXPECT_EQ(store->execution(12), bare);
    EXPECT_EQ(store->find_execution("arn:e"), full_execution);
    EXPECT_EQ(store->find_execution(bare.arn), bare);
    EXPECT_EQ(store->find_execution("arn"), std::nullopt);
}

TEST_P(StoreConformance, ReplacesAMachineByItsNumber) {
    auto row = machine(1, "a");
    commit({PutMachine{row}, PutMachine{machine(2, "b")}});
    row.status = MachineStatus::Deleting;
    row.revision = 5;
    row.tags = R"({"x":"y"})";
    commit({PutMachine{row}});
    reopen();
    EXPECT_THAT(store->machines(), ElementsAre(row, machine(2, "b")));
}

TEST_P(StoreConformance, HidesDeletedMachinesAndGivesTheirArnToOthers) {
    auto old = machine(1, "a");
    commit({PutMachine{old}});
    old.status = MachineStatus::Deleted;
    commit({PutMachine{old}, PutMachine{machine(2, "a")}});
    reopen();
    EXPECT_THAT(store->machines(), ElementsAre(machine(2, "a")));
    EXPECT_EQ(store->last_numbers().machine, 2);
}

TEST_P(StoreConformance, KeepsTheNumberOfADeletedMachineTaken) {
    auto row = machine(3, "a");
    row.status = MachineStatus::Deleted;
    commit({PutMachine{row}});
    EXPECT_EQ(store->last_numbers().machine, 3);
}

TEST_P(StoreConformance, KnowsTheHighestNumbers) {
    commit({PutMachine{machine(2, "a")}, PutRevision{revision(8, 2)}, PutRevision{revision(5, 2)},
            InsertExecution{execution(40)}, InsertExecution{execution(39)}});
    reopen();
    const auto last = store->last_numbers();
    EXPECT_EQ(last.machine, 2);
    EXPECT_EQ(last.revision, 8);
    EXPECT_EQ(last.execution, 40);
}

TEST_P(StoreConformance, UpdatesOnlyTheColumnsThatChange) {
    const auto before = execution(1);
    commit({InsertExecution{before}});
    ExecutionRow update{1,         "other",   "other",   99, 99,     ExecutionStatus::PendingRedrive,
                        noon + 1h, noon + 2h, noon + 3h, 20, 4,      2,
                        noon + 4h, "other",   "other",   9,  "OTHER"};
    update.awaited_by = 3;
    update.awaiting_task = 5;
    commit({UpdateExecution{update}});
    reopen();
    auto expected = before;
    expected.status = update.status;
    expected.stopped = update.stopped;
    expected.wake_at = update.wake_at;
    expected.last_event = 20;
    expected.batches = 4;
    expected.redrive_count = 2;
    expected.redriven = update.redriven;
    EXPECT_EQ(store->execution(1), expected);
}

TEST_P(StoreConformance, UpdatesStepByStep) {
    auto row = execution(1);
    row.wake_at = noon;
    commit({InsertExecution{row}});
    row.last_event = 5;  // status and wake_at as before
    row.batches = 1;
    commit({UpdateExecution{row}});
    EXPECT_EQ(store->execution(1), row);
    row.wake_at.reset();
    commit({UpdateExecution{row}});
    EXPECT_EQ(store->execution(1), row);
    row.last_event = 9;
    commit({UpdateExecution{row}});
    EXPECT_EQ(store->execution(1), row);
    row = ended(row);
    commit({UpdateExecution{row}});
    EXPECT_EQ(store->execution(1), row);
}

TEST_P(StoreConformance, TakesAllThatHappensToAnExecutionInOneCommit) {
    auto first = execution(1);
    first.wake_at = noon;
    auto second = first;
    second.batches = 1;
    const auto last = ended(second);
    store->commit(std::vector<Changes>{{InsertExecution{first}, AppendEvents{1, 0, {shown(1)}}},
                                       {InsertExecution{execution(2)}},
                                       {UpdateExecution{second}},
                                       {UpdateExecution{last}, AppendEvents{1, 1, {shown(2)}}}});
    EXPECT_EQ(store->execution(1), last);
    EXPECT_EQ(store->execution(2), execution(2));
    EXPECT_THAT(ids(store->events(1)), ElementsAre(1, 2));
    EXPECT_THAT(store->due_executions({noon + 1h, 10}), IsEmpty());
    EXPECT_THAT(numbers(store->executions({.status = ExecutionStatus::Running})), ElementsAre(2));
}

TEST_P(StoreConformance, TakesSeveralUpdatesOfAnOlderExecutionInOneCommit) {
    auto row = execution(1);
    commit({InsertExecution{row}});
    auto first = row;
    first.last_event = 3;
    first.wake_at = noon;
    const auto last = ended(first);
    commit({UpdateExecution{first}, UpdateExecution{last}});
    EXPECT_EQ(store->execution(1), last);
}

// --- What fails, fails as a whole.

struct BadChanges {
    std::string name;
    std::function<Changes()> make;
};

std::vector<BadChanges> bad_changes() {
    auto same_arn = execution(50);
    same_arn.arn = execution(1).arn;
    return {
        {"ExecutionNumberTaken", [] { return Changes{InsertExecution{execution(1, noon, 9)}}; }},
        {"ExecutionArnTaken", [same_arn] { return Changes{InsertExecution{same_arn}}; }},
        {"ExecutionInsertedTwice",
         [] {
             return Changes{InsertExecution{execution(60)}, InsertExecution{execution(60)}};
         }},
        {"UpdateBeforeInsert",
         [] {
             return Changes{UpdateExecution{execution(60)}, InsertExecution{execution(60)}};
         }},
        {"NoSuchExecution", [] { return Changes{UpdateExecution{execution(60)}}; }},
        {"BatchTaken",
         [] {
             return Changes{AppendEvents{1, 0, {shown(9)}}};
         }},
        {"RevisionTaken", [] { return Changes{PutRevision{revision(1, 1)}}; }},
        {"MachineArnTaken", [] { return Changes{PutMachine{machine(30, "a")}}; }},
    };
}

TEST_P(StoreConformance, StoresNothingOfACommitThatFails) {
    const auto kept = execution(1);
    commit({PutMachine{machine(1, "a")}, PutRevision{revision(1, 1)}, InsertExecution{kept},
            AppendEvents{1, 0, {shown(1)}}, PutSetting{"s", "old"}});
    auto progress = kept;
    progress.wake_at = noon;
    auto renamed = machine(1, "a");
    renamed.tags = R"({"new":"1"})";
    for (const auto& bad : bad_changes()) {
        SCOPED_TRACE(bad.name);
        const Changes good{PutMachine{renamed},
                           PutMachine{machine(2, "b")},
                           PutRevision{revision(2, 2)},
                           UpdateExecution{progress},
                           InsertExecution{execution(2)},
                           AppendEvents{1, 1, {shown(2)}},
                           AppendEvents{2, 0, {shown(1)}},
                           PutSetting{"s", "new"},
                           PutSetting{"t", "new"}};
        EXPECT_THROW(store->commit(std::vector<Changes>{good, bad.make(), {PutSetting{"u", ""}}}), StoreError);
        reopen();
        EXPECT_THAT(store->machines(), ElementsAre(machine(1, "a")));
        EXPECT_EQ(store->revision(2), std::nullopt);
        EXPECT_THAT(store->executions({}), ElementsAre(kept));
        EXPECT_THAT(store->due_executions({noon, 10}), IsEmpty());
        EXPECT_EQ(store->find_execution(execution(2).arn), std::nullopt);
        EXPECT_THAT(ids(store->events(1)), ElementsAre(1));
        EXPECT_THAT(store->events(2), IsEmpty());
        EXPECT_EQ(store->setting("s"), "old");
        EXPECT_EQ(store->setting("t"), std::nullopt);
        EXPECT_EQ(store->setting("u"), std::nullopt);
    }
    commit({UpdateExecution{progress}});  // and goes on working
    EXPECT_EQ(store->execution(1), progress);
}

// --- Lists.

TEST_P(StoreConformance, ListsNewestFirst) {
    commit({InsertExecution{execution(1, noon)}, InsertExecution{execution(2, noon + 2s)},
            InsertExecution{execution(3, noon + 1s)}, InsertExecution{execution(4, noon)}});
    reopen();
    EXPECT_THAT(numbers(store->executions({})), ElementsAre(2, 3, 4, 1));
    EXPECT_THAT(numbers(store->executions({.limit = 2})), ElementsAre(2, 3));
    EXPECT_THAT(store->executions({.limit = 0}), IsEmpty());
}

TEST_P(StoreConformance, ListsWhatIsAskedFor) {
    commit({InsertExecution{execution(1, noon + 1s, 1)}, InsertExecution{ended(execution(2, noon + 2s, 1))},
            InsertExecution{ended(execution(3, noon + 3s, 2))},
            InsertExecution{ended(execution(4, noon + 4s, 1), ExecutionStatus::Failed)},
            InsertExecution{execution(12, noon + 5s, 2)}, InsertExecution{execution(6, noon + 6s, 1)}});
    const auto list = [this](std::optional<std::int64_t> of, std::optional<ExecutionStatus> status,
                             const std::string& prefix) {
        return numbers(store->executions({.machine = of, .status = status, .name_prefix = prefix}));
    };
    using enum ExecutionStatus;
    EXPECT_THAT(list(1, {}, ""), ElementsAre(6, 4, 2, 1));
    EXPECT_THAT(list(2, {}, ""), ElementsAre(12, 3));
    EXPECT_THAT(list(3, {}, ""), IsEmpty());
    EXPECT_THAT(list({}, Running, ""), ElementsAre(6, 12, 1));
    EXPECT_THAT(list({}, Succeeded, ""), ElementsAre(3, 2));
    EXPECT_THAT(list({}, Aborted, ""), IsEmpty());
    EXPECT_THAT(list(1, Running, ""), ElementsAre(6, 1));
    EXPECT_THAT(list(1, Succeeded, ""), ElementsAre(2));
    EXPECT_THAT(list(1, Failed, ""), ElementsAre(4));
    EXPECT_THAT(list({}, {}, "run-1"), ElementsAre(12, 1));
    EXPECT_THAT(list(2, Running, "run-1"), ElementsAre(12));
    EXPECT_THAT(list({}, {}, "run-%"), IsEmpty());
    EXPECT_THAT(list({}, {}, "RUN"), IsEmpty());
}

TEST_P(StoreConformance, PrefixesAreTextAndNotPatterns) {
    auto row = execution(1);
    row.name = "\xc3\xa9_%'x";
    commit({InsertExecution{row}});
    EXPECT_THAT(numbers(store->executions({.name_prefix = "\xc3\xa9_%'"})), ElementsAre(1));
    EXPECT_THAT(store->executions({.name_prefix = "e"}), IsEmpty());
    EXPECT_THAT(store->executions({.name_prefix = "\xc3\xa9_%'x "}), IsEmpty());
}

TEST_P(StoreConformance, PagesThroughAListOfAnyKind) {
    Changes changes;
    for (std::int64_t n = 1; n <= 57; ++n) {
        const auto row = execution(n, noon + Millis{(n * 7) % 10}, 1 + n % 2);  // many start at the same time
        changes.emplace_back(InsertExecution{n % 3 == 0 ? ended(row) : row});
    }
    commit(changes);
    for (const std::optional<std::int64_t> of : {std::optional<std::int64_t>{}, std::optional<std::int64_t>{1}}) {
        for (const std::optional<ExecutionStatus> status :
             {std::optional<ExecutionStatus>{}, std::optional{ExecutionStatus::Running},
              std::optional{ExecutionStatus::Succeeded}}) {
            const auto all = store->executions({.machine = of, .status = status});
            std::vector<ExecutionRow> paged;
            ExecutionQuery query{.machine = of, .status = status, .limit = 4};
            for (auto page = store->executions(query); !page.empty(); page = store->executions(query)) {
                EXPECT_LE(page.size(), 4U);
                paged.insert(paged.end(), page.begin(), page.end());
                query.after = std::pair{page.back().started, page.back().number};
            }
            EXPECT_EQ(paged, all);
            EXPECT_GT(paged.size(), 5U);
        }
    }
}

TEST_P(StoreConformance, FindsWhatIsDueSoonestFirst) {
    const auto waking = [](std::int64_t number, std::optional<Instant> when) {
        auto row = execution(number);
        row.wake_at = when;
        return InsertExecution{row};
    };
    auto gone = ended(execution(9));
    gone.wake_at = noon;  // no store relies on it being empty then
    commit({waking(1, noon + 2s), waking(2, noon), waking(3, std::nullopt), waking(4, Instant{}), waking(5, noon + 1s),
            waking(6, noon), InsertExecution{gone}});
    reopen();
    EXPECT_THAT(numbers(store->due_executions({noon + 1s, 10})), ElementsAre(4, 2, 6, 5));
    EXPECT_THAT(numbers(store->due_executions({noon - 1ms, 10})), ElementsAre(4));
    EXPECT_THAT(numbers(store->due_executions({noon + 1h, 3})), ElementsAre(4, 2, 6));
    auto row = execution(2);
    row.wake_at = noon + 1h;
    commit({UpdateExecution{row}, UpdateExecution{ended(execution(4))}});
    EXPECT_THAT(numbers(store->due_executions({noon + 1s, 10})), ElementsAre(6, 5));
}

TEST_P(StoreConformance, PagesThroughWhatIsDue) {
    Changes changes;
    for (std::int64_t n = 1; n <= 31; ++n) {
        auto row = execution(n);
        row.wake_at = n % 4 == 0 ? Instant{} : noon + Millis{(n * 7) % 5};  // many at the same time
        changes.emplace_back(InsertExecution{row});
    }
    commit(changes);
    const auto all = store->due_executions({noon + 3ms, 100});
    EXPECT_GT(all.size(), 20U);
    EXPECT_LT(all.size(), 31U);
    std::vector<ExecutionRow> paged;
    DueQuery query{noon + 3ms, 4};
    for (auto page = store->due_executions(query); !page.empty(); page = store->due_executions(query)) {
        EXPECT_LE(page.size(), 4U);
        paged.insert(paged.end(), page.begin(), page.end());
        query.after = std::pair{page.back().wake_at.value(), page.back().number};
    }
    EXPECT_EQ(paged, all);
}

ExecutionRow awaited(std::int64_t number, std::int64_t by, std::int64_t task = 5) {
    auto row = execution(number);
    row.awaited_by = by;
    row.awaiting_task = task;
    return row;
}

TEST_P(StoreConformance, FindsWhatIsAwaitedByWhoAwaitsIt) {
    commit({InsertExecution{awaited(2, 1)}, InsertExecution{awaited(3, 9)}, InsertExecution{awaited(4, 1, 7)},
            InsertExecution{execution(5)}, InsertExecution{ended(awaited(6, 1))}, InsertExecution{awaited(7, 3)}});
    reopen();
    EXPECT_THAT(store->awaited_executions({}),
                ElementsAre(awaited(2, 1), awaited(4, 1, 7), awaited(7, 3), awaited(3, 9)));
    EXPECT_THAT(numbers(store->awaited_executions({.after = {}, .limit = 3})), ElementsAre(2, 4, 7));
    EXPECT_THAT(numbers(store->awaited_executions({.after = {1, 2}, .limit = 2})), ElementsAre(4, 7));
    EXPECT_THAT(numbers(store->awaited_executions({.after = {3, 7}})), ElementsAre(3));
    EXPECT_THAT(store->awaited_executions({.after = {9, 3}}), IsEmpty());
}

TEST_P(StoreConformance, IsNotAwaitedAnyMoreAfterItsEndAlsoWhenItIsRedriven) {
    auto row = awaited(2, 1);
    commit({InsertExecution{row}});
    row.last_event = 4;  // it goes on
    commit({UpdateExecution{row}});
    EXPECT_THAT(store->awaited_executions({}), ElementsAre(row));
    commit({UpdateExecution{ended(row)}});
    EXPECT_THAT(store->awaited_executions({}), IsEmpty());
    row.redrive_count = 1;
    commit({UpdateExecution{row}});
    reopen();
    EXPECT_THAT(store->awaited_executions({}), IsEmpty());
    EXPECT_EQ(store->execution(2), row);
}

// --- Events.

TEST_P(StoreConformance, ForgetsEarlyBatches) {
    commit({AppendEvents{1, 0, {shown(1)}}, AppendEvents{1, 1, {shown(2)}}, AppendEvents{2, 0, {shown(1)}}});
    commit({DropEvents{1, 2}, AppendEvents{1, 2, {shown(1), shown(3)}}, DropEvents{3, 1}, DropEvents{2, 0}});
    reopen();
    EXPECT_EQ(store->events(1), (std::vector{shown(1), shown(3)}));
    EXPECT_EQ(store->events(2), std::vector{shown(1)});
}

TEST_P(StoreConformance, GivesEventsInTheOrderOfTheirBatches) {
    commit({AppendEvents{1, 0, {shown(1), not_shown(), shown(2)}}, AppendEvents{2, 0, {shown(1)}}});
    commit({AppendEvents{1, 1, {not_shown()}}, AppendEvents{1, 2, {shown(3)}}});
    reopen();
    EXPECT_EQ(store->events(1), (std::vector{shown(1), not_shown(), shown(2), not_shown(), shown(3)}));
    EXPECT_EQ(store->events(2), std::vector{shown(1)});
    EXPECT_THAT(store->events(3), IsEmpty());
    EXPECT_THAT(store->events(0), IsEmpty());
    EXPECT_THAT(store->events(-1), IsEmpty());
}

TEST_P(StoreConformance, KeepsALargeBatch) {
    std::vector<RecordedEvent> events;
    for (std::int64_t id = 1; id <= 5'000; ++id) events.push_back(shown(id));
    events.push_back(
        {5'001, 5'000, noon, 3, ExecutionSucceeded{Payload::from_text(std::string(1'000'000, ' ') + "1")}});
    commit({AppendEvents{1, 0, events}});
    reopen();
    EXPECT_EQ(store->events(1), events);
}

TEST_P(StoreConformance, ShowsHistoryInPagesBothWays) {
    commit({AppendEvents{1, 0, {shown(1), not_shown(), shown(2), shown(3)}}, AppendEvents{2, 0, {shown(1), shown(2)}}});
    commit({AppendEvents{1, 1, {not_shown(), not_shown()}}});
    commit({AppendEvents{1, 2, {not_shown(), shown(4)}}, AppendEvents{1, 3, {shown(5), not_shown()}}});
    reopen();
    const auto page = [this](bool reverse, std::int64_t after, std::size_t limit) {
        return ids(store->history({.execution = 1, .reverse = reverse, .after = after, .limit = limit}));
    };
    EXPECT_THAT(page(false, 0, 100), ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(page(true, 0, 100), ElementsAre(5, 4, 3, 2, 1));
    EXPECT_THAT(page(false, 0, 2), ElementsAre(1, 2));
    EXPECT_THAT(page(false, 2, 2), ElementsAre(3, 4));
    EXPECT_THAT(page(false, 4, 2), ElementsAre(5));
    EXPECT_THAT(page(false, 5, 2), IsEmpty());
    EXPECT_THAT(page(true, 0, 2), ElementsAre(5, 4));
    EXPECT_THAT(page(true, 4, 2), ElementsAre(3, 2));
    EXPECT_THAT(page(true, 2, 2), ElementsAre(1));
    EXPECT_THAT(page(true, 1, 2), IsEmpty());
    EXPECT_THAT(page(false, 0, 0), IsEmpty());
    EXPECT_EQ(store->history({.execution = 1, .after = 4}), std::vector{shown(5)});
    EXPECT_THAT(store->history({.execution = 3}), IsEmpty());
}

// --- Settings.

TEST_P(StoreConformance, KeepsSettingsOfAnyBytes) {
    const std::string bytes{"\x00\xff'\n\x00", 5};
    commit({PutSetting{"key", bytes}, PutSetting{"empty", ""}, PutSetting{"twice", "1"}, PutSetting{"twice", "2"}});
    reopen();
    EXPECT_EQ(store->setting("key"), bytes);
    EXPECT_EQ(store->setting("empty"), "");
    EXPECT_EQ(store->setting("twice"), "2");
    EXPECT_EQ(store->setting("Key"), std::nullopt);
}

// --- Threads.

TEST_P(StoreConformance, KeepsActivitiesByTheirArn) {
    const ActivityRow approve{"arn:aws:states:us-east-1:1:activity:approve", "approve", noon, R"({"team":"a"})", "{}"};
    const ActivityRow pack{"arn:aws:states:us-east-1:1:activity:pack", "pack", noon + Millis{1}, "{}", R"({"x":1})"};
    commit({PutActivity{pack}, PutActivity{approve}});
    EXPECT_EQ(store->activities(), (std::vector{approve, pack}));
    auto changed = pack;
    changed.tags = R"({"k":"v"})";
    commit({PutActivity{changed}, RemoveActivity{approve.arn}, RemoveActivity{"nothing"}});
    reopen();
    EXPECT_EQ(store->activities(), std::vector{changed});
}

TEST_P(StoreConformance, AnswersAnyThreadWithWhatIsCommittedAndNothingElse) {
    std::atomic<bool> done = false;
    std::atomic<int> questions = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (bool last = false; !last;) {
                last = done;
                const auto newest = store->last_numbers().execution;
                if (newest == 0) continue;
                // Of each commit all or nothing is there: two executions, their events, the setting.
                EXPECT_EQ(newest % 2, 0);
                EXPECT_TRUE(store->execution(newest - 1).has_value());
                EXPECT_EQ(store->events(newest).size(), 2U);
                EXPECT_EQ(store->history({.execution = newest - 1}).size(), 1U);
                EXPECT_GE(std::stoll(store->setting("newest").value_or("0")), newest);
                ++questions;
            }
        });
    }
    for (std::int64_t n = 1; n <= 200; n += 2) {
        store->commit(
            std::vector<Changes>{{InsertExecution{execution(n)}, AppendEvents{n, 0, {shown(1)}}},
                                 {InsertExecution{execution(n + 1)}, AppendEvents{n + 1, 0, {shown(1), shown(2)}}},
                                 {PutSetting{"newest", std::to_string(n + 1)}}});
    }
    done = true;
    threads.clear();
    EXPECT_GE(questions, 4);
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreConformance,
    testing::Values(StoreKind{"Memory", [](const TempFolder&) { return std::string{"memory:"}; }, false},
                    StoreKind{"Sqlite", [](const TempFolder& folder) { return "sqlite:" + folder.file("pawl.db"); },
                              true}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace pawl::store_conformance
