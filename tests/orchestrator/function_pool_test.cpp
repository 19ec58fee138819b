// The pool's rules: who gets a process, when, and what comes of it. The processes are real and sleep; threads of the
// test call for them, so what they do and when is exact.
#include "orchestrator/functions/function_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/orchestrator/function_support.hpp"

namespace pawl::test {
namespace {

FunctionPool::Settings places(std::size_t max_processes) {
    FunctionPool::Settings settings;
    settings.max_processes = max_processes;
    return settings;
}

TEST(FunctionPool, AnswersWithWhatTheProcessResponds) {
    FunctionPool pool{{sleeper("f")}, {}};
    const ThreadHost host{pool, echoing()};
    const auto report = run(pool, {.function = "f", .payload = R"({"a": 1})"});
    ASSERT_TRUE(report.outcome);
    EXPECT_EQ(*report.outcome, R"({"a": 1})");
    EXPECT_GT(report.init_duration, 0us);
}

TEST(FunctionPool, KeepsProcessesWarm) {
    FunctionPool pool{{sleeper("f")}, {}};
    const ThreadHost host{pool, echoing()};
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(run(pool, {.function = "f"}).outcome);
    EXPECT_EQ(host.opened, 1U);
    EXPECT_EQ(run(pool, {.function = "f"}).init_duration, 0us);
}

TEST(FunctionPool, ServesAFunctionsInvocationsInTheirOrder) {
    std::string order;
    FunctionPool pool{{sleeper("f", 1)}, {}};
    const ThreadHost host{pool, answering([&](const auto& work) {
                              order += work.payload;
                              return work.payload;
                          })};
    std::vector<std::future<InvocationReport>> futures;
    std::string expected;
    for (char c = 'a'; c <= 'z'; ++c) {
        expected += c;
        futures.push_back(invoke(pool, {.function = "f", .payload = std::string(1, c)}));
    }
    for (auto& future : futures) EXPECT_TRUE(wait(future).outcome);
    EXPECT_EQ(order, expected);
}

TEST(FunctionPool, RunsAsManyAtOnceAsTheFunctionAllows) {
    std::atomic<int> now{0}, most{0};
    FunctionPool pool{{sleeper("f", 3)}, {}};
    const ThreadHost host{pool, answering([&](const auto& work) {
                              const int running = ++now;
                              for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {}
                              std::this_thread::sleep_for(30ms);
                              --now;
                              return work.payload;
                          })};
    std::vector<std::future<InvocationReport>> futures;
    for (int i = 0; i < 12; ++i) futures.push_back(invoke(pool, {.function = "f"}));
    for (auto& future : futures) EXPECT_TRUE(wait(future).outcome);
    EXPECT_EQ(most, 3);
    EXPECT_EQ(host.opened, 3U);
}

TEST(FunctionPool, TellsThatItHasStartedBeforeItTellsTheEnd) {
    FunctionPool pool{{sleeper("f", 4)}, {}};
    const ThreadHost host{pool, echoing()};
    for (int i = 0; i < 50; ++i) {
        std::atomic<bool> started{false};
        auto future = invoke(pool, {.function = "f", .started = [&] { started = true; }});
        EXPECT_TRUE(wait(future).outcome);
        EXPECT_TRUE(started);
    }
}

TEST(FunctionPool, TakesFiveThousandAtOnce) {
    FunctionPool pool{{sleeper("f", 4)}, {}};
    const ThreadHost host{pool, echoing()};
    std::vector<std::future<InvocationReport>> futures;
    futures.reserve(5000);
    for (int i = 0; i < 5000; ++i) futures.push_back(invoke(pool, {.function = "f", .payload = std::to_string(i)}));
    for (int i = 0; i < 5000; ++i) {
        EXPECT_EQ(response_of(wait(futures[static_cast<std::size_t>(i)])), std::to_string(i));
    }
}

TEST(FunctionPool, RefusesAnswersForUnknownInvocations) {
    FunctionPool pool{{sleeper("f")}, {}};
    std::atomic<std::uint64_t> used{0};
    const ThreadHost host{pool, [&](FunctionPool& of, std::uint64_t worker) {
                              used = worker;
                              while (const auto work = of.next(worker)) {
                                  EXPECT_FALSE(of.respond(worker, "another", "1"));
                                  EXPECT_FALSE(of.respond(worker + 1, work->request_id, "1"));
                                  EXPECT_TRUE(of.respond(worker, work->request_id, "2"));
                                  EXPECT_FALSE(of.respond(worker, work->request_id, "3"));
                                  EXPECT_FALSE(of.fail(worker, work->request_id, "Late", "{}"));
                              }
                          }};
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "2");
    EXPECT_FALSE(pool.fail_init(used, "Late", "{}"));
}

TEST(FunctionPool, HandsOnTheHandlersError) {
    FunctionPool pool{{sleeper("f")}, {}};
    const ThreadHost host{pool, [](FunctionPool& of, std::uint64_t worker) {
                              while (const auto work = of.next(worker)) {
                                  of.fail(worker, work->request_id, "FromHeader", work->payload);
                              }
                          }};
    const std::string document = R"({"errorMessage": "x", "errorType": "Mine", "stackTrace": []})";
    const auto report = run(pool, {.function = "f", .payload = document});
    EXPECT_EQ(error_of(report), "Mine");
    EXPECT_EQ(report.outcome.error().document, R"({"errorMessage":"x","errorType":"Mine","stackTrace":[]})")
        << "without blanks, as AWS shows it";
    EXPECT_EQ(error_of(run(pool, {.function = "f", .payload = R"({"errorMessage": "x"})"})), "FromHeader");
    const auto empty = run(pool, {.function = "f", .payload = ""});
    EXPECT_EQ(empty.outcome.error().document, R"({"errorType":"FromHeader","errorMessage":""})");
}

TEST(FunctionPool, RefusesAResponseThatIsTooLong) {
    FunctionPool pool{{sleeper("f")}, {}};
    const ThreadHost host{pool, answering([](const auto& work) {
                              return std::string(static_cast<std::size_t>(std::stoul(work.payload)), '1');
                          })};
    EXPECT_TRUE(run(pool, {.function = "f", .payload = std::to_string(max_response_bytes)}).outcome);
    const auto report = run(pool, {.function = "f", .payload = std::to_string(max_response_bytes + 1)});
    EXPECT_EQ(error_of(report), "Function.ResponseSizeTooLarge");
    EXPECT_EQ(report.outcome.error().document,
              R"({"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum )"
              R"(allowed payload size (6291556 bytes)."})");
    EXPECT_EQ(host.opened, 1U);
}

