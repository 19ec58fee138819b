// What the engine promises its callers.
#include <gmock/gmock.h>

#include "tests/orchestrator/engine_fixture.hpp"
#include "tests/support/eventually.hpp"

namespace pawl {
namespace {

using testing::HasSubstr;

class OrchestratorTest : public EngineTest {};

TEST_F(OrchestratorTest, RunsStatesThatNeedNobodyInOneCommit) {
    const auto arn = machine(passes);
    const auto commits = store_.commits();
    const auto started = start(arn, R"({"a": 1})");
    ASSERT_TRUE(started);
    EXPECT_EQ(store_.commits(), commits + 1) << "the answer is given after one commit that holds the whole run";
    const auto view = orchestrator_->describe_execution(started->arn);
    EXPECT_EQ(view->row.status, ExecutionStatus::Succeeded);
    EXPECT_EQ(view->output->text(), R"({"a": 1})") << "what nobody looks into is passed on as it came";
    EXPECT_EQ(orchestrator_->history({started->arn, false, 0, 100})->size(), 6u);
}

TEST_F(OrchestratorTest, StartsOneExecutionForOneName) {
    const auto arn = machine(waits);
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] { good += start(arn, R"({"s": 60})", "same") ? 1 : 0; });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 8) << "the same name and input while it runs is the same execution";
    EXPECT_EQ(orchestrator_->list_executions({.machine_arn = arn})->size(), 1u);
    EXPECT_EQ(start(arn, R"({"s": 61})", "same").error().type, "ExecutionAlreadyExists");
}

TEST_F(OrchestratorTest, FindsTheExecutionOfARepeatedCallWithoutAName) {
    StartExecution request;
    request.machine_arn = machine(passes);
    request.retry_key = "4c3e0f4e-6d4c-4f43-9b9e-000000000001";
    const auto first = orchestrator_->start_execution(request);
    const auto again = orchestrator_->start_execution(request);
    ASSERT_TRUE(first && again);
    EXPECT_EQ(first->arn, again->arn);
    EXPECT_EQ(first->started, again->started);
}

TEST_F(OrchestratorTest, HandsATaskOutAndTakesItsAnswerOnce) {
    const auto started = start(machine(works), R"({"n": 1})");
    auto [task, listener] = runner_.take();
    EXPECT_EQ(task.parameters.text(), R"({"n": 1})");
    listener.started();
    listener.answered(Payload::from_json({{"answer", 42}}), TaskFailure::Run);
    listener.answered(Payload::from_json({{"answer", 43}}), TaskFailure::Run);
    EXPECT_EQ(end_of(started->arn).output->text(), R"({"answer":42})");
}

TEST_F(OrchestratorTest, TakesAnswersByTokenAndKnowsLateAndFalseOnes) {
    const auto started = start(machine(asks));
    auto [task, listener] = runner_.take();
    const auto token = token_in(task);
    listener.started();
    listener.submitted(Payload{});
    EXPECT_TRUE(orchestrator_->send_task_heartbeat(token));
    EXPECT_EQ(orchestrator_->send_task_success(token, "{oops").error().type, "InvalidOutput");
    EXPECT_TRUE(orchestrator_->send_task_success(token, R"("done")"));
    EXPECT_EQ(end_of(started->arn).output->text(), R"("done")");
    EXPECT_EQ(orchestrator_->send_task_success(token, "1").error().type, "TaskTimedOut");
    EXPECT_EQ(orchestrator_->send_task_heartbeat(token).error().type, "TaskTimedOut");
    EXPECT_EQ(orchestrator_->send_task_success("garbage", "1").error().type, "InvalidToken");
}

TEST_F(OrchestratorTest, SaysOfAnInputWithMoreBehindItThatItIsNoDefinition) {
    EXPECT_EQ(
        start(machine(passes), "{} {}").error().message,
        "Invalid State Machine Execution Input: 'Unexpected character ('{' (code 123)): expected no more after the "
        "end of the JSON value'");
}

