// Functions that come, change and go while the pool runs; what is refused; what is measured and kept in logs.
#include <gmock/gmock.h>

#include "orchestrator/functions/function_log.hpp"
#include "tests/orchestrator/function_support.hpp"

using namespace pawl;
using namespace pawl::test;

namespace {

// Answers with the id of its worker, so that a test sees which process ran.
ThreadHost::Runtime naming() {
    return [](FunctionPool& pool, std::uint64_t worker) {
        while (const auto work = pool.next(worker)) {
            pool.respond(worker, work->request_id, std::to_string(worker));
        }
    };
}

// Answers when it is told to.
struct Gate {
    std::promise<void> opened;
    std::shared_future<void> open{opened.get_future()};
    ThreadHost::Runtime runtime() {
        return [this](FunctionPool& pool, std::uint64_t worker) {
            while (const auto work = pool.next(worker)) {
                open.wait();
                pool.respond(worker, work->request_id, std::to_string(worker));
            }
        };
    }
};

FunctionConfig changed(FunctionConfig config) {
    config.environment["CHANGED"] = "yes";
    return config;
}

}  // namespace

TEST(FunctionChanges, APutFunctionRunsAtOnce) {
    FunctionPool pool{{}, {}};
    ThreadHost host{pool, echoing()};
    EXPECT_EQ(error_of(run(pool, {.function = "new"})), "ResourceNotFoundException");
    pool.put(sleeper("new"));
    EXPECT_EQ(response_of(run(pool, {.function = "new", .payload = "1"})), "1");
    EXPECT_TRUE(pool.knows("new"));
}

TEST(FunctionChanges, AnotherConfigurationGetsNewProcesses) {
    FunctionPool pool{{sleeper("f", 1)}, {}};
    ThreadHost host{pool, naming()};
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "1");
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "1");
    pool.put(changed(sleeper("f", 1)));
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "2");
}

TEST(FunctionChanges, OtherLimitsKeepTheProcesses) {
    FunctionPool pool{{sleeper("f", 1)}, {}};
    ThreadHost host{pool, naming()};
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "1");
    pool.put(sleeper("f", 5));
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "1");
}

TEST(FunctionChanges, WhatRunsFinishesAndWhatWaitsGetsTheNewConfiguration) {
    Gate gate;
    FunctionPool pool{{sleeper("f", 1)}, {}};
    ThreadHost host{pool, gate.runtime()};
    auto running = invoke(pool, {.function = "f"});
    ASSERT_TRUE(comes_true([&] { return pool.counters().at("f").running == 1; }));
    auto waiting = invoke(pool, {.function = "f"});
    pool.put(changed(sleeper("f", 1)));
    gate.opened.set_value();
    EXPECT_EQ(response_of(wait(running)), "1");
    EXPECT_EQ(response_of(wait(waiting)), "2");
}

TEST(FunctionChanges, ARemovedFunctionFinishesWhatRunsAndForgetsWhatWaits) {
    Gate gate;
    FunctionPool pool{{sleeper("f", 1)}, {}};
    ThreadHost host{pool, gate.runtime()};
    auto running = invoke(pool, {.function = "f"});
    ASSERT_TRUE(comes_true([&] { return pool.counters().at("f").running == 1; }));
    auto waiting = invoke(pool, {.function = "f"});
    pool.remove("f");
    EXPECT_FALSE(pool.knows("f"));
    const auto refused = wait(waiting);
    EXPECT_EQ(error_of(refused), "ResourceNotFoundException");
    EXPECT_TRUE(refused.outcome.error().refused);
    gate.opened.set_value();
    EXPECT_EQ(response_of(wait(running)), "1");
    EXPECT_TRUE(comes_true([&] { return host.open_now == 0; }));
}

