// arn:aws:states:::states:startExecution and its patterns, through the whole engine.
#include <gtest/gtest.h>

#include "orchestrator/integrations/literal_parameters.hpp"
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

}  // namespace
}  // namespace pawl