TEST_F(OrchestratorTest, TakesNoAnswerThatComesAfterTheTimeOut) {
    const auto started = start(machine(
        R"({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "TimeoutSeconds": 60, "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}, "End": true}}})"));
    auto [task, listener] = runner_.take();
    listener.started();
    listener.submitted(Payload{});
    EXPECT_TRUE(orchestrator_->send_task_heartbeat(token_in(task)));
    std::this_thread::sleep_for(50ms);  // there is nothing to do, so the shard sleeps
    clock_.jump(61s);                   // as the whole machine did; nobody has looked at the clock since
    EXPECT_EQ(orchestrator_->send_task_success(token_in(task), "1").error().type, "TaskTimedOut");
    EXPECT_EQ(end_of(started->arn).error.name, "States.Timeout");
}

TEST_F(OrchestratorTest, FindsWhatATaskStartedBeforeTheProcessEnded) {
    clock_.jump(1s);
    const auto parent = start(machine(works, "parent"));
    runner_.take();
    const auto arn = machine(passes);
    StartExecution request;
    request.machine_arn = arn;
    request.name = "one";
    request.task = TaskKey{1, 3};  // TaskScheduled of the parent
    const auto first = orchestrator_->start_execution(request);
    ASSERT_TRUE(first);
    end_of(first->arn);
    EXPECT_EQ(orchestrator_->start_execution(request).error().type, "ExecutionAlreadyExists") << "it has heard of it";
    clock_.jump(1s);
    reopen();
    const auto again = orchestrator_->start_execution(request);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->arn, first->arn);
    EXPECT_EQ(again->started, first->started);
    request.input = "1";
    EXPECT_EQ(orchestrator_->start_execution(request).error().type, "ExecutionAlreadyExists") << "another input";
    request.input.reset();
    request.task.reset();
    EXPECT_EQ(orchestrator_->start_execution(request).error().type, "ExecutionAlreadyExists") << "not of a task";
}

TEST_F(OrchestratorTest, GoesOnAfterARestart) {
    const auto working = start(machine(works), R"({"n": 1})");
    const auto waiting = start(machine(waits, "w"), R"({"s": 1})");
    runner_.take();
    reopen();
    auto [task, listener] = runner_.take();
    EXPECT_EQ(runner_.handed_out(), 2u) << "nobody answered, so the task is handed out again";
    listener.answered(Payload::from_json(7), TaskFailure::Run);
    EXPECT_EQ(end_of(working->arn).output->text(), "7");
    EXPECT_EQ(end_of(waiting->arn).row.status, ExecutionStatus::Succeeded);
}

TEST_F(OrchestratorTest, TokensSurviveARestart) {
    const auto started = start(machine(asks));
    auto [task, listener] = runner_.take();
    listener.submitted(Payload{});
    ASSERT_TRUE(test::comes_true([&] { return !store_.execution(1)->wake_at; }));
    reopen();
    EXPECT_TRUE(orchestrator_->send_task_success(token_in(task), R"("later")"));
    EXPECT_EQ(end_of(started->arn).output->text(), R"("later")");
    EXPECT_EQ(runner_.handed_out(), 1u) << "what was submitted is not handed out again";
}

TEST_F(OrchestratorTest, RunsOnAnotherNumberOfShardsAfterARestart) {
    const auto arn = machine(waits);
    std::vector<std::string> arns;
    for (int i = 0; i < 20; ++i) arns.push_back(start(arn, R"({"s": 1})")->arn);
    reopen(3);
    for (const auto& execution : arns) EXPECT_EQ(end_of(execution).row.status, ExecutionStatus::Succeeded);
}

TEST_F(OrchestratorTest, LetsGoOfExecutionsThatSleep) {
    const auto arn = machine(waits);
    std::string last;
    for (int i = 0; i < 200; ++i) last = start(arn, R"({"s": 3600})")->arn;
    ASSERT_TRUE(test::comes_true([&] { return orchestrator_->stats().executions_in_memory == 0; }));
    EXPECT_EQ(orchestrator_->stats().executions_in_memory, 0u);
    EXPECT_TRUE(orchestrator_->stop_execution({last, {"Enough", std::nullopt}}));
    EXPECT_EQ(end_of(last).error.name, "Enough");
}

