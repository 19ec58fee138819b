// Executions with a test case: their mocks, their time, and what a restart leaves of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "orchestrator/clock.hpp"
#include "orchestrator/mocks/mock_config.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/journal.hpp"
#include "persistence/memory_store.hpp"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// Runs functions for real, as far as the tests see: each answers with "real".
class RealRunner final : public TaskRunner {
  public:
    std::optional<std::string> unsupported(std::string_view resource) const override {
        return resource.find(":function:") == std::string_view::npos ? std::optional<std::string>{"no such service"}
                                                                     : std::nullopt;
    }
    void start(const TaskKey&, const StartTask&, const std::string&, TaskListener listener) override {
        listener.answered(Payload::from_text("\"real\""), TaskFailure::Run);
    }
    void cancel(const TaskKey&) override {}
};

class MockedExecution : public testing::Test {
  protected:
    void open(const std::string& states, bool skip_time = true) {
        const auto config = MockConfig::parse(R"({"StateMachines": {"m": {"TestCases": {"c": )" + states +
                                              R"(}}}, "MockedResponses": {
            "One": {"0": {"Return": 1}},
            "BusyFive": {"0-4": {"Throw": {"Error": "Busy"}}, "5": {"Return": "done"}},
            "Counting": {"0": {"Return": 0}, "1": {"Return": 1}, "2": {"Return": 2}}}})");
        ASSERT_TRUE(config) << config.error();
        settings_.mocks = std::make_shared<const MockConfig>(*config);
        settings_.skip_time = skip_time;
        reopen();
    }
    void reopen() {
        orchestrator_.reset();
        orchestrator_ = std::make_unique<Orchestrator>(store_, journal_, runner_, clock_, settings_);
    }
    ExecutionView run(const std::string& definition, const std::string& test_case = "#c") {
        CreateStateMachine create;
        create.name = "m";
        create.definition = definition;
        const auto machine = orchestrator_->create_state_machine(create);
        EXPECT_TRUE(machine) << machine.error().message;
        StartExecution start;
        start.machine_arn = machine->arn + test_case;
        const auto started = orchestrator_->start_execution(start);
        EXPECT_TRUE(started) << started.error().message;
        const auto ended = orchestrator_->wait_for_end(started->arn, 10s);
        EXPECT_TRUE(ended && *ended) << "it did not end";
        return **ended;
    }

    MemoryStore store_;
    Journal journal_{store_};
    RealRunner runner_;
    ManualClock clock_{Instant{Millis{1'795'348'800'000}}};  // stands still: what passes was skipped
    OrchestratorSettings settings_;
    std::unique_ptr<Orchestrator> orchestrator_;
};

std::string task(const std::string& more, const std::string& resource = "arn:aws:states:::sqs:sendMessage") {
    return R"("T": {"Type": "Task", "Parameters": {}, "Resource": ")" + resource + R"(", )" + more + "}";
}

TEST_F(MockedExecution, WaitsAndRetriesWithoutTakingTime) {
    open(R"({"T": "BusyFive"})");
    const auto view = run(
        R"({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2592000, "Next": "T"}, )" +
        task(R"("Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 5}], "End": true)") + "}}");
    EXPECT_EQ(view.output->text(), "\"done\"");
    EXPECT_EQ(*view.row.stopped - view.row.started, 2592000s + 310s);  // 10 + 20 + 40 + 80 + 160
}

TEST_F(MockedExecution, BranchesThatWaitComeInTheOrderOfTheirTimes) {
    open("{}");
    const auto branch = [](const std::string& name, int seconds) {
        return R"({"StartAt": ")" + name + R"(", "States": {")" + name + R"(": {"Type": "Wait", "Seconds": )" +
               std::to_string(seconds) + R"(, "End": true}}})";
    };
    const auto view = run(R"({"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [)" +
                          branch("late", 300) + "," + branch("soon", 100) + "," + branch("middle", 200) + "]}}}");
    std::vector<std::string> exits;
    const auto history = orchestrator_->history({view.row.arn, false, 0, 100});
    for (const auto& recorded : *history) {
        if (const auto* left = std::get_if<StateExited>(&recorded.event)) exits.push_back(left->name);
    }
    EXPECT_THAT(exits, ElementsAre("soon", "middle", "late", "P"));
}