TEST(FunctionChanges, WhoMayNotWaitIsThrottledAtTheLimit) {
    Gate gate;
    FunctionPool pool{{sleeper("f", 1), sleeper("f:1", 1)}, {}};
    ThreadHost host{pool, gate.runtime()};
    const auto at_once = [&](const std::string& function) {
        auto promise = std::make_shared<std::promise<InvocationReport>>();
        Invocation invocation;
        invocation.request_id = new_id();
        invocation.function = function;
        invocation.may_wait = false;
        invocation.finished = [promise](InvocationReport report) { promise->set_value(std::move(report)); };
        auto future = promise->get_future();
        pool.invoke(std::move(invocation));
        return future;
    };
    auto first = at_once("f");
    auto second = at_once("f");
    auto version = at_once("f:1");  // all versions share the limit
    auto patient = invoke(pool, {.function = "f"});
    EXPECT_EQ(error_of(wait(second)), "TooManyRequestsException");
    EXPECT_EQ(error_of(wait(version)), "TooManyRequestsException");
    gate.opened.set_value();
    EXPECT_EQ(response_of(wait(first)), "1");
    EXPECT_EQ(response_of(wait(patient)), "1");
    const auto counters = pool.counters().at("f");
    EXPECT_EQ(counters.throttles, 1U);
    EXPECT_EQ(counters.invocations, 2U);
}

TEST(FunctionChanges, WithoutConcurrencyEverythingIsThrottled) {
    FunctionPool pool{{sleeper("f", 0)}, {}};
    ThreadHost host{pool, echoing()};
    EXPECT_EQ(error_of(run(pool, {.function = "f"})), "TooManyRequestsException");
    pool.put(sleeper("f", 1));
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "{}");
}

TEST(FunctionMeter, RecordsEachInvocation) {
    FunctionPool pool{{sleeper("f"), sleeper("f:7")}, {}};
    ThreadHost host{pool, [](FunctionPool& to, std::uint64_t worker) {
                        while (const auto work = to.next(worker)) {
                            if (work->payload == "bad") {
                                to.fail(worker, work->request_id, "Bad", R"({"errorType":"Bad"})");
                            } else {
                                to.respond(worker, work->request_id, "1");
                            }
                        }
                    }};
    const auto report = run(pool, {.id = "a", .function = "f"});
    EXPECT_GE(report.billed, 1ms);
    std::this_thread::sleep_for(300ms);  // until the process is there, whose memory is measured: the thread was quicker
    EXPECT_GT(run(pool, {.id = "b", .function = "f", .payload = "bad"}).peak_memory_megabytes, 0U);
    run(pool, {.id = "c", .function = "f:7"});
    const auto records = pool.recent("f", 10);
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].request_id, "c");
    EXPECT_EQ(records[0].function, "f:7");
    EXPECT_EQ(records[1].error_type, "Bad");
    EXPECT_GT(records[2].init_duration, 0us);
    EXPECT_EQ(records[1].init_duration, 0us);
    EXPECT_EQ(pool.recent("f:7", 10).size(), 1U);
    EXPECT_EQ(pool.recent("f", 1).size(), 1U);
    const auto counters = pool.counters().at("f");
    EXPECT_EQ(counters.invocations, 2U);
    EXPECT_EQ(counters.errors, 1U);
    EXPECT_EQ(counters.cold_starts, 1U);
    EXPECT_EQ(counters.running, 0U);
}

TEST(FunctionMeter, KeepsNoMoreRecordsThanItsLimit) {
    FunctionMeter meter;
    for (std::size_t i = 0; i < recent_invocations + 10; ++i) meter.count({.request_id = std::to_string(i)});
    EXPECT_EQ(meter.recent().size(), recent_invocations);
    EXPECT_EQ(meter.recent().front().request_id, "10");
}

TEST(FunctionMeter, TheReportLineIsLambdas) {
    InvocationReport report{std::string{"1"}};
    report.duration = 1200us;
    report.billed = 2ms;
    report.init_duration = 80ms;
    report.peak_memory_megabytes = 31;
    EXPECT_EQ(report_line(report, 128),
              "Duration: 1.20 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 31 MB\t"
              "Init Duration: 80.00 ms");
}