TEST_F(OrchestratorTest, KeepsInMemoryWhatHasAHeartbeat) {
    const auto asks_with = [](const std::string& more) {
        return R"({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",)" +
               more + R"("Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}, "End": true}}})";
    };
    const auto in_memory = [&] { return orchestrator_->stats().executions_in_memory; };
    for (const auto& [more, kept] : {std::pair{R"("HeartbeatSeconds": 30,)", 1u}, std::pair{"", 0u}}) {
        const auto started = start(machine(asks_with(more), "m" + std::to_string(kept)));
        auto [task, listener] = runner_.take();
        listener.started();
        listener.submitted(Payload{});
        for (int beat = 0; beat < 3; ++beat) {
            EXPECT_TRUE(orchestrator_->send_task_heartbeat(token_in(task)));
            ASSERT_TRUE(test::comes_true([&] { return in_memory() == kept; }));
            std::this_thread::sleep_for(10ms);
            EXPECT_EQ(in_memory(), kept) << more;
        }
        EXPECT_TRUE(orchestrator_->send_task_success(token_in(task), "1"));
        EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Succeeded);
    }
}

TEST_F(OrchestratorTest, WakesWhatSleepsInTheStore) {
    const auto started = start(machine(waits), R"({"s": 3})");
    ASSERT_TRUE(test::comes_true([&] { return orchestrator_->stats().executions_in_memory == 0; }));
    const auto view = end_of(started->arn);
    EXPECT_GE(*view.row.stopped - view.row.started, 3s) << "never early";
    EXPECT_LT(*view.row.stopped - view.row.started, 4s);
}

TEST_F(OrchestratorTest, ForgetsNothingWhenTheStoreFails) {
    const auto arn = machine(works);
    const auto running = start(arn, R"({"n": 1})");
    auto [task, listener] = runner_.take();
    store_.fail_next_commits(1);
    const auto refused = start(arn);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().type, "ServiceUnavailable");
    auto [again, second_listener] = runner_.take();
    EXPECT_EQ(again.task, task.task);
    second_listener.answered(Payload::from_json("fine"), TaskFailure::Run);
    EXPECT_EQ(end_of(running->arn).output->text(), R"("fine")");
    EXPECT_TRUE(start(arn)) << "a store that works again takes work again";
}

TEST_F(OrchestratorTest, ReadsBackWhatAFailedCommitHadStoredAfterAll) {
    const auto arn = machine(passes);
    store_.fail_next_commits(1, MemoryStore::Fault::After);
    EXPECT_FALSE(start(arn, "{}", "named"));
    const auto other = start_when_reopened(arn, "other");
    ASSERT_TRUE(other) << other.error().message;
    EXPECT_EQ(start(arn, "{}", "named").error().type, "ExecutionAlreadyExists");
    EXPECT_EQ(other->arn, arn.substr(0, arn.find(":stateMachine")) + ":execution:m:other");
}

TEST_F(OrchestratorTest, StopsAndCancels) {
    const auto started = start(machine(works));
    ASSERT_TRUE(test::comes_true([&] { return runner_.handed_out() > 0; }));
    const auto stopped = orchestrator_->stop_execution({started->arn, {"Manual", "by hand"}});
    ASSERT_TRUE(stopped);
    const auto view = end_of(started->arn);
    EXPECT_EQ(view.row.status, ExecutionStatus::Aborted);
    EXPECT_EQ(view.error.cause, "by hand");
    EXPECT_EQ(*orchestrator_->stop_execution({started->arn, {}}), *stopped) << "once stopped, stopped";
    ASSERT_TRUE(test::comes_true([&] { return runner_.cancelled() > 0; }));
    EXPECT_EQ(runner_.cancelled(), 1u);
}

