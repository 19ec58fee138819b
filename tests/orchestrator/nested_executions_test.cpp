// arn:aws:states:::states:startExecution and its patterns, through the whole engine.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "orchestrator/integrations/known_resources.hpp"
#include "orchestrator/integrations/literal_parameters.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/names.hpp"
#include "tests/orchestrator/engine_fixture.hpp"

namespace pawl {
namespace {

class NestedExecutionsTest : public EngineTest {
  protected:
    static std::string starts(const std::string& pattern, const std::string& child, const std::string& more = "") {
        return R"({"StartAt": "N", "States": {"N": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::states:startExecution)" +
               pattern + R"(", "Parameters": {"StateMachineArn": ")" + child + "\"" + more + "}}}}";
    }
    std::string child(const std::string& definition) { return machine(definition, "child"); }
    std::string run(const std::string& definition) {
        const auto started = start(machine(definition, "parent"));
        EXPECT_TRUE(started) << started.error().message;
        return started->arn;
    }
    std::vector<ExecutionListItem> children(const std::string& machine_arn) {
        ListExecutions query;
        query.machine_arn = machine_arn;
        return *orchestrator_->list_executions(query);
    }
    std::string only_child(const std::string& machine_arn) {
        const auto all = children(machine_arn);
        EXPECT_EQ(all.size(), 1u);
        return all.empty() ? std::string{} : all.front().row.arn;
    }
};

TEST_F(NestedExecutionsTest, TellsOfTheStartAndGoesOn) {
    const auto arn = child(works);
    const auto view = end_of(run(starts("", arn, R"(, "Name": "one", "Input": {"a": 1})")));
    ASSERT_EQ(view.row.status, ExecutionStatus::Succeeded) << view.error.cause.value_or("");
    const auto output = view.output->json();
    EXPECT_EQ(output.at("ExecutionArn"), execution_arn_of(arn, "one"));
    EXPECT_EQ(output.at("SdkHttpMetadata").at("HttpStatusCode"), 200);
    const auto begun = orchestrator_->describe_execution(execution_arn_of(arn, "one"));
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->row.status, ExecutionStatus::Running) << "nobody waits for it";
    EXPECT_EQ(begun->input.text(), R"({"a":1})");
}

TEST_F(NestedExecutionsTest, StartsAsTheSdkDoes) {
    const auto arn = child(passes);
    const auto definition = [&](const std::string& machine_arn) {
        return R"({"StartAt": "N", "States": {"N": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution", "Parameters": {"StateMachineArn": ")" +
               machine_arn + R"(", "Name": "one"}}}})";
    };
    const auto output = end_of(run(definition(arn))).output->json();
    EXPECT_EQ(output.size(), 2u);
    EXPECT_EQ(output.at("ExecutionArn"), execution_arn_of(arn, "one"));
    EXPECT_TRUE(output.at("StartDate").is_string());
    const auto refused = end_of(start(machine(definition(arn + "s"), "other"))->arn);
    EXPECT_EQ(refused.error.name, "Sfn.StateMachineDoesNotExistException");
}

TEST_F(NestedExecutionsTest, SaysWhichParametersThereAreNot) {
    const auto arn = child(passes);
    const auto caller = machine(R"({"QueryLanguage": "JSONata", "StartAt": "N", "States": {"N": {"Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution", "Arguments": "{% $states.input %}", "End": true}}})");
    for (const auto& [more, why] :
         {std::pair{R"(, "input": {})", "The field \"input\" is not supported by Step Functions"},
          std::pair{R"(, "IncludedData": "ALL_DATA")", "The field \"IncludedData\" is not supported by Step Functions"},
          std::pair{R"(, "Name": 5)", "The value for the field 'Name' must be a STRING"}}) {
        const auto started = start(caller, R"({"StateMachineArn": ")" + arn + "\"" + more + "}");
        ASSERT_TRUE(started);
        const auto view = end_of(started->arn);
        EXPECT_EQ(view.error.name, "States.Runtime");
        EXPECT_NE(view.error.cause.value_or("").find(why), std::string::npos) << *view.error.cause;
    }
    EXPECT_TRUE(children(arn).empty());
}

