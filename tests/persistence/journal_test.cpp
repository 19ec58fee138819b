#include "persistence/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "persistence/memory_store.hpp"
#include "tests/persistence/samples.hpp"

namespace pawl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A memory store whose commits wait at a gate while it is shut, and which notes how large each group was.
class GatedStore final : public Store {
  public:
    void shut() {
        const std::lock_guard lock{mutex_};
        open_ = false;
    }
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    void wait_for_commit() {  // until one stands at the gate
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return waiting_; });
    }
    std::vector<std::size_t> group_sizes() const {
        const std::lock_guard lock{mutex_};
        return group_sizes_;
    }

    void commit(std::span<const Changes> groups) override {
        {
            std::unique_lock lock{mutex_};
            group_sizes_.push_back(groups.size());
            waiting_ = true;
            changed_.notify_all();
            changed_.wait(lock, [this] { return open_; });
            waiting_ = false;
        }
        inner.commit(groups);
    }
    std::vector<MachineRow> machines() const override { return inner.machines(); }
    std::vector<VersionRow> versions() const override { return inner.versions(); }
    std::vector<AliasRow> aliases() const override { return inner.aliases(); }
    std::optional<RevisionRow> revision(std::int64_t n) const override { return inner.revision(n); }
    std::vector<ActivityRow> activities() const override { return inner.activities(); }
    std::vector<FunctionRow> functions() const override { return inner.functions(); }
    std::vector<FunctionEventRow> function_events() const override { return inner.function_events(); }
    std::optional<ExecutionRow> find_execution(std::string_view arn) const override {
        return inner.find_execution(arn);
    }
    std::optional<ExecutionRow> execution(std::int64_t n) const override { return inner.execution(n); }
    std::vector<ExecutionRow> executions(const ExecutionQuery& q) const override { return inner.executions(q); }
    std::vector<ExecutionRow> due_executions(const DueQuery& q) const override { return inner.due_executions(q); }
    std::vector<ExecutionRow> awaited_executions(const AwaitedQuery& q) const override {
        return inner.awaited_executions(q);
    }
    std::vector<RecordedEvent> events(std::int64_t n) const override { return inner.events(n); }
    std::vector<RecordedEvent> history(const HistoryQuery& q) const override { return inner.history(q); }
    std::optional<std::string> setting(std::string_view name) const override { return inner.setting(name); }
    std::optional<MapRunRow> map_run(std::int64_t n) const override { return inner.map_run(n); }
    std::optional<MapRunRow> find_map_run(std::string_view arn) const override { return inner.find_map_run(arn); }
    std::vector<MapRunRow> map_runs(std::int64_t n) const override { return inner.map_runs(n); }
    std::vector<MapRunRow> running_map_runs() const override { return inner.running_map_runs(); }
    std::vector<ExecutionRow> map_run_children(const ChildQuery& q) const override { return inner.map_run_children(q); }
    StatusCounts map_run_counts(std::int64_t n) const override { return inner.map_run_counts(n); }
    StatusCount failed_children(std::int64_t n, std::int64_t events) const override {
        return inner.failed_children(n, events);
    }
    Numbers last_numbers() const override { return inner.last_numbers(); }

    MemoryStore inner;

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = true;
    bool waiting_ = false;
    std::vector<std::size_t> group_sizes_;
};

Changes put(const std::string& name, const std::string& value) { return {PutSetting{name, value}}; }

// What submissions were told, in the order they were told it.
class Told {
  public:
    Submission submission(int number, Changes changes) {
        return {std::move(changes), [this, number] { note(number); },
                [this, number](const std::string& why) { note(-number, why); }};
    }
    std::vector<int> numbers() const {  // negative: failed
        const std::lock_guard lock{mutex_};
        return numbers_;
    }
    std::string why() const {
        const std::lock_guard lock{mutex_};
        return why_;
    }

  private:
    void note(int number, const std::string& why = "") {
        const std::lock_guard lock{mutex_};
        numbers_.push_back(number);
        why_ = why;
    }

    mutable std::mutex mutex_;
    std::vector<int> numbers_;
    std::string why_;
};

TEST(Journal, TellsASubmissionThatItIsDurableOnceItIs) {
    MemoryStore store;
    Journal journal{store};
    std::optional<std::string> seen;
    journal.submit({put("a", "1"), [&] { seen = store.setting("a"); }, [](const std::string& why) { FAIL() << why; }});
    journal.flush();
    EXPECT_EQ(seen, "1");
}