TEST_F(OrchestratorTest, RedrivesWhatFailed) {
    const auto started = start(machine(works));
    auto [task, listener] = runner_.take();
    EXPECT_EQ(orchestrator_->redrive_execution(started->arn, "").error().type, "ExecutionNotRedrivable");
    listener.answered(AslError{"Bad", std::nullopt}, TaskFailure::Run);
    EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Failed);
    const auto redriven = orchestrator_->redrive_execution(started->arn, "");
    ASSERT_TRUE(redriven);
    listener.answered(Payload::from_json(1), TaskFailure::Run);  // of the attempt before: too late
    auto [again, second_listener] = runner_.take();
    reopen();
    auto [recovered, third_listener] = runner_.take();
    EXPECT_EQ(recovered.task, again.task);
    third_listener.answered(Payload::from_json(2), TaskFailure::Run);
    const auto view = end_of(started->arn);
    EXPECT_EQ(view.output->text(), "2");
    EXPECT_EQ(view.row.redrive_count, 1);
    EXPECT_EQ(view.row.redriven, *redriven);
    EXPECT_EQ(orchestrator_->redrive_execution(started->arn, "").error().type, "ExecutionNotRedrivable");
    EXPECT_EQ(orchestrator_->redrive_execution("arn:aws:states:us-east-1:000000000000:execution:m:x", "").error().type,
              "ExecutionDoesNotExist");
}

TEST_F(OrchestratorTest, RedrivesOnceForOneTokenHoweverOftenItComes) {
    const auto started = start(machine(works));
    runner_.take().second.answered(AslError{"E", "c"}, TaskFailure::Run);
    end_of(started->arn);
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&] { good += orchestrator_->redrive_execution(started->arn, "token") ? 1 : 0; });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 16);
    EXPECT_EQ(orchestrator_->describe_execution(started->arn)->row.redrive_count, 1);
    EXPECT_EQ(orchestrator_->redrive_execution(started->arn, "another").error().message,
              "Execution Not Redrivable: 'Execution is RUNNING and cannot be redriven'");
}

TEST_F(OrchestratorTest, TellsWatchersOfWhatIsDurable) {
    std::mutex mutex;
    std::vector<std::int64_t> ids;
    const auto watching = orchestrator_->watch("", [&](const ExecutionNews& news) {
        const std::lock_guard lock{mutex};
        for (const auto& event : news.events) ids.push_back(event.id);
    });
    ASSERT_TRUE(start(machine(passes)));
    ASSERT_TRUE(test::comes_true([&] {
        const std::lock_guard lock{mutex};
        return ids.size() >= 6;
    }));
    const std::lock_guard lock{mutex};
    EXPECT_THAT(ids, testing::ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(OrchestratorTest, RefusesWhatItDoesNotRun) {
    CreateStateMachine create;
    create.name = "x";
    create.definition =
        R"({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": true}}})";
    EXPECT_THAT(orchestrator_->create_state_machine(create).error().message, HasSubstr("no such service"));
    EXPECT_TRUE(orchestrator_->list_state_machines("", 10).empty()) << "nothing is stored";
}

TEST_F(OrchestratorTest, PinsTheDefinitionThatAnExecutionStartedWith) {
    const auto arn = machine(works);
    const auto started = start(arn);
    auto [task, listener] = runner_.take();
    UpdateStateMachine update;
    update.arn = arn;
    update.definition = passes;
    ASSERT_TRUE(orchestrator_->update_state_machine(update));
    listener.answered(Payload::from_json(1), TaskFailure::Run);
    EXPECT_EQ(end_of(started->arn).output->text(), "1");
    EXPECT_EQ(orchestrator_->describe_state_machine_for_execution(started->arn)->revision.definition, works);
}

TEST_F(OrchestratorTest, EndsExecutionsOfADeletedMachineAtTheirNextStep) {
    const auto arn = machine(works);
    const auto started = start(arn);
    auto [task, listener] = runner_.take();
    EXPECT_TRUE(orchestrator_->delete_state_machine(arn));
    EXPECT_FALSE(start(arn)) << "no new ones";
    EXPECT_EQ(orchestrator_->describe_execution(started->arn)->row.status, ExecutionStatus::Running);
    listener.answered(Payload::from_json(1), TaskFailure::Run);
    EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Aborted);
    EXPECT_EQ(orchestrator_->describe_state_machine_for_execution(started->arn)->revision.definition, works);
    EXPECT_EQ(start(arn).error().type, "StateMachineDoesNotExist");
}