TEST_F(NestedExecutionsTest, ADefinitionThatSaysSoItselfIsRefused) {
    const auto why = [&](const std::string& task) {
        CreateStateMachine create;
        create.name = "refused";
        create.definition = R"({"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "N", "States": {"N": {"Type": "Task", "End": true, )" +
                            task + "}}}]}}}";
        const auto created = orchestrator_->create_state_machine(create);
        return created ? std::string{} : created.error().message;
    };
    const std::string starts =
        R"("Resource": "arn:aws:states:::states:startExecution", "Parameters": {"StateMachineArn.$": "$.a")";
    EXPECT_EQ(why(starts + R"(, "Input.$": "$"})"), "");
    EXPECT_NE(why(starts + R"(, "input.$": "$"})")
                  .find("SCHEMA_VALIDATION_FAILED: The field \"input\" is not supported by "
                        "Step Functions at /States/P/Branches[0]/States/N/Parameters"),
              std::string::npos)
        << why(starts + R"(, "input.$": "$"})");
}

TEST(LiteralParameters, HeadersOfHttpCallsAreLookedAt) {
    const auto why = [](const char* resource, const char* source, bool paths) {
        return literal_problem(std::string{"arn:aws:states:::"} + resource, *parse_json(source), paths).value_or("");
    };
    const std::string words = "The 'Headers' field contains unsupported values: [authorization]";
    EXPECT_EQ(why("http:invoke", R"({"Headers": {"Authorization": "{% $x %}"}})", false), words);
    EXPECT_EQ(why("apigateway:invoke.waitForTaskToken", R"({"Headers": {"Authorization.$": "$.a", "B": "c"}})", true),
              words);
    EXPECT_EQ(why("http:invoke", R"({"Headers.$": "$.headers", "RequestBody": {"Anything": 1}})", true), "");
    EXPECT_EQ(why("http:invoke", R"({"Headers.$": "$.headers"})", false),
              "The field \"Headers.$\" is not supported by Step Functions");
    EXPECT_EQ(why("http:invoke", R"("{% $states.input %}")", false), "");
    EXPECT_EQ(why("aws-sdk:sfn:listExecutions", R"({"MaxResults": 1})", true), "");
    EXPECT_EQ(why("sqs:sendMessage", R"({"Anything": 1})", true), "") << "the service itself knows";
    EXPECT_EQ(why("aws-sdk:sfn:sendTaskSuccess", R"({"TaskToken": "t", "Output": {"Foo": 1}})", true), "");
    EXPECT_EQ(why("aws-sdk:sfn:sendTaskSuccess", R"({"TaskToken": "t", "Foo": 1})", true),
              "The field \"Foo\" is not supported by Step Functions");
    EXPECT_EQ(why("aws-sdk:sfn:createActivity", R"({"Name": "a"})", true), "") << "of which nothing is known here";
}

TEST(KnownResources, AreThoseOfAwsWhetherTheyCanBeRunOrNot) {
    for (const auto* known :
         {"arn:aws:states:::lambda:invoke", "arn:aws:states:::lambda:invoke.waitForTaskToken",
          "arn:aws:lambda:us-east-1:000000000000:function:ans:1", "arn:aws:states:us-east-1:000000000000:activity:a",
          "arn:aws:states:::states:startExecution.sync:2", "arn:aws:states:::aws-sdk:sfn:startExecution",
          "arn:aws:states:::aws-sdk:sfn:createActivity", "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          "arn:aws:states:::aws-sdk:unheardof:of", "arn:aws:states:us-east-1:000000000000:aws-sdk:s3:getObject",
          "arn:aws:states:::http:invoke", "arn:aws:states:::glue:startJobRun.sync"}) {
        EXPECT_FALSE(unrecognized(known)) << known;
    }
    for (const auto* unknown :
         {"ans", "arn:aws:states:::lambda:invok", "arn:aws:lambda:us-east-1:000000000000:functon:ans",
          "arn:aws:states:::aws-sdk:sfn:startExecution.sync", "arn:aws:states:::sqs:receiveMessage",
          "arn:aws:states:::http:get", "arn:aws:states:::nosuch:thing", "arn:aws:states:us-east-1",
          "arn:aws:states:us-east-1:000000000000:nosuch:thing"}) {
        EXPECT_EQ(unrecognized(unknown), sdk::unrecognized_resource(unknown));
    }
    EXPECT_EQ(nearest_resource("arn:aws:states:::lambda:invok"), "did you mean 'arn:aws:states:::lambda:invoke'?");
    EXPECT_EQ(nearest_resource("arn:aws:states:::sqs:sendMesage.waitForTaskToken"),
              "did you mean 'arn:aws:states:::sqs:sendMessage.waitForTaskToken'?");
    EXPECT_EQ(nearest_resource("ans"), "");
}

class SdkCallsTest : public NestedExecutionsTest {
  protected:
    ExecutionView call(const std::string& action, const std::string& parameters) {
        const auto definition = R"({"StartAt": "N", "States": {"N": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::aws-sdk:sfn:)" +
                                action + R"(", "Parameters": )" + parameters + "}}}";
        return end_of(start(machine(definition, "caller-" + std::to_string(++calls_)))->arn);
    }
    std::string express(const std::string& definition) {
        CreateStateMachine create;
        create.name = "express";
        create.definition = definition;
        create.type = asl::MachineType::Express;
        return orchestrator_->create_state_machine(create)->arn;
    }

  private:
    int calls_ = 0;
};

