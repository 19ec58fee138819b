// TestState and ValidateStateMachineDefinition over an orchestrator that can't call every service: which states are
// refused, and with which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/clock.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/journal.hpp"
#include "web/app.hpp"

namespace pawl::web::aws {
namespace {

// Answers every task with 1; has no endpoint of ECS, and knows no Resource that is no ARN.
class NoEcs final : public TaskRunner {
  public:
    std::optional<std::string> unsupported(std::string_view resource) const override {
        if (!resource.starts_with("arn:")) return sdk::unrecognized_resource(resource);
        if (resource.find(":ecs:") == std::string_view::npos) return std::nullopt;
        return "The resource provided " + std::string{resource} + " needs an endpoint.";
    }
    void start(const TaskKey&, const StartTask&, const std::string&, TaskListener listener) override {
        listener.started();
        listener.answered(Payload::from_text("1"), TaskFailure::Run);
    }
    void cancel(const TaskKey&) override {}
};

class AwsTestState : public testing::Test {
  protected:
    // The answer; a refusal is a text, "InvalidDefinition: …".
    Json call(std::string_view operation, const Json& arguments) {
        Request request;
        request.method = "POST";
        request.target = request.path = "/";
        request.headers = {{"X-Amz-Target", "AWSStepFunctions." + std::string{operation}}};
        request.body = to_text(arguments);
        const auto response = handler(request);
        const auto document = parse_json(response.body);
        EXPECT_TRUE(document) << response.body;
        if (!document) return {};
        if (response.status == 200) return *document;
        return document->value("__type", "") + ": " + document->value("message", "");
    }
    Json test_state(const Json& definition, Json more = Json::object()) {
        more["definition"] = to_text(definition);
        return call("TestState", more);
    }
    Json validate(const Json& states) {
        const Json machine{{"StartAt", "A"}, {"States", states}};
        return call("ValidateStateMachineDefinition", {{"definition", to_text(machine)}, {"severity", "WARNING"}});
    }
    static Json run_task(std::string_view pattern = "") {
        return {{"Type", "Task"},
                {"Resource", "arn:aws:states:::ecs:runTask" + std::string{pattern}},
                {"Parameters", Json::object()},
                {"End", true}};
    }
    static Json distributed_map(Json more) {
        Json map{{"Type", "Map"},
                 {"ItemProcessor",
                  {{"ProcessorConfig", {{"Mode", "DISTRIBUTED"}, {"ExecutionType", "STANDARD"}}},
                   {"StartAt", "I"},
                   {"States", {{"I", {{"Type", "Pass"}, {"End", true}}}}}}},
                 {"End", true}};
        map.update(more);
        return map;
    }