TEST_F(OrchestratorTest, RedrivesNothingOfADeletedMachineNorAfterARestart) {
    const auto arn = machine(works);
    const auto started = start(arn);
    runner_.take().second.answered(AslError{"No", ""}, TaskFailure::Run);
    EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Failed);
    EXPECT_TRUE(orchestrator_->delete_state_machine(arn));
    EXPECT_EQ(orchestrator_->redrive_execution(started->arn, "a").error().type, "ExecutionNotRedrivable");
    reopen();
    EXPECT_EQ(orchestrator_->redrive_execution(started->arn, "b").error().type, "ExecutionNotRedrivable");
}

TEST_F(OrchestratorTest, GoesOnWithTheOthersWhenAnExecutionIsDamaged) {
    const auto arn = machine(works);
    const auto damaged = start(arn);
    const auto sound = start(arn);
    runner_.take();
    runner_.take();
    const auto number = store_.find_execution(damaged->arn)->number;
    orchestrator_.reset();
    const Changes changes{DropEvents{number, 100}};
    store_.commit(std::span{&changes, 1});
    open();
    runner_.take().second.answered(Payload::from_json(1), TaskFailure::Run);
    EXPECT_EQ(end_of(sound->arn).row.status, ExecutionStatus::Succeeded);
    EXPECT_THAT(orchestrator_->stop_execution({damaged->arn, {}}).error().message, HasSubstr("lost the history"));
    EXPECT_TRUE(start(arn)) << "nor do new ones suffer";
}

// An execution of three tasks, the third of which is handed out; ids 1 to 13, of which a test takes some away.
class DamagedHistory : public EngineTest {
  protected:
    static constexpr auto three_tasks =
        R"({"StartAt": "A", "States": {
            "A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "Next": "B"},
            "B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "Next": "C"},
            "C": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}}})";

    void answer(int count) {
        for (int i = 0; i < count; ++i) runner_.take().second.answered(Payload::from_json(i), TaskFailure::Run);
    }
    std::string at_the_third_task(const std::string& machine_arn) {
        const auto started = start(machine_arn);
        answer(2);
        runner_.take();
        return started->arn;
    }
    // While the engine is down. Gives what is left.
    std::vector<RecordedEvent> lose(const std::string& arn, std::int64_t first, std::int64_t last) {
        const auto row = *store_.find_execution(arn);
        auto events = store_.events(row.number);
        std::erase_if(events, [&](const auto& event) { return first <= event.id && event.id <= last; });
        const Changes changes{DropEvents{row.number, row.batches}, AppendEvents{row.number, 0, events}};
        store_.commit(std::span{&changes, 1});
        return events;
    }
};

TEST_F(DamagedHistory, IsSaidAndLeftWhicheverPartOfItIsLost) {
    const auto arn = machine(three_tasks);
    struct Loss {
        std::int64_t first, last;
        std::string text;
    };
    for (const auto& loss :
         {Loss{1, 2, "where event 1 belongs is event 3"}, Loss{5, 8, "where event 5 belongs is event 9"},
          Loss{7, 7, "where event 7 belongs is event 8"}, Loss{10, 13, "its last event is 9 and should be 13"},
          Loss{1, 13, "its last event is 0 and should be 13"}}) {
        const auto damaged = at_the_third_task(arn);
        const auto sound = at_the_third_task(arn);
        const auto done = runner_.handed_out();
        orchestrator_.reset();
        const auto row = *store_.find_execution(damaged);
        ASSERT_EQ(row.last_event, 13);
        const auto left = lose(damaged, loss.first, loss.last);
        testing::internal::CaptureStderr();
        open();
        answer(1);
        EXPECT_EQ(end_of(sound).row.status, ExecutionStatus::Succeeded) << loss.text;
        EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(damaged + " can't go on: "));
        EXPECT_THAT(orchestrator_->stop_execution({damaged, {}}).error().message, HasSubstr(loss.text));
        EXPECT_EQ(runner_.handed_out(), done + 1) << "nothing of the damaged one is done again";
        EXPECT_EQ(store_.events(row.number), left) << "nor is anything stored";
        EXPECT_EQ(store_.find_execution(damaged), row);
        orchestrator_.reset();  // the next loss is a start of its own: this one stays out of it
        auto gone = row;
        gone.status = ExecutionStatus::Aborted;
        gone.wake_at.reset();
        const Changes changes{UpdateExecution{gone}};
        store_.commit(std::span{&changes, 1});
        open();
    }
}