TEST_F(SdkCallsTest, StartsAnExpressMachineAndGivesItsEnd) {
    const auto arn = express(passes);
    const auto view =
        call("startSyncExecution", R"({"StateMachineArn": ")" + arn + R"(", "Name": "one", "Input": {"a": 1}})");
    ASSERT_TRUE(view.output) << view.error.cause.value_or("");
    const auto output = view.output->json();
    EXPECT_EQ(output.at("Output"), R"({"a":1})");
    EXPECT_EQ(output.at("Status"), "SUCCEEDED");
    EXPECT_EQ(output.at("Name"), "one");
    EXPECT_TRUE(output.at("StopDate").is_string());
    const auto without =
        call("startSyncExecution", R"({"StateMachineArn": ")" + arn + R"(", "IncludedData": "METADATA_ONLY"})");
    EXPECT_FALSE(without.output->json().contains("Output"));
}

TEST_F(SdkCallsTest, ASynchronousCallAnswersWhateverTheEnd) {
    const auto arn =
        express(R"({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Bad", "Cause": "because"}}})");
    const auto view = call("startSyncExecution", R"({"StateMachineArn": ")" + arn + R"("})");
    ASSERT_TRUE(view.output) << view.error.cause.value_or("");
    EXPECT_EQ(view.output->json().at("Status"), "FAILED");
    EXPECT_EQ(view.output->json().at("Error"), "Bad");
    const auto refused = call("startSyncExecution", R"({"StateMachineArn": ")" + child(passes) + R"("})");
    EXPECT_EQ(refused.error.name, "Sfn.StateMachineTypeNotSupportedException");
}

TEST_F(SdkCallsTest, DescribesListsAndStopsExecutions) {
    const auto arn = child(works);
    const auto first = start(arn, R"({"a": 1})", "first")->arn;
    ASSERT_TRUE(start(arn, "{}", "second"));
    const auto described = call("describeExecution", R"({"ExecutionArn": ")" + first + R"("})");
    ASSERT_TRUE(described.output) << described.error.cause.value_or("");
    EXPECT_EQ(described.output->json().at("Input"), R"({"a": 1})");
    EXPECT_EQ(described.output->json().at("Status"), "RUNNING");
    EXPECT_EQ(described.output->json().at("RedriveStatus"), "NOT_REDRIVABLE");
    const auto stopped = call("stopExecution", R"({"ExecutionArn": ")" + first + R"(", "Error": "E", "Cause": "C"})");
    EXPECT_TRUE(stopped.output->json().at("StopDate").is_string());
    EXPECT_EQ(end_of(first).error.name, "E");
    const auto page =
        call("listExecutions", R"({"StateMachineArn": ")" + arn + R"(", "MaxResults": 1})").output->json();
    ASSERT_EQ(page.at("Executions").size(), 1u);
    EXPECT_EQ(page.at("Executions")[0].at("Name"), "second");
    const auto next = call("listExecutions", R"({"StateMachineArn": ")" + arn + R"(", "NextToken": )" +
                                                 to_text(page.at("NextToken")) + "}")
                          .output->json();
    ASSERT_EQ(next.at("Executions").size(), 1u);
    EXPECT_EQ(next.at("Executions")[0].at("Status"), "ABORTED");
    EXPECT_FALSE(next.contains("NextToken"));
}