    const Json role{{"roleArn", "arn:aws:iam::000000000000:role/r"}};
    std::unique_ptr<Store> store = open_store("memory:");
    Journal journal{*store};
    NoEcs runner;
    ManualClock clock{Instant{Millis{1763800000123}}};
    Orchestrator orchestrator{*store, journal, runner, clock, {}};
    Handler handler = make_handler(orchestrator);
};

TEST_F(AwsTestState, AResourceThatCanNotBeCalledMattersToItsOwnStateAlone) {
    Json machine{{"StartAt", "A"}, {"States", {{"A", {{"Type", "Pass"}, {"Next", "a/b"}}}, {"a/b", run_task()}}}};
    Json one{{"stateName", "A"}};
    one.update(role);
    EXPECT_EQ(test_state(machine, one), (Json{{"status", "SUCCEEDED"}, {"output", "{}"}, {"nextState", "a/b"}}));
    one["stateName"] = "a/b";
    EXPECT_EQ(test_state(machine, one),
              "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The resource provided "
              "arn:aws:states:::ecs:runTask needs an endpoint. at /States/a/b/Resource'");
    EXPECT_EQ(test_state(run_task(), role),
              "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The resource provided "
              "arn:aws:states:::ecs:runTask needs an endpoint. at /States/StateName/Resource'");
}

TEST_F(AwsTestState, TheStateIsNamedWhereItStands) {
    const Json branch{{"StartAt", "B"}, {"States", {{"B", run_task()}}}};
    Json parallel{{"Type", "Parallel"}, {"End", true}};
    parallel["Branches"] = Json::array({branch});
    Json one{{"stateName", "B"}};
    one.update(role);
    EXPECT_EQ(test_state({{"StartAt", "P"}, {"States", {{"P", parallel}}}}, one),
              "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The resource provided "
              "arn:aws:states:::ecs:runTask needs an endpoint. at /States/P/Branches[0]/States/B/Resource'");
}

TEST_F(AwsTestState, WhatItsPatternForbidsIsRefusedForThat) {
    for (const auto* pattern : {".sync", ".waitForTaskToken"}) {
        EXPECT_EQ(test_state(run_task(pattern), role),
                  "InvalidDefinition: TestState API does not support activities and the '.sync' and "
                  "'.waitForTaskToken' service integration patterns when a mock is not specified.");
    }
}

TEST_F(AwsTestState, AMockedTaskNeedsNobodyToRunIt) {
    EXPECT_EQ(test_state(run_task(), {{"mock", {{"result", "{}"}, {"fieldValidationMode", "NONE"}}}}),
              (Json{{"status", "SUCCEEDED"}, {"output", "{}"}}));
}

TEST_F(AwsTestState, AMapThatWritesNothingHasAnArrayAsItsResult) {
    const Json shape{{"ResultWriter", {{"WriterConfig", {{"OutputType", "JSON"}, {"Transformation", "FLATTEN"}}}}}};
    const Json list{{"input", "[1]"}, {"mock", {{"result", "[[1],[2]]"}}}};
    const Json object{{"input", "[1]"}, {"mock", {{"result", "{}"}}}};
    EXPECT_EQ(test_state(distributed_map(shape), list), (Json{{"status", "SUCCEEDED"}, {"output", "[[1],[2]]"}}));
    EXPECT_EQ(test_state(distributed_map(shape), object), "ValidationException: Mocked result must be an array.");
    auto written = shape;
    written["ResultWriter"]["Resource"] = "arn:aws:states:::s3:putObject";
    written["ResultWriter"]["Parameters"] = {{"Bucket", "b"}};
    EXPECT_EQ(test_state(distributed_map(written), list), "ValidationException: Mocked result must be a JSON object.");
    EXPECT_EQ(test_state(distributed_map(written), object), (Json{{"status", "SUCCEEDED"}, {"output", "{}"}}));
}

TEST_F(AwsTestState, MembersBehindAnItemsPointerAreItemsWithTheirKeys) {
    const Json reader{{"ItemReader",
                       {{"Resource", "arn:aws:states:::s3:getObject"},
                        {"ReaderConfig", {{"InputType", "JSON"}, {"ItemsPointer", "/a/o"}}},
                        {"Parameters", {{"Bucket", "b"}, {"Key", "k"}}}}},
                      {"ItemSelector", {{"k.$", "$$.Map.Item.Key"}, {"v.$", "$$.Map.Item.Value"}}},
                      {"ItemBatcher", {{"MaxItemsPerBatch", 5}}}};
    const auto tested = [&](const char* data) {
        return test_state(distributed_map(reader), {{"mock", {{"result", "[]"}}},
                                                    {"inspectionLevel", "DEBUG"},
                                                    {"stateConfiguration", {{"mapItemReaderData", data}}}});
    };
    const auto report = tested(R"({"a":{"o":{"y":1,"x":{"z":2}}}})");
    ASSERT_EQ(report.value("status", ""), "SUCCEEDED") << report;
    const auto& data = report["inspectionData"];
    EXPECT_EQ(data["afterItemsPointer"], R"({"y":1,"x":{"z":2}})");
    EXPECT_EQ(data["afterItemSelector"], R"([{"k":"y","v":1},{"k":"x","v":{"z":2}}])");
    EXPECT_EQ(data["afterItemBatcher"], R"([{"Items":[{"k":"y","v":1},{"k":"x","v":{"z":2}}]}])");
    EXPECT_EQ(tested(R"({"a":{"o":{}}})")["inspectionData"]["afterItemSelector"], "[]");
}

TEST_F(AwsTestState, ValidationOnlyWarnsOfWhatIsNotCalledHere) {
    const Json warning{{"severity", "WARNING"},
                       {"code", "SCHEMA_VALIDATION_FAILED"},
                       {"message", "The resource provided arn:aws:states:::ecs:runTask.sync needs an endpoint."},
                       {"location", "/States/A/Resource"}};
    const auto fine = validate({{"A", run_task(".sync")}});
    EXPECT_EQ(fine, (Json{{"result", "OK"}, {"diagnostics", Json::array({warning})}, {"truncated", false}}));
    auto unknown = run_task();
    unknown["Resource"] = "ecs";
    auto both = run_task(".sync");
    both.erase("End");
    both["Next"] = "B";
    const auto wrong = validate({{"A", both}, {"B", unknown}});
    EXPECT_EQ(wrong["result"], "FAIL");
    ASSERT_EQ(wrong["diagnostics"].size(), 2U) << wrong;
    EXPECT_EQ(wrong["diagnostics"][0]["severity"], "ERROR");
    EXPECT_EQ(wrong["diagnostics"][0]["location"], "/States/B/Resource");
    EXPECT_EQ(wrong["diagnostics"][1], warning);
}

// What nothing here calls must not hide what AWS refuses.
TEST_F(AwsTestState, ValidationFindsWrongParametersBesides) {
    auto run = run_task();
    run.erase("End");
    run["Next"] = "H";
    const Json http{{"Type", "Task"},
                    {"Resource", "arn:aws:states:::http:invoke"},
                    {"Parameters", {{"ApiEndpoint", "https://a"}, {"Method", "GET"}, {"Nope", 1}}},
                    {"End", true}};
    EXPECT_EQ(validate({{"A", run}, {"H", http}})["result"], "FAIL");
}

TEST_F(AwsTestState, CreationRefusesWhatNothingHereCalls) {
    Json arguments{{"name", "m"}};
    arguments.update(role);
    arguments["definition"] = to_text(Json{{"StartAt", "A"}, {"States", {{"A", run_task()}}}});
    EXPECT_EQ(call("CreateStateMachine", arguments),
              "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The resource provided "
              "arn:aws:states:::ecs:runTask needs an endpoint. at /States/A/Resource'");
}

}  // namespace
}  // namespace pawl::web::aws