TEST(FunctionPool, EndsAProcessAtItsTimeout) {
    FunctionPool pool{{sleeper("f", 1)}, {}};
    std::atomic<bool> late_answer{true};
    const ThreadHost host{pool, [&](FunctionPool& of, std::uint64_t worker) {
                              while (const auto work = of.next(worker)) {
                                  if (work->payload == "slow") {
                                      std::this_thread::sleep_for(300ms);
                                      late_answer = of.respond(worker, work->request_id, "too late");
                                  } else {
                                      of.respond(worker, work->request_id, "quick");
                                  }
                              }
                          }};
    auto slow = invoke(pool, {.id = "id-1", .function = "f", .payload = "slow", .timeout = 150ms});
    auto quick = invoke(pool, {.function = "f", .payload = "quick"});
    const auto report = wait(slow);
    EXPECT_EQ(error_of(report), "Sandbox.Timedout");
    EXPECT_TRUE(report.outcome.error().document.starts_with(
        R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: id-1 Error: Task timed out after 0.1)"))
        << report.outcome.error().document;
    EXPECT_TRUE(report.outcome.error().document.ends_with(R"( seconds"})"));
    EXPECT_THAT(report.log_tail,
                testing::MatchesRegex("START RequestId: id-1 Version: .LATEST\n"
                                      "[0-9]+-[0-9]+-[0-9]+T[0-9:]+[.][0-9]+Z id-1 Task timed out after 0[.]1[0-9] "
                                      "seconds\n\nEND RequestId: id-1\nREPORT RequestId: id-1\t.*\tStatus: timeout\n"));
    EXPECT_EQ(response_of(wait(quick)), "quick");
    EXPECT_TRUE(comes_true([&] { return !late_answer; }));
    EXPECT_EQ(host.opened, 2U);
}

TEST(FunctionPool, DoesNotRunWhatWaitedTooLong) {
    FunctionPool pool{{sleeper("f", 1)}, {}};
    std::string seen;
    const ThreadHost host{pool, answering([&](const auto& work) {
                              seen += work.payload;
                              std::this_thread::sleep_for(60ms);
                              return work.payload;
                          })};
    auto first = invoke(pool, {.function = "f", .payload = "1"});
    auto second = invoke(pool, {.function = "f", .payload = "2", .timeout = 10ms});
    auto third = invoke(pool, {.function = "f", .payload = "3"});
    EXPECT_TRUE(wait(first).outcome);
    EXPECT_EQ(error_of(wait(second)), "Sandbox.Timedout");
    EXPECT_TRUE(wait(third).outcome);
    EXPECT_EQ(seen, "13");
}

TEST(FunctionPool, ForgetsAQueuedInvocationThatIsCancelled) {
    FunctionPool pool{{sleeper("f", 1)}, {}};
    std::string seen;
    const ThreadHost host{pool, answering([&](const auto& work) {
                              seen += work.payload;
                              std::this_thread::sleep_for(30ms);
                              return work.payload;
                          })};
    auto first = invoke(pool, {.function = "f", .payload = "1"});
    auto second = invoke(pool, {.id = "second", .function = "f", .payload = "2"});
    auto third = invoke(pool, {.function = "f", .payload = "3"});
    pool.cancel("second");
    pool.cancel("never heard of");
    EXPECT_TRUE(wait(third).outcome);
    EXPECT_EQ(seen, "13");
    EXPECT_THROW(second.get(), std::future_error);  // dropped, not called
}

TEST(FunctionPool, KillsTheProcessOfACancelledInvocation) {
    FunctionPool pool{{sleeper("f", 1)}, {}};
    std::atomic<bool> taken{false};
    const ThreadHost host{pool, [&](FunctionPool& of, std::uint64_t worker) {
                              while (const auto work = of.next(worker)) {
                                  taken = true;
                                  if (work->payload == "answer") of.respond(worker, work->request_id, "answered");
                                  if (work->payload == "hang") return;  // the process does not, but says nothing more
                              }
                          }};
    auto hanging = invoke(pool, {.id = "hanging", .function = "f", .payload = "hang"});
    ASSERT_TRUE(comes_true([&] { return taken.load(); }));
    auto other = invoke(pool, {.function = "f", .payload = "answer"});
    pool.cancel("hanging");
    EXPECT_EQ(response_of(wait(other)), "answered");
    EXPECT_THROW(hanging.get(), std::future_error);  // dropped, not called
    EXPECT_EQ(host.opened, 2U);
}

TEST(FunctionPool, StopsIdleProcesses) {
    auto config = sleeper("f");
    config.idle_stop = 1s;
    FunctionPool pool{{config}, {}};
    const ThreadHost host{pool, echoing()};
    EXPECT_TRUE(run(pool, {.function = "f"}).outcome);
    EXPECT_EQ(host.open_now, 1U);
    EXPECT_TRUE(comes_true([&] { return host.open_now == 0; }));
    EXPECT_TRUE(run(pool, {.function = "f"}).outcome);
    EXPECT_EQ(host.opened, 2U);
}

TEST(FunctionPool, GivesThePlaceOfAProcessThatDoesNotAskAgainToAnother) {
    FunctionPool::Settings settings;
    settings.asks_again_within = 500ms;
    FunctionPool pool{{sleeper("f", 1)}, settings};
    std::atomic<bool> first{true};
    const ThreadHost host{pool, [&](FunctionPool& of, std::uint64_t worker) {
                              while (const auto work = of.next(worker)) {
                                  of.respond(worker, work->request_id, "here");
                                  if (first.exchange(false)) return;  // it says nothing more, and runs on
                              }
                          }};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(response_of(run(pool, {.function = "f"})), "here");
    EXPECT_EQ(host.opened, 2U);
    std::this_thread::sleep_for(800ms);  // who asks may wait for work longer than that
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "here");
    EXPECT_EQ(host.opened, 2U);
}