TEST_F(SdkCallsTest, TellErrorsAsTheSdkDoes) {
    const std::string gone = "arn:aws:states:us-east-1:000000000000:execution:m:gone";
    EXPECT_EQ(call("describeExecution", R"({"ExecutionArn": ")" + gone + R"("})").error.name,
              "Sfn.ExecutionDoesNotExistException");
    EXPECT_EQ(call("describeExecution", R"({"ExecutionArn": "x"})").error.name, "Sfn.InvalidArnException");
    EXPECT_EQ(call("describeExecution", "{}").error.name, "States.Runtime");
    EXPECT_EQ(call("stopExecution", R"({"ExecutionArn": ")" + gone + R"(", "Error": 5})").error.name, "States.Runtime");
    EXPECT_EQ(
        call("listExecutions", R"({"StateMachineArn": ")" + child(passes) + R"(", "NextToken": "no"})").error.name,
        "Sfn.InvalidTokenException");
}

TEST_F(SdkCallsTest, WorkersParametersAreHeldToTheSameRules) {
    const auto cause = [&](const std::string& action, const std::string& parameters) {
        const auto view = call(action, parameters);
        EXPECT_EQ(view.error.name, "States.Runtime") << action;
        const auto text = view.error.cause.value_or("");
        return text.substr(std::min(text.find('['), text.size()));
    };
    constexpr auto number = R"({"TaskToken.$": "$$.State.RetryCount", "Output": "1"})";
    EXPECT_EQ(cause("sendTaskSuccess", number), "[The value for the field 'TaskToken' must be a STRING]");
    EXPECT_EQ(cause("sendTaskHeartbeat", R"({"TaskToken": 5})"),
              "[The value for the field 'TaskToken' must be a STRING]");
    EXPECT_EQ(cause("sendTaskFailure", R"({"TaskToken": "t", "Cause": {}})"),
              "[The value for the field 'Cause' must be a STRING]");
    EXPECT_EQ(cause("sendTaskSuccess", R"({"TaskToken": "t"})"), "[The field 'Output' is required but was missing]");
    EXPECT_EQ(cause("getActivityTask", R"({"WorkerName": "w"})"),
              "[The field 'ActivityArn' is required but was missing]");
}

TEST_F(SdkCallsTest, AnOutputThatIsNoJsonIsToldAsTheApiTellsIt) {
    const auto view = call("sendTaskSuccess", R"({"TaskToken": "t", "Output": "{oops"})");
    EXPECT_EQ(view.error.name, "Sfn.InvalidOutputException");
    const auto said = orchestrator_->send_task_success("t", "{oops").error().message;
    EXPECT_TRUE(view.error.cause.value_or("").starts_with(said)) << *view.error.cause << "\n" << said;
}

TEST_F(NestedExecutionsTest, WaitsForTheEndWithItsDataAsTextOrAsJson) {
    const auto arn = child(passes);
    const auto text = end_of(run(starts(".sync", arn, R"(, "Input": {"a": 1})")));
    ASSERT_TRUE(text.output) << text.error.cause.value_or("");
    EXPECT_EQ(text.output->json().at("Output"), R"({"a":1})");
    EXPECT_EQ(text.output->json().at("RedriveStatus"), "NOT_REDRIVABLE");
    const auto json = end_of(start(machine(starts(".sync:2", arn, R"(, "Input": {"a": 1})"), "other"))->arn);
    ASSERT_TRUE(json.output);
    EXPECT_EQ(json.output->json().at("Output").at("a"), 1);
}

TEST_F(NestedExecutionsTest, FailsWithItsChildAndSaysWhy) {
    const auto arn =
        child(R"({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Bad", "Cause": "because"}}})");
    const auto view = end_of(run(starts(".sync:2", arn)));
    EXPECT_EQ(view.row.status, ExecutionStatus::Failed);
    EXPECT_EQ(view.error.name, "States.TaskFailed");
    const auto cause = parse_json(*view.error.cause);
    ASSERT_TRUE(cause);
    EXPECT_EQ(cause->at("Error"), "Bad");
    EXPECT_EQ(cause->at("RedriveStatus"), "REDRIVABLE");
}