TEST_F(MockedExecution, TheMachinesTimeoutComesToo) {
    open(R"({"T": "One"})");
    const auto view =
        run(R"({"TimeoutSeconds": 60, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 61, "End": true}}})");
    EXPECT_EQ(view.row.status, ExecutionStatus::TimedOut);
    EXPECT_EQ(*view.row.stopped - view.row.started, 60s);
}

TEST_F(MockedExecution, InvocationsCountOnThroughIterations) {
    open(R"({"T": "Counting"})");
    const auto view = run(R"({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": [5, 5, 5], "Next": "M"},
        "M": {"Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {"StartAt": "T", "States": {)" +
                          task(R"("End": true)") + "}}}}}");
    ASSERT_TRUE(view.output) << *view.error.cause;
    EXPECT_EQ(view.output->text(), "[0,1,2]");
}

TEST_F(MockedExecution, StatesWithoutAMockAreRunForReal) {
    open(R"({"X": "One"})");
    const auto resource = "arn:aws:lambda:us-east-1:000000000000:function:f";
    EXPECT_EQ(run(R"({"StartAt": "T", "States": {)" + task(R"("End": true)", resource) + "}}").output->text(),
              "\"real\"");
    const auto view = run(R"({"StartAt": "T", "States": {)" + task(R"("End": true)", resource) + "}}", "");
    EXPECT_EQ(view.output->text(), "\"real\"");
}

TEST_F(MockedExecution, WhatNothingRunsFailsWithItsReason) {
    open(R"({"X": "One"})");
    const auto view = run(R"({"StartAt": "T", "States": {)" + task(R"("End": true)") + "}}");
    EXPECT_EQ(view.error.name, "States.Runtime");
    EXPECT_THAT(*view.error.cause, HasSubstr("no such service"));
}

TEST_F(MockedExecution, SubmitsWhatWouldBeAnsweredLater) {
    open(R"({"T": "One"})");
    const auto view = run(R"({"StartAt": "T", "States": {)" +
                          task(R"("End": true)", "arn:aws:states:::sqs:sendMessage.waitForTaskToken") + "}}");
    EXPECT_EQ(view.output->text(), "1");
    const auto events = *orchestrator_->history({view.row.arn, false, 0, 100});
    EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const auto& recorded) {
        return std::holds_alternative<TaskSubmitted>(recorded.event);
    }));
}

TEST_F(MockedExecution, AnswersActivities) {
    open(R"({"T": "One"})");
    const auto view =
        run(R"({"StartAt": "T", "States": {)" +
            task(R"("TimeoutSeconds": 5, "End": true)", "arn:aws:states:us-east-1:000000000000:activity:a") + "}}");
    EXPECT_EQ(view.output->text(), "1");
}

TEST_F(MockedExecution, KeepsItsTestCaseAndItsCountOverARestart) {
    open(R"({"T": "Counting"})", false);
    const std::string definition = R"({"StartAt": "T", "States": {)" + task(R"("Next": "W")") +
                                   R"(, "W": {"Type": "Wait", "Seconds": 60, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "D"}], "Default": "T"},
        "D": {"Type": "Succeed"}}})";
    CreateStateMachine create;
    create.name = "m";
    create.definition = definition;
    StartExecution start;
    start.machine_arn = orchestrator_->create_state_machine(create)->arn + "#c";
    const auto arn = orchestrator_->start_execution(start)->arn;
    EXPECT_FALSE(*orchestrator_->wait_for_end(arn, 50ms));
    settings_.skip_time = true;
    reopen();
    const auto ended = orchestrator_->wait_for_end(arn, 10s);
    ASSERT_TRUE(ended && *ended);
    EXPECT_EQ((*ended)->output->text(), "2");
}

TEST_F(MockedExecution, IsNotStartedForATestCaseThatThereIsNot) {
    open("{}");
    CreateStateMachine create;
    create.name = "m";
    create.definition = R"({"StartAt": "D", "States": {"D": {"Type": "Succeed"}}})";
    StartExecution start;
    start.machine_arn = orchestrator_->create_state_machine(create)->arn + "#nope";
    const auto refused = orchestrator_->start_execution(start);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().type, "ValidationException");
    EXPECT_THAT(refused.error().message, HasSubstr("it has: c"));
}