TEST(FunctionPool, GivesWorkToTheLaterOfTwoCalls) {
    FunctionPool pool{{sleeper("f")}, {}};
    std::atomic<bool> earlier_got_none{false};
    const ThreadHost host{pool, [&](FunctionPool& of, std::uint64_t worker) {
                              of.respond(worker, of.next(worker)->request_id, "first");
                              std::thread earlier{[&] { earlier_got_none = !of.next(worker); }};
                              std::this_thread::sleep_for(50ms);
                              while (const auto work = of.next(worker)) of.respond(worker, work->request_id, "later");
                              earlier.join();
                          }};
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "first");
    EXPECT_TRUE(comes_true([&] { return earlier_got_none.load(); }));  // the later call has come
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "later");
    EXPECT_EQ(host.opened, 1U);
}

TEST(FunctionPool, KeepsWorkThatCanNotBeDelivered) {
    FunctionPool pool{{sleeper("f", 2)}, {}};
    std::atomic<bool> first{true};
    const ThreadHost host{pool, [&](FunctionPool& of, std::uint64_t worker) {
                              if (first.exchange(false)) {
                                  EXPECT_FALSE(of.next(worker, [] { return false; }));
                                  return;  // the connection broke and the process says nothing more
                              }
                              while (const auto work = of.next(worker)) of.respond(worker, work->request_id, "here");
                          }};
    EXPECT_EQ(response_of(run(pool, {.function = "f"})), "here");
    EXPECT_EQ(host.opened, 2U);
}