TEST_F(NestedExecutionsTest, RefusesAMachineThatIsNotThere) {
    const auto view = end_of(run(starts(".sync:2", "arn:aws:states:us-east-1:000000000000:stateMachine:nobody")));
    EXPECT_EQ(view.error.name, "StepFunctions.StateMachineDoesNotExistException");
}

TEST_F(NestedExecutionsTest, StoppingTheParentStopsTheChild) {
    const auto arn = child(works);
    const auto parent = run(starts(".sync", arn));
    runner_.take();
    ASSERT_TRUE(orchestrator_->stop_execution({parent, {}}));
    EXPECT_EQ(end_of(only_child(arn)).row.status, ExecutionStatus::Aborted);
}

TEST_F(NestedExecutionsTest, FindsItsChildAgainAfterARestart) {
    const auto arn = child(works);
    for (const auto* name : {"", R"(, "Name": "named")"}) {
        const auto parent = start(machine(starts(".sync:2", arn, name), *name ? "second" : "first"))->arn;
        runner_.take();
        reopen();
        auto [task, listener] = runner_.take();
        listener.answered(Payload::from_json("fine"), TaskFailure::Run);
        const auto view = end_of(parent);
        ASSERT_TRUE(view.output) << view.error.cause.value_or("");
        EXPECT_EQ(view.output->json().at("Output"), "fine");
    }
    EXPECT_EQ(children(arn).size(), 2u) << "one for each parent: none was started twice";
}

TEST_F(NestedExecutionsTest, FindsAnExpressChildAgainAfterARestart) {
    CreateStateMachine create;
    create.name = "express";
    create.definition = works;
    create.type = asl::MachineType::Express;
    const auto arn = orchestrator_->create_state_machine(create)->arn;
    const auto parent = run(starts(".sync:2", arn, R"(, "Name": "named")"));
    runner_.take();
    reopen();
    auto [task, listener] = runner_.take();
    listener.answered(Payload::from_json("fine"), TaskFailure::Run);
    EXPECT_EQ(end_of(parent).output->json().at("Output"), "fine");
}

TEST_F(NestedExecutionsTest, AFailingStoreNeitherStopsNorLosesTheChild) {
    const auto arn = child(works);
    const auto parent = run(starts(".sync:2", arn));
    runner_.take();
    store_.fail_next_commits(1);
    EXPECT_FALSE(start(arn, "{}", "refused"));
    auto [task, listener] = runner_.take();
    EXPECT_EQ(orchestrator_->describe_execution(only_child(arn))->row.status, ExecutionStatus::Running);
    listener.answered(Payload::from_json("fine"), TaskFailure::Run);
    EXPECT_EQ(end_of(parent).output->json().at("Output"), "fine");
}

TEST_F(NestedExecutionsTest, TriesAgainWhenTheStoreFailsAtTheStartOfTheChild) {
    const auto arn = child(passes);
    const auto machine_arn = machine(starts(".sync:2", arn, R"(, "Input": {"a": 1})"), "parent");
    const auto parent = start(machine_arn);
    store_.fail_next_commits(1);
    ASSERT_TRUE(parent);
    EXPECT_EQ(end_of(parent->arn).row.status, ExecutionStatus::Succeeded);
    EXPECT_EQ(children(arn).size(), 1u);
}

// Tests of states have numbers that begin anew with each process: one does not stand for another's call.
TEST_F(NestedExecutionsTest, EachTestOfAStateStartsOneOfItsOwn) {
    const auto arn = child(passes);
    const auto test = [&] {
        StateTestRequest request;
        request.definition = asl::parse_definition(starts("", arn)).definition;
        request.state = "N";
        return orchestrator_->test_state(std::move(request), {}).status;
    };
    EXPECT_EQ(test(), StateTestStatus::Succeeded);
    reopen();
    EXPECT_EQ(test(), StateTestStatus::Succeeded);
    EXPECT_EQ(children(arn).size(), 2u);
}