TEST_F(DamagedHistory, IsSaidOnceAlthoughOthersWake) {
    const auto damaged = start(machine(waits), R"({"s": 3})");
    const auto others = machine(waits, "others");
    orchestrator_.reset();
    lose(damaged->arn, 2, 2);
    testing::internal::CaptureStderr();
    open();
    const auto sleeper = start(others, R"({"s": 3})");
    EXPECT_EQ(end_of(sleeper->arn).row.status, ExecutionStatus::Succeeded);
    const auto said = testing::internal::GetCapturedStderr();
    const auto first = said.find("can't go on");
    EXPECT_NE(first, std::string::npos);
    EXPECT_EQ(said.find("can't go on", first + 1), std::string::npos) << said;
}

TEST_F(DamagedHistory, IsNotRedriven) {
    const auto failed = at_the_third_task(machine(three_tasks));
    ASSERT_TRUE(orchestrator_->stop_execution({failed, {}}));
    end_of(failed);
    orchestrator_.reset();
    lose(failed, 5, 9);
    open();
    const auto redriven = orchestrator_->redrive_execution(failed, "");
    ASSERT_FALSE(redriven);
    EXPECT_EQ(redriven.error().type, "ServiceUnavailable");
    EXPECT_THAT(redriven.error().message, HasSubstr("where event 5 belongs is event 10"));
    EXPECT_EQ(orchestrator_->describe_execution(failed)->row.status, ExecutionStatus::Aborted);
}

// Its ids are whole, but what they are events of was never begun.
TEST_F(DamagedHistory, OfEventsThatDoNotFitIsNotFollowed) {
    const auto arn = machine(three_tasks);
    const auto damaged = at_the_third_task(arn);
    const auto sound = at_the_third_task(arn);
    orchestrator_.reset();
    auto events = lose(damaged, 0, 13);
    const auto row = *store_.find_execution(damaged);
    for (std::int64_t id = 1; id <= 13; ++id) {
        events.push_back({id, id - 1, row.started, root_frame, TaskStarted{TaskFamily::LambdaFunction, "f", ""}});
    }
    const Changes changes{DropEvents{row.number, 1}, AppendEvents{row.number, 0, events}};
    store_.commit(std::span{&changes, 1});
    open();
    answer(1);
    EXPECT_EQ(end_of(sound).row.status, ExecutionStatus::Succeeded);
    EXPECT_THAT(orchestrator_->stop_execution({damaged, {}}).error().message, HasSubstr("makes no sense"));
}

TEST_F(OrchestratorTest, RunsMachinesWhoseStoredLogConfigurationIsOdd) {
    CreateStateMachine create;
    create.name = "odd";
    create.definition = passes;
    for (const auto* group : {"null", R"({"logGroupArn": null})", "5"}) {
        create.configuration =
            *parse_json(R"({"loggingConfiguration": {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": )" +
                        std::string{group} + "}]}}");
        create.name += "x";
        const auto started = start(orchestrator_->create_state_machine(create)->arn);
        EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Succeeded) << group;
    }
    for (const auto* logging : {"null", "5", "[]", R"({"level": 5, "destinations": []})",
                                R"({"level": "ALL", "includeExecutionData": "yes", "destinations": "g"})"}) {
        create.configuration = *parse_json(R"({"loggingConfiguration": )" + std::string{logging} + "}");
        create.name += "x";
        const auto started = start(orchestrator_->create_state_machine(create)->arn);
        EXPECT_EQ(end_of(started->arn).row.status, ExecutionStatus::Succeeded) << logging;
    }
}

}  // namespace
}  // namespace pawl