TEST(FunctionPool, EndsAProcessThatAsksForMoreBeforeItAnswers) {
    FunctionPool pool{{sleeper("f", 1)}, {}};
    const ThreadHost host{pool, [](FunctionPool& of, std::uint64_t worker) {
                              EXPECT_TRUE(of.next(worker));
                              EXPECT_FALSE(of.next(worker));
                          }};
    const auto report = run(pool, {.id = "id-1", .function = "f"});
    EXPECT_EQ(response_of(report),
              R"(Runtime.ExitError {"errorType":"Runtime.ExitError","errorMessage":"RequestId: id-1 Error: Runtime )"
              R"(asked for the next invocation without answering this one"})");
    EXPECT_TRUE(comes_true([&] { return host.open_now == 0; }));
}

TEST(FunctionPool, FailsTheOneThatWaitedForAProcessThatCouldNotStart) {
    FunctionPool pool{{sleeper("f", 1)}, {}};
    std::atomic<int> starts{0};
    const ThreadHost host{
        pool, [&](FunctionPool& of, std::uint64_t worker) {
            if (++starts == 1) {
                EXPECT_TRUE(of.fail_init(worker, "Header", R"({"errorType":"Import","errorMessage":""})"));
                EXPECT_FALSE(of.next(worker));
                return;
            }
            while (const auto work = of.next(worker)) of.respond(worker, work->request_id, "up");
        }};
    auto first = invoke(pool, {.function = "f"});
    auto second = invoke(pool, {.function = "f"});
    const auto failed = wait(first);
    EXPECT_EQ(response_of(failed), R"(Import {"errorType":"Import","errorMessage":""})");
    EXPECT_GE(failed.billed, 1ms);
    EXPECT_THAT(failed.log_tail, testing::StartsWith("START RequestId: "));
    EXPECT_EQ(response_of(wait(second)), "up");
}