// The process ends right after the commit that ends a wait: what should follow from it is lost.
class NestedOrphans : public NestedExecutionsTest {
  protected:
    // The next commit is kept, but nobody hears of it.
    void lose_what_follows_the_next_commit() {
        probe_ = machine(passes, "probe-" + std::to_string(++rounds_));
        store_.fail_next_commits(1, MemoryStore::Fault::After);
    }
    // The journal, which outlives the engine here, takes changes only when the engine has heard of the failure.
    void reopen_after_the_loss() {
        EXPECT_TRUE(start_when_reopened(probe_, "probe"));
        reopen();
    }
    ExecutionStatus status_of(const std::string& arn) { return orchestrator_->describe_execution(arn)->row.status; }
    // What was left behind is stopped before any task starts an execution.
    void let_orphans_be_stopped() {
        const auto arn = machine(passes, "passes-" + std::to_string(++rounds_));
        const auto view = end_of(start(machine(starts(".sync:2", arn), "after-" + std::to_string(rounds_)))->arn);
        EXPECT_EQ(view.row.status, ExecutionStatus::Succeeded) << view.error.cause.value_or("");
    }
    void wait_for_event(const std::string& arn, const std::function<bool(const RecordedEvent&)>& is_it) {
        for (int i = 0; i < 2'000; ++i) {
            const auto events = store_.events(store_.find_execution(arn)->number);
            if (std::ranges::any_of(events, is_it)) return;
            std::this_thread::sleep_for(1ms);
        }
        ADD_FAILURE() << "the event does not come";
    }
    // As if the store had lost it while the engine was down.
    void damage(const std::string& arn) {
        const auto row = *store_.find_execution(arn);
        const Changes changes{DropEvents{row.number, row.batches}};
        store_.commit(std::span{&changes, 1});
    }
    void end_without_consequences(const std::string& arn) {
        auto row = *store_.find_execution(arn);
        row.status = ExecutionStatus::Aborted;
        row.stopped = row.started;
        row.wake_at.reset();
        const Changes changes{UpdateExecution{row}};
        store_.commit(std::span{&changes, 1});
    }

  private:
    int rounds_ = 0;
    std::string probe_;
};

TEST_F(NestedOrphans, AreStoppedWhenWhoWaitedWasStoppedRightBeforeACrash) {
    for (const auto& [pattern, name] : {std::pair{".sync", "one"}, std::pair{".sync:2", "two"}}) {
        const auto arn = machine(works, std::string{"child-"} + name);
        const auto parent = start(machine(starts(pattern, arn), std::string{"parent-"} + name))->arn;
        runner_.take();
        const auto begun = only_child(arn);
        wait_for_event(parent, [](const auto& event) { return std::holds_alternative<TaskSubmitted>(event.event); });
        lose_what_follows_the_next_commit();
        EXPECT_FALSE(orchestrator_->stop_execution({parent, {}}));
        EXPECT_EQ(store_.find_execution(parent)->status, ExecutionStatus::Aborted);
        EXPECT_EQ(store_.find_execution(begun)->status, ExecutionStatus::Running);
        reopen_after_the_loss();
        EXPECT_EQ(end_of(begun).row.status, ExecutionStatus::Aborted);
    }
}

TEST_F(NestedOrphans, AreStoppedWhenWhoWaitedWentOnRightBeforeACrash) {
    const auto arn = child(works);
    const auto parent = run(R"({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "End": true, "Catch": [{"ErrorEquals": ["Bad"], "Next": "W"}], "Branches": [)" +
                            starts(".sync:2", arn) + R"(,
            {"StartAt": "F", "States": {"F": {"Type": "Task", "End": true,
                "Resource": "arn:aws:lambda:us-east-1:000000000000:function:fails"}}}]},
        "W": {"Type": "Wait", "Seconds": 1000, "End": true}}})");
    auto [first, one] = runner_.take();
    auto other = runner_.take().second;
    const auto begun = only_child(arn);
    wait_for_event(parent, [](const auto& event) { return std::holds_alternative<TaskSubmitted>(event.event); });
    one.started();
    other.started();
    wait_for_event(parent, [](const auto& event) {
        const auto* started = std::get_if<TaskStarted>(&event.event);
        return started && started->family == TaskFamily::LambdaFunction;
    });
    wait_for_event(begun, [](const auto& event) { return std::holds_alternative<TaskStarted>(event.event); });
    lose_what_follows_the_next_commit();
    (first.resource.ends_with("fails") ? one : other).answered(AslError{"Bad", ""}, TaskFailure::Run);
    wait_for_event(parent, [](const auto& event) {
        const auto* entered = std::get_if<StateEntered>(&event.event);
        return entered && entered->name == "W";
    });
    EXPECT_EQ(store_.find_execution(begun)->status, ExecutionStatus::Running);
    reopen_after_the_loss();
    EXPECT_EQ(end_of(begun).row.status, ExecutionStatus::Aborted);
    EXPECT_EQ(status_of(parent), ExecutionStatus::Running);
}