TEST(FunctionMeter, NeverReportsMoreMemoryThanThereIs) {
    InvocationReport report{std::string{"1"}};
    report.peak_memory_megabytes = 131;
    EXPECT_THAT(report_line(report, 128), testing::EndsWith("\tMemory Size: 128 MB\tMax Memory Used: 128 MB"));
    EXPECT_THAT(report_line(report, 0), testing::EndsWith("\tMax Memory Used: 131 MB"));
}

class FunctionLogs : public testing::TestWithParam<bool> {
  protected:
    std::string path() const { return GetParam() ? folder_.path("f.log") : std::string{}; }
    TemporaryFolder folder_;
};

TEST_P(FunctionLogs, AreReadFromAPositionOn) {
    FunctionLog log{path()};
    log.write("one\n");
    const auto first = log.read(0, 100);
    EXPECT_EQ(first.text, "one\n");
    EXPECT_EQ(log.read(first.next, 100).text, "");
    log.write("two\n");
    EXPECT_EQ(log.read(first.next, 100).text, "two\n");
    EXPECT_EQ(log.read(1000, 100).next, first.next + 4);
    EXPECT_EQ(log.tail(6).text, "two\n");
}

TEST_P(FunctionLogs, AnInvocationIsFoundAmongOthers) {
    FunctionLog log{path()};
    log.write("START RequestId: a Version: $LATEST\nfrom a\n");
    log.write("START RequestId: b Version: $LATEST\nfrom b\nEND RequestId: b\nREPORT RequestId: b\tx\n");
    log.write("more from a\nEND RequestId: a\nREPORT RequestId: a\tx\n");
    EXPECT_EQ(log.of("a"),
              "START RequestId: a Version: $LATEST\nfrom a\nmore from a\nEND RequestId: a\nREPORT RequestId: a\tx\n");
    EXPECT_EQ(log.of("b"), "START RequestId: b Version: $LATEST\nfrom b\nEND RequestId: b\nREPORT RequestId: b\tx\n");
    EXPECT_EQ(log.of("c"), std::nullopt);
}

TEST_P(FunctionLogs, OnlyItsOwnReportEndsAnInvocation) {
    FunctionLog log{path()};
    const std::string printed =
        "REPORT RequestId: b\tx\nREPORT RequestId: a\tx\nEND RequestId: b\nREPORT RequestId: a\tx\nmore\n";
    const auto block = "START RequestId: a Version: $LATEST\n" + printed + "END RequestId: a\nREPORT RequestId: a\tx\n";
    log.write(block + "START RequestId: c Version: $LATEST\n");
    EXPECT_EQ(log.of("a"), block);
}
INSTANTIATE_TEST_SUITE_P(OnDiskAndInMemory, FunctionLogs, testing::Bool());

TEST(FunctionLog, PositionsOutliveRotation) {
    TemporaryFolder folder;
    FunctionLog log{folder.path("f.log"), 100};
    std::string all;
    std::uint64_t position = 0;
    for (int i = 0; i < 50; ++i) {
        const auto line = "line " + std::to_string(i) + "\n";
        log.write(line);
        const auto piece = log.read(position, 1000);
        position = piece.next;
        all += piece.text;
    }
    EXPECT_EQ(all.size(), position);
    EXPECT_THAT(all, testing::EndsWith("line 48\nline 49\n"));
    const auto kept = log.read(0, 1000);
    EXPECT_GT(kept.begin, 0U);
    EXPECT_LE(kept.text.size(), 200U);
    EXPECT_EQ(kept.next, position);
}

TEST(FunctionLog, InMemoryItIsBounded) {
    FunctionLog log{""};
    const std::string line(1000, 'x');
    for (int i = 0; i < 2000; ++i) log.write(line);
    const auto kept = log.read(0, 10 * function_log_memory_bytes);
    EXPECT_LE(kept.text.size(), function_log_memory_bytes);
    EXPECT_EQ(kept.next, 2'000'000U);
}