TEST(Journal, WritesAllThatWaitsInOneCommit) {
    GatedStore store;
    Told told;
    Journal journal{store};
    store.shut();
    journal.submit(told.submission(1, put("a", "1")));
    store.wait_for_commit();
    for (int n = 2; n <= 6; ++n) journal.submit(told.submission(n, put("a", std::to_string(n))));
    EXPECT_THAT(told.numbers(), IsEmpty());
    store.open();
    journal.flush();
    EXPECT_THAT(store.group_sizes(), ElementsAre(1, 5));
    EXPECT_THAT(told.numbers(), ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_EQ(store.setting("a"), "6");
    EXPECT_EQ(journal.stats().commits, 2U);
    EXPECT_EQ(journal.stats().submissions, 6U);
    EXPECT_EQ(journal.stats().failures, 0U);
}

TEST(Journal, KeepsGroupsWithinTheirLimit) {
    GatedStore store;
    Journal journal{store};
    store.shut();
    journal.submit({put("a", "0"), {}, {}});
    store.wait_for_commit();
    for (std::size_t n = 0; n < Journal::group_limit + 10; ++n) journal.submit({put("a", std::to_string(n)), {}, {}});
    store.open();
    journal.flush();
    EXPECT_THAT(store.group_sizes(), ElementsAre(1, Journal::group_limit, 10));
}

TEST(Journal, FailsAGroupAsAWhole) {
    GatedStore store;
    Told told;
    Journal journal{store};
    store.shut();
    store.inner.fail_commit(2);
    journal.submit(told.submission(1, put("a", "1")));
    store.wait_for_commit();
    journal.submit(told.submission(2, put("a", "2")));
    journal.submit(told.submission(3, put("b", "3")));
    store.open();
    journal.flush();
    EXPECT_THAT(told.numbers(), ElementsAre(1, -2, -3));
    EXPECT_EQ(told.why(), "the memory store was told to fail commit 2");
    EXPECT_EQ(store.setting("a"), "1");
    EXPECT_EQ(store.setting("b"), std::nullopt);
    EXPECT_EQ(journal.stats().commits, 1U);
    EXPECT_EQ(journal.stats().submissions, 3U);
    EXPECT_EQ(journal.stats().failures, 1U);
}

TEST(Journal, RefusesWorkAfterAFailureUntilItIsToResume) {
    MemoryStore store;
    Told told;
    Journal journal{store};
    store.fail_commit(1);
    journal.submit(told.submission(1, put("a", "1")));
    journal.flush();
    journal.submit(told.submission(2, put("a", "2")));
    journal.flush();
    EXPECT_THAT(told.numbers(), ElementsAre(-1, -2));
    EXPECT_EQ(told.why(), "the memory store was told to fail commit 1");
    EXPECT_EQ(store.commits(), 1U);  // the second was not even tried
    journal.resume();
    journal.submit(told.submission(3, put("a", "3")));
    journal.flush();
    EXPECT_THAT(told.numbers(), ElementsAre(-1, -2, 3));
    EXPECT_EQ(store.setting("a"), "3");
}

TEST(Journal, ResumesOnlyForWhatIsSubmittedAfterwards) {
    MemoryStore store;
    Told told;
    Journal journal{store};
    int failures = 0;
    // The journal's thread is here while the others are submitted: nothing can leave the queue meanwhile.
    journal.on_failure([&](const std::string& why) {
        ++failures;
        EXPECT_EQ(why, "the memory store was told to fail commit 1");
        EXPECT_THAT(told.numbers(), IsEmpty());
        for (int n = 2; n <= 4; ++n) journal.submit(told.submission(n, put("a", std::to_string(n))));
        journal.resume();
        for (int n = 5; n <= 6; ++n) journal.submit(told.submission(n, put("a", std::to_string(n))));
        journal.resume();  // changes nothing: it has resumed
    });
    store.fail_commit(1);
    journal.submit(told.submission(1, put("a", "1")));
    journal.flush();  // the first
    journal.flush();  // those that its failure submitted
    EXPECT_THAT(told.numbers(), ElementsAre(-1, -2, -3, -4, 5, 6));
    EXPECT_EQ(store.setting("a"), "6");
    EXPECT_EQ(store.commits(), 2U);
    EXPECT_EQ(failures, 1);
}

TEST(Journal, ResumesWithoutHavingFailed) {
    MemoryStore store;
    Told told;
    Journal journal{store};
    journal.resume();
    journal.submit(told.submission(1, put("a", "1")));
    journal.flush();
    EXPECT_THAT(told.numbers(), ElementsAre(1));
}

TEST(Journal, FailsTheGroupOfAChangeThatTheStoreRefuses) {
    MemoryStore store;
    Told told;
    Journal journal{store};
    journal.submit(told.submission(1, {UpdateExecution{samples::execution(7)}}));
    journal.flush();
    EXPECT_THAT(told.numbers(), ElementsAre(-1));
    EXPECT_EQ(told.why(), "there is no execution 7");
}

TEST(Journal, FlushesWithNothingToDo) {
    MemoryStore store;
    Journal journal{store};
    journal.flush();
    EXPECT_EQ(store.commits(), 0U);
}

TEST(Journal, WritesWhatIsLeftBeforeItEnds) {
    GatedStore store;
    Told told;
    {
        Journal journal{store};
        store.shut();
        for (int n = 1; n <= 5; ++n) journal.submit(told.submission(n, put("a", std::to_string(n))));
        store.wait_for_commit();
        store.open();
    }
    EXPECT_THAT(told.numbers(), ElementsAre(1, 2, 3, 4, 5));
    EXPECT_EQ(store.setting("a"), "5");
}

TEST(Journal, TakesSubmissionsFromItsCallbacks) {
    MemoryStore store;
    Told told;
    Journal journal{store};
    journal.submit({put("a", "1"), [&] { journal.submit(told.submission(2, put("a", "2"))); }, {}});
    journal.flush();  // the first
    journal.flush();  // the second, submitted before the first was answered
    EXPECT_THAT(told.numbers(), ElementsAre(2));
    EXPECT_EQ(store.setting("a"), "2");
}

TEST(Journal, MakesSubmittersWaitWhenItsQueueIsFull) {
    GatedStore store;
    Journal journal{store};
    store.shut();
    journal.submit({});
    store.wait_for_commit();
    for (std::size_t n = 0; n < Journal::queue_limit; ++n) journal.submit({});
    std::atomic<bool> taken = false;
    std::jthread submitter{[&] {
        journal.submit({});
        taken = true;
    }};
    // That it waits cannot be waited for; that it has not been taken while nothing could leave the queue is certain.
    std::this_thread::yield();
    EXPECT_FALSE(taken);
    store.open();
    submitter.join();
    EXPECT_TRUE(taken);
    journal.flush();
    EXPECT_EQ(journal.stats().submissions, Journal::queue_limit + 2);
}

TEST(Journal, KeepsTheOrderOfEachOfManyThreads) {
    constexpr int threads = 8;
    constexpr int each = 500;
    MemoryStore store;
    std::array<int, threads> answered{};  // touched by the journal's thread alone
    bool in_order = true;
    {
        Journal journal{store};
        std::vector<std::jthread> submitters;
        for (std::size_t t = 0; t < threads; ++t) {
            submitters.emplace_back([&, t] {
                for (int n = 1; n <= each; ++n) {
                    journal.submit({put("thread " + std::to_string(t), std::to_string(n)),
                                    [&, t, n] {
                                        in_order = in_order && answered[t] == n - 1;
                                        answered[t] = n;
                                    },
                                    {}});
                    if (n % 100 == 0) journal.flush();
                }
            });
        }
        submitters.clear();
        journal.flush();
        EXPECT_EQ(journal.stats().submissions, static_cast<std::uint64_t>(threads * each));
        EXPECT_LE(journal.stats().commits, journal.stats().submissions);
    }
    EXPECT_TRUE(in_order);
    for (std::size_t t = 0; t < threads; ++t) {
        EXPECT_EQ(answered[t], each);
        EXPECT_EQ(store.setting("thread " + std::to_string(t)), std::to_string(each));
    }
}

TEST(JournalDeathTest, EndsTheProcessWhenACallbackThrows) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            MemoryStore store;
            Journal journal{store};
            journal.submit({{}, [] { throw std::runtime_error{"oops"}; }, {}});
            journal.flush();
        },
        "journal.cpp:[0-9]+: a journal callback threw: oops");
}

TEST(JournalDeathTest, EndsTheProcessWhenACallbackWaitsForItself) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            MemoryStore store;
            Journal journal{store};
            journal.submit({{}, [&] { journal.flush(); }, {}});
            journal.flush();
        },
        "a journal callback waits for the journal");
}

}  // namespace
}  // namespace pawl