TEST(FunctionPool, DoesNotSpinOnAFunctionThatCanNotStart) {
    FunctionPool pool{{sleeper("f", 4)}, {}};
    std::atomic<int> starts{0};
    const ThreadHost host{pool, [&](FunctionPool& of, std::uint64_t worker) {
                              ++starts;
                              of.fail_init(worker, "Import", "{}");
                          }};
    std::vector<std::future<InvocationReport>> futures;
    for (int i = 0; i < 200; ++i) futures.push_back(invoke(pool, {.function = "f"}));
    for (auto& future : futures) EXPECT_EQ(error_of(wait(future)), "Import");
    EXPECT_LE(starts, 6);  // four at once, then one at a time
    const int before = starts;
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(error_of(run(pool, {.function = "f"})), "Import");
    EXPECT_EQ(starts, before + 2);
    EXPECT_GT(std::chrono::steady_clock::now() - began, 300ms);
}

TEST(FunctionPool, SaysWhatCanNotBeStarted) {
    auto config = sleeper("f");
    config.command = {"/no/such/program"};
    FunctionPool pool{{config}, {}};
    const ThreadHost host{pool, [](FunctionPool&, std::uint64_t) {}};
    const auto report = run(pool, {.id = "id-1", .function = "f"});
    EXPECT_EQ(response_of(report),
              R"(Runtime.InvalidEntrypoint {"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: id-1 )"
              R"(Error: fork/exec /no/such/program: no such file or directory"})");
    EXPECT_EQ(host.open_now, 0U);
}

TEST(FunctionPool, SaysThatThereIsNoBootstrap) {
    const TemporaryFolder folder;
    FunctionConfig config;
    config.name = "f:2";
    config.runtime = "provided.al2023";
    config.code_folder = folder.path();
    FunctionPool pool{{config}, {}};
    const ThreadHost host{pool, [](FunctionPool&, std::uint64_t) {}};
    const auto report = run(pool, {.id = "id-1", .function = "f:2"});
    const std::string message =
        "RequestId: id-1 Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
    EXPECT_EQ(
        response_of(report),
        R"(Runtime.InvalidEntrypoint {"errorType":"Runtime.InvalidEntrypoint","errorMessage":")" + message + R"("})");
    const auto log = pool.log("f")->of("id-1").value_or("");
    EXPECT_THAT(log, testing::StartsWith("START RequestId: id-1 Version: 2\n" + message +
                                         "\nRuntime.InvalidEntrypoint\nEND RequestId: id-1\nREPORT RequestId: id-1\t"));
    EXPECT_THAT(log, testing::EndsWith("\tStatus: error\tError Type: Runtime.InvalidEntrypoint\n"));
    EXPECT_EQ(report.log_tail, log);
}

TEST(FunctionPool, NamesTheFunctionsOwnTimeoutWhenItDoesNotComeUp) {
    auto config = sleeper("f");
    config.timeout = 1s;
    FunctionPool::Settings settings;
    settings.least_start_limit = 1300ms;
    FunctionPool pool{{config}, settings};
    const ThreadHost host{pool, [](FunctionPool&, std::uint64_t) {}};  // it never asks for work
    const auto report = run(pool, {.id = "id-1", .function = "f"});
    EXPECT_EQ(error_of(report), "Sandbox.Timedout");
    EXPECT_THAT(report.outcome.error().document, testing::HasSubstr("Task timed out after 1.00 seconds"));
    EXPECT_THAT(report.log_tail,
                testing::HasSubstr("Z id-1 Task timed out after 1.00 seconds\n\nEND RequestId: id-1\n"));
    EXPECT_GE(report.duration, settings.least_start_limit);
}

TEST(FunctionPool, AnswersForUnknownFunctions) {
    FunctionPool pool{{sleeper("f")}, {}};
    const ThreadHost host{pool, echoing()};
    EXPECT_TRUE(pool.knows("f"));
    EXPECT_FALSE(pool.knows("g"));
    EXPECT_EQ(error_of(run(pool, {.function = "g"})), "ResourceNotFoundException");
}