// --- activities, which time does not skip

class ActivityTasks : public MockedExecution {
  protected:
    void SetUp() override {
        reopen();
        CreateActivity create;
        create.name = "a";
        arn_ = orchestrator_->create_activity(create)->arn;
    }
    std::string start(const std::string& more = "") {
        CreateStateMachine create;
        create.name = "m";
        create.definition = R"({"StartAt": "T", "States": {)" + task(more + R"("End": true)", arn_) + "}}";
        StartExecution begin;
        begin.machine_arn = orchestrator_->create_state_machine(create)->arn;
        return orchestrator_->start_execution(begin)->arn;
    }
    // The task that a worker gets within a moment; nothing: none.
    std::optional<ActivityTask> poll(Millis patience = 2s) {
        const auto given = std::make_shared<std::promise<std::optional<ActivityTask>>>();
        auto future = given->get_future();
        const auto poll =
            orchestrator_->poll_activity(arn_, "w", [given](const auto& task) { given->set_value(*task); });
        if (future.wait_for(patience) == std::future_status::ready) return future.get();
        if (orchestrator_->stop_polling(*poll)) return std::nullopt;
        return future.get();
    }
    std::string arn_;
};

TEST_F(ActivityTasks, StartTheirClockWhenAWorkerTakesThem) {
    const auto execution = start(R"("TimeoutSeconds": 10, )");
    clock_.advance(1h);
    const auto task = poll();
    ASSERT_TRUE(task);
    EXPECT_EQ(orchestrator_->describe_execution(execution)->row.status, ExecutionStatus::Running);
    clock_.advance(11s);
    (void)orchestrator_->send_task_heartbeat(task->token);  // any message: the clock itself wakes nobody
    const auto ended = orchestrator_->wait_for_end(execution, 5s);
    ASSERT_TRUE(ended && *ended);
    EXPECT_EQ((*ended)->error.name, "States.Timeout");
    EXPECT_EQ(orchestrator_->send_task_success(task->token, "1").error().type, "TaskTimedOut");
}

TEST_F(ActivityTasks, AreQueuedAgainAfterARestartUnlessTaken) {
    const auto first = start();
    const auto taken = poll();
    const auto second = start();
    ASSERT_TRUE(taken);
    reopen();
    const auto queued = poll();
    ASSERT_TRUE(queued);
    EXPECT_FALSE(poll(50ms));
    EXPECT_TRUE(orchestrator_->send_task_success(taken->token, "\"first\""));
    EXPECT_TRUE(orchestrator_->send_task_success(queued->token, "\"second\""));
    EXPECT_EQ((*orchestrator_->wait_for_end(first, 5s))->output->text(), "\"first\"");
    EXPECT_EQ((*orchestrator_->wait_for_end(second, 5s))->output->text(), "\"second\"");
}

TEST_F(ActivityTasks, OfStoppedExecutionsAreNotGivenOut) {
    const auto execution = start();
    ASSERT_TRUE(orchestrator_->stop_execution({execution, {}}));
    EXPECT_FALSE(poll(50ms));
}

TEST_F(ActivityTasks, OfUnknownActivitiesFail) {
    arn_ += "-unknown";
    const auto ended = orchestrator_->wait_for_end(start(), 5s);
    ASSERT_TRUE(ended && *ended);
    EXPECT_EQ((*ended)->error.name, "ActivityDoesNotExist");
}

TEST_F(ActivityTasks, WaitingWorkersAreSentAwayWithTheActivity) {
    std::promise<bool> told;
    const auto poll =
        orchestrator_->poll_activity(arn_, "w", [&](const auto& task) { told.set_value(task->has_value()); });
    ASSERT_TRUE(poll);
    ASSERT_TRUE(orchestrator_->delete_activity(arn_));
    EXPECT_FALSE(told.get_future().get());
    EXPECT_FALSE(orchestrator_->stop_polling(*poll));
    EXPECT_EQ(orchestrator_->poll_activity(arn_, "w", {}).error().type, "ActivityDoesNotExist");
}

}  // namespace
}  // namespace pawl
