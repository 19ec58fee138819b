// Map Runs and their children in every Store.
#include <gmock/gmock.h>

#include "tests/persistence/samples.hpp"
#include "tests/persistence/store_conformance.hpp"

namespace pawl::store_conformance {
namespace {

using namespace std::chrono_literals;
using samples::ended;
using samples::execution;
using samples::noon;
using testing::ElementsAre;
using testing::IsEmpty;

MapRunRow map_run(std::int64_t number, std::int64_t of_execution = 1) {
    MapRunRow row;
    row.number = number;
    row.arn = "arn:aws:states:us-east-1:123456789012:mapRun:m/label:" + std::to_string(number);
    row.execution = of_execution;
    row.task = 3;
    row.state = "Each";
    row.label = "label";
    row.revision = 1;
    row.started = noon;
    return row;
}

ExecutionRow child(std::int64_t number, std::int64_t of_map_run, std::int64_t item, std::int64_t items = 1) {
    auto row = execution(number, noon, 0);
    row.map_run = of_map_run;
    row.item = item;
    row.items = items;
    return row;
}

TEST_P(StoreConformance, KeepsEveryColumnOfAMapRun) {
    const MapRunRow full{
        7, "arn:r", 4,       12, "Each \xc3\xa9", "label", 9, noon + 1ms, noon + 2ms, MapRunStatus::Failed, 40,
        3, 12.5,    100'000, 2,  noon + 3ms};
    const auto bare = map_run(8);
    commit({PutMapRun{full}, PutMapRun{bare}});
    reopen();
    EXPECT_EQ(store->map_run(7), full);
    EXPECT_EQ(store->map_run(8), bare);
    EXPECT_EQ(store->map_run(9), std::nullopt);
    EXPECT_EQ(store->find_map_run("arn:r"), full);
    EXPECT_EQ(store->find_map_run("arn"), std::nullopt);
    EXPECT_EQ(store->last_numbers().map_run, 8);
}

TEST_P(StoreConformance, FindsTheMapRunsThatRun) {
    auto ended = map_run(2);
    ended.status = MapRunStatus::Aborted;
    commit({PutMapRun{map_run(1)}, PutMapRun{ended}, PutMapRun{map_run(3, 2)}});
    EXPECT_THAT(store->running_map_runs(), ElementsAre(map_run(1), map_run(3, 2)));
}

TEST_P(StoreConformance, ReplacesAMapRunByItsNumber) {
    auto row = map_run(1);
    commit({PutMapRun{row}, PutMapRun{map_run(2)}});
    row.status = MapRunStatus::Aborted;
    row.stopped = noon + 1s;
    row.max_concurrency = 7;
    row.items = 12;
    row.tolerated_failure_percentage = 0.25;
    commit({PutMapRun{row}});
    reopen();
    EXPECT_EQ(store->map_run(1), row);
    EXPECT_EQ(store->find_map_run(row.arn), row);
    EXPECT_EQ(store->map_run(2), map_run(2));
}

TEST_P(StoreConformance, RefusesASecondMapRunOfTheSameArn) {
    commit({PutMapRun{map_run(1)}});
    auto other = map_run(2);
    other.arn = map_run(1).arn;
    EXPECT_THROW(commit({PutMapRun{map_run(3)}, PutMapRun{other}}), StoreError);
    reopen();
    EXPECT_EQ(store->map_run(2), std::nullopt);
    EXPECT_EQ(store->map_run(3), std::nullopt);
    EXPECT_EQ(store->find_map_run(other.arn), map_run(1));
}

TEST_P(StoreConformance, FindsTheMapRunsOfAnExecution) {
    commit({PutMapRun{map_run(3, 1)}, PutMapRun{map_run(1, 1)}, PutMapRun{map_run(2, 5)}});
    reopen();
    EXPECT_THAT(store->map_runs(1), ElementsAre(map_run(1, 1), map_run(3, 1)));
    EXPECT_THAT(store->map_runs(5), ElementsAre(map_run(2, 5)));
    EXPECT_THAT(store->map_runs(2), IsEmpty());
}

TEST_P(StoreConformance, KeepsWhatAChildIsAndWhatAnUpdateLeavesAlone) {
    const auto row = child(9, 2, 14, 5);
    commit({InsertExecution{row}});
    auto update = ended(execution(9, noon, 3));
    update.map_run = 4;
    update.item = 1;
    update.items = 2;
    commit({UpdateExecution{update}});
    reopen();
    EXPECT_EQ(store->execution(9), ended(row));
    EXPECT_EQ(store->find_execution(row.arn), ended(row));
}

TEST_P(StoreConformance, HidesChildrenFromListsThatDoNotAskForThem) {
    commit({InsertExecution{execution(1)}, InsertExecution{child(2, 1, 0)}, InsertExecution{ended(child(3, 1, 1))},
            InsertExecution{execution(4)}, InsertExecution{child(5, 2, 0)}});
    commit({UpdateExecution{ended(execution(4), ExecutionStatus::Failed)}, UpdateExecution{ended(child(5, 2, 0))}});
    reopen();
    EXPECT_THAT(numbers(store->executions({})), ElementsAre(4, 1));
    EXPECT_THAT(numbers(store->executions({.status = ExecutionStatus::Running})), ElementsAre(1));
    EXPECT_THAT(store->executions({.machine = 0}), IsEmpty());
    EXPECT_THAT(numbers(store->executions({.map_run = 1})), ElementsAre(3, 2));
    EXPECT_THAT(numbers(store->executions({.status = ExecutionStatus::Running, .map_run = 1})), ElementsAre(2));
    EXPECT_THAT(numbers(store->executions({.name_prefix = "run-5", .map_run = 2})), ElementsAre(5));
    EXPECT_THAT(store->executions({.machine = 1, .map_run = 2}), IsEmpty());
    EXPECT_THAT(store->executions({.map_run = 3}), IsEmpty());
}

TEST_P(StoreConformance, PagesThroughTheListOfChildren) {
    Changes changes;
    for (std::int64_t item = 0; item < 7; ++item) changes.emplace_back(InsertExecution{child(item + 10, 1, item)});
    changes.emplace_back(InsertExecution{child(30, 2, 3)});
    commit(std::move(changes));
    reopen();
    ExecutionQuery query{.limit = 3, .map_run = 1};
    std::vector<std::int64_t> found;
    for (auto page = store->executions(query); !page.empty(); page = store->executions(query)) {
        EXPECT_LE(page.size(), 3U);
        for (const auto number : numbers(page)) found.push_back(number);
        query.after = std::pair{page.back().started, page.back().number};
    }
    EXPECT_THAT(found, ElementsAre(16, 15, 14, 13, 12, 11, 10));
}

TEST_P(StoreConformance, WakesChildrenToo) {
    auto row = child(2, 1, 0);
    row.wake_at = noon;
    commit({InsertExecution{row}});
    reopen();
    EXPECT_THAT(numbers(store->due_executions({noon, 10})), ElementsAre(2));
}

TEST_P(StoreConformance, GivesChildrenInTheOrderOfTheirItems) {
    commit({InsertExecution{child(5, 1, 2)}, InsertExecution{child(6, 1, 0)}, InsertExecution{child(7, 1, 1)},
            InsertExecution{child(8, 2, 0)}, InsertExecution{child(9, 1, 3)}});
    commit({UpdateExecution{ended(child(6, 1, 0), ExecutionStatus::Failed)}, UpdateExecution{ended(child(9, 1, 3))}});
    reopen();
    EXPECT_THAT(numbers(store->map_run_children({.map_run = 1})), ElementsAre(6, 7, 5, 9));
    EXPECT_THAT(numbers(store->map_run_children({.map_run = 1, .limit = 2})), ElementsAre(6, 7));
    EXPECT_THAT(numbers(store->map_run_children({.map_run = 1, .after_item = 1})), ElementsAre(5, 9));
    EXPECT_THAT(numbers(store->map_run_children({.map_run = 1, .status = ExecutionStatus::Running})),
                ElementsAre(7, 5));
    EXPECT_THAT(numbers(store->map_run_children({.map_run = 1, .status = ExecutionStatus::Failed})), ElementsAre(6));
    EXPECT_THAT(store->map_run_children({.map_run = 3}), IsEmpty());
    EXPECT_THAT(store->map_run_children({.map_run = 1, .after_item = 3}), IsEmpty());
}

TEST_P(StoreConformance, CountsChildrenByStatus) {
    commit({InsertExecution{child(1, 1, 0, 10)}, InsertExecution{child(2, 1, 1, 10)},
            InsertExecution{child(3, 1, 2, 4)}, InsertExecution{child(4, 2, 0, 1)}, InsertExecution{execution(5)}});
    commit({UpdateExecution{ended(child(1, 1, 0), ExecutionStatus::TimedOut)}, UpdateExecution{ended(child(2, 1, 1))}});
    commit({UpdateExecution{ended(child(3, 1, 2))}});
    reopen();
    StatusCounts expected{};
    expected[static_cast<std::size_t>(ExecutionStatus::TimedOut)] = {1, 10};
    expected[static_cast<std::size_t>(ExecutionStatus::Succeeded)] = {2, 14};
    EXPECT_EQ(store->map_run_counts(1), expected);
    EXPECT_EQ(store->map_run_counts(3), StatusCounts{});
}

TEST_P(StoreConformance, CountsChildrenThatFailedWithManyEvents) {
    const auto with_events = [](ExecutionRow row, std::int64_t events) {
        row.last_event = events;
        return row;
    };
    commit({InsertExecution{child(1, 1, 0, 10)}, InsertExecution{child(2, 1, 1, 3)}, InsertExecution{child(3, 1, 2)},
            InsertExecution{child(4, 1, 3)}, InsertExecution{child(5, 2, 0)}});
    commit({UpdateExecution{with_events(ended(child(1, 1, 0), ExecutionStatus::Failed), 99)},
            UpdateExecution{with_events(ended(child(2, 1, 1), ExecutionStatus::TimedOut), 100)},
            UpdateExecution{with_events(ended(child(3, 1, 2)), 100)}, UpdateExecution{with_events(child(4, 1, 3), 100)},
            UpdateExecution{with_events(ended(child(5, 2, 0), ExecutionStatus::Failed), 100)}});
    reopen();
    EXPECT_EQ(store->failed_children(1, 100), (StatusCount{1, 3}));
    EXPECT_EQ(store->failed_children(1, 99), (StatusCount{2, 13}));
    EXPECT_EQ(store->failed_children(3, 1), (StatusCount{}));
}

TEST_P(StoreConformance, HasOneChildOfAMapRunForAnItem) {
    commit({InsertExecution{child(1, 1, 0)}});
    EXPECT_THROW(commit({InsertExecution{child(2, 1, 1)}, InsertExecution{child(3, 1, 0)}}), StoreError);
    reopen();
    EXPECT_THAT(numbers(store->map_run_children({.map_run = 1})), ElementsAre(1));
    EXPECT_EQ(store->execution(2), std::nullopt);
}

}  // namespace
}  // namespace pawl::store_conformance