TEST(FunctionPool, SharesItsPlacesAmongFunctions) {
    FunctionPool pool{{sleeper("busy"), sleeper("other")}, places(2)};
    const ThreadHost host{pool, answering([](const auto& work) {
                              std::this_thread::sleep_for(10ms);
                              return work.payload;
                          })};
    std::vector<std::future<InvocationReport>> busy;
    for (int i = 0; i < 1000; ++i) busy.push_back(invoke(pool, {.function = "busy"}));
    EXPECT_TRUE(wait(busy[0]).outcome);
    EXPECT_TRUE(run(pool, {.function = "other"}).outcome);
    EXPECT_EQ(busy.back().wait_for(0s), std::future_status::timeout);  // it did not have to wait for all of them
    EXPECT_LE(host.open_now, 2U);
}

TEST(FunctionPool, LeavesNoWorkBehindWhenAProcessYields) {
    FunctionPool pool{{sleeper("many", 3), sleeper("few", 2)}, places(4)};
    std::promise<void> release;
    const auto released = release.get_future().share();
    const ThreadHost host{pool, answering([&](const auto& work) {
                              work.payload == "long" ? released.wait() : std::this_thread::sleep_for(50ms);
                              return work.payload;
                          })};
    const auto use_all = [&] {
        std::vector<std::future<InvocationReport>> calls;
        for (int i = 0; i < 3; ++i) calls.push_back(invoke(pool, {.function = "many"}));
        for (auto& call : calls) EXPECT_TRUE(wait(call).outcome);
    };
    auto held = invoke(pool, {.function = "few", .payload = "long"});
    use_all();
    std::this_thread::sleep_for(1100ms);  // the time slices of processes are over
    use_all();                            // and all idle but a moment: none is taken, the next one called makes way
    auto second = invoke(pool, {.function = "few"}), other = invoke(pool, {.function = "many"});
    EXPECT_TRUE(wait(other, 800ms).outcome);  // an idle process takes it at once, not a new one after a time slice
    EXPECT_TRUE(wait(second, 3s).outcome);
    EXPECT_EQ(host.opened, 5U);
    release.set_value();
    EXPECT_TRUE(wait(held).outcome);
}

TEST(FunctionPool, GivesAnIdlePlaceToTheFunctionThatNeedsIt) {
    FunctionPool pool{{sleeper("a"), sleeper("b")}, places(1)};
    const ThreadHost host{pool, echoing()};
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(run(pool, {.function = "a"}).outcome);
        EXPECT_TRUE(run(pool, {.function = "b"}).outcome);
    }
    EXPECT_LE(host.open_now, 1U);
}

TEST(FunctionPool, LeavesNobodyBehindWhenItStops) {
    std::vector<long> pids;
    std::atomic<int> callbacks{0};
    {
        FunctionPool pool{{sleeper("f", 4)}, {}};
        std::atomic<int> taken{0};
        ThreadHost host{pool, [&](FunctionPool& of, std::uint64_t worker) {
                            if (of.next(worker)) ++taken;  // and never answers
                        }};
        for (int i = 0; i < 10; ++i) {
            Invocation invocation;
            invocation.request_id = new_id();
            invocation.function = "f";
            invocation.finished = [&](const InvocationReport&) { ++callbacks; };
            pool.invoke(std::move(invocation));
        }
        ASSERT_TRUE(comes_true([&] { return taken == 4; }));
        for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/task"}) {
            std::istringstream children{contents(entry.path().string() + "/children")};
            for (long pid = 0; children >> pid;) pids.push_back(pid);
        }
    }
    EXPECT_EQ(pids.size(), 5U);  // and the guard
    EXPECT_TRUE(std::none_of(pids.begin(), pids.end(), runs));
    EXPECT_EQ(callbacks, 0);
}

}  // namespace
}  // namespace pawl::test