TEST_F(NestedOrphans, TakeTheirOwnChildrenWithThem) {
    const auto arn = machine(works, "grandchild");
    const auto between = child(starts(".sync:2", arn));
    const auto parent = run(starts(".sync:2", between));
    runner_.take();
    orchestrator_.reset();
    end_without_consequences(parent);
    open();
    EXPECT_EQ(end_of(only_child(between)).row.status, ExecutionStatus::Aborted);
    EXPECT_EQ(end_of(only_child(arn)).row.status, ExecutionStatus::Aborted);
}

TEST_F(NestedOrphans, AreNotWhatNobodyWaitedFor) {
    const auto arn = child(works);
    const auto parent = run(R"({"StartAt": "N", "States": {
        "N": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "Next": "T",
              "Parameters": {"StateMachineArn": ")" +
                            arn + R"("}},
        "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}}})");
    runner_.take();
    runner_.take();
    orchestrator_.reset();
    end_without_consequences(parent);
    open();
    let_orphans_be_stopped();
    EXPECT_EQ(status_of(only_child(arn)), ExecutionStatus::Running);
}

TEST_F(NestedOrphans, AreNotTheChildrenOfWhoIsDamagedOrStillWaits) {
    const auto arn = child(works);
    const auto caller = machine(starts(".sync:2", arn), "parent");
    const auto waits = start(caller)->arn;
    runner_.take();
    const auto damaged = start(caller)->arn;
    runner_.take();
    orchestrator_.reset();
    damage(damaged);
    open();
    let_orphans_be_stopped();
    for (const auto& one : children(arn)) EXPECT_EQ(one.row.status, ExecutionStatus::Running);
    EXPECT_EQ(children(arn).size(), 2u);
    EXPECT_EQ(status_of(waits), ExecutionStatus::Running);
}

TEST_F(NestedOrphans, AreNotWhatSomebodyHasRedriven) {
    const auto arn = child(works);
    const auto parent = run(starts(".sync:2", arn));
    runner_.take();
    const auto begun = only_child(arn);
    ASSERT_TRUE(orchestrator_->stop_execution({parent, {}}));
    EXPECT_EQ(end_of(begun).row.status, ExecutionStatus::Aborted);
    ASSERT_TRUE(orchestrator_->redrive_execution(begun, ""));
    runner_.take();
    reopen();
    let_orphans_be_stopped();
    EXPECT_EQ(status_of(begun), ExecutionStatus::Running);
}

TEST_F(NestedOrphans, ThatAreDamagedHoldNobodyUp) {
    const auto arn = child(works);
    const auto parent = run(starts(".sync:2", arn));
    runner_.take();
    const auto begun = only_child(arn);
    orchestrator_.reset();
    end_without_consequences(parent);
    damage(begun);
    testing::internal::CaptureStderr();
    open();
    let_orphans_be_stopped();
    std::this_thread::sleep_for(600ms);  // longer than a second try takes to come
    EXPECT_EQ(testing::internal::GetCapturedStderr().find("tried again"), std::string::npos);
    EXPECT_EQ(status_of(begun), ExecutionStatus::Running);
}

TEST_F(NestedOrphans, AreStoppedWhenTheStoreWorksAgain) {
    const auto arn = child(works);
    const auto parent = run(starts(".sync:2", arn));
    runner_.take();
    orchestrator_.reset();
    end_without_consequences(parent);
    store_.fail_next_commits(1);
    open();
    EXPECT_EQ(end_of(only_child(arn)).row.status, ExecutionStatus::Aborted);
}

}  // namespace
}  // namespace pawl
