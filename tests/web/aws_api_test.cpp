// The AWS API over a real orchestrator on a memory store: every operation, with the whole of its answer.
#include "web/aws/aws_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "orchestrator/clock.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/journal.hpp"
#include "web/app.hpp"
#include "tests/support/eventually.hpp"

namespace pawl::web::aws {
namespace {

using testing::HasSubstr;

// Takes every task and leaves it to whoever has the token.
class IdleRunner final : public TaskRunner {
  public:
    std::optional<std::string> unsupported(std::string_view) const override { return std::nullopt; }
    void start(const TaskKey&, const StartTask& task, const std::string&, TaskListener) override {
        const std::lock_guard lock{mutex_};
        parameters_ = task.parameters.text();
        changed_.notify_all();
    }
    void cancel(const TaskKey&) override {}
    // Of the latest task.
    std::string parameters() {
        std::unique_lock lock{mutex_};
        EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds{20}, [this] { return !parameters_.empty(); }));
        return std::exchange(parameters_, "");
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string parameters_;
};

constexpr std::string_view role = "arn:aws:iam::000000000000:role/r";
constexpr std::string_view pass = R"({ "StartAt": "A",  "States": {"A": {"Type": "Pass", "End": true}}})";
constexpr std::string_view wait = R"({"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}})";
constexpr std::string_view ask =
    R"({"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",)"
    R"("Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},"End":true}}})";

class AwsApiTest : public testing::Test {
  protected:
    Response post(std::string_view operation, const std::string& body, std::string invocation = "") {
        Request request;
        request.method = "POST";
        request.target = request.path = "/";
        request.headers = {{"Host", "sync-whatever:1"},
                           {"X-Amz-Target", "AWSStepFunctions." + std::string{operation}},
                           {"amz-sdk-invocation-id", std::move(invocation)}};
        request.body = body;
        return handler(request);
    }
    Json call(std::string_view operation, const Json& arguments) {
        const auto response = post(operation, to_text(arguments));
        EXPECT_EQ(response.status, 200) << response.body;
        return parse(response);
    }
    // "StateMachineDoesNotExist: State Machine Does Not Exist: '…'"
    std::string refusal(std::string_view operation, const Json& arguments) {
        const auto response = post(operation, to_text(arguments));
        EXPECT_EQ(response.status, 400) << response.body;
        const auto document = parse(response);
        return document.value("__type", "") + ": " + document.value("message", "");
    }
    static Json parse(const Response& response) {
        auto document = parse_json(response.body);
        EXPECT_TRUE(document) << response.body;
        return document ? *document : Json::object();
    }
    std::string create(const std::string& name, std::string_view definition) {
        return call("CreateStateMachine",
                    {{"name", name}, {"definition", definition}, {"roleArn", role}})["stateMachineArn"];
    }
    std::string start(const std::string& machine, const Json& more = Json::object()) {
        Json arguments = {{"stateMachineArn", machine}};
        arguments.update(more);
        return call("StartExecution", arguments)["executionArn"];
    }
    Json ended(const std::string& execution) {
        EXPECT_TRUE(*orchestrator.wait_for_end(execution, std::chrono::seconds{20}));
        return call("DescribeExecution", {{"executionArn", execution}});
    }
    static std::vector<std::string> names(const Json& items) {
        std::vector<std::string> result;
        for (const auto& item : items) result.push_back(item["name"]);
        return result;
    }

    std::unique_ptr<Store> store = open_store("memory:");
    Journal journal{*store};
    IdleRunner runner;
    ManualClock clock{Instant{Millis{1763800000123}}};
    Orchestrator orchestrator{*store, journal, runner, clock, {}};
    Handler handler = make_handler(orchestrator);
};

TEST_F(AwsApiTest, DescribesAMachineAsItWasCreated) {
    const auto arn = create("m", pass);
    EXPECT_EQ(arn, "arn:aws:states:us-east-1:000000000000:stateMachine:m");
    const auto machine = call("DescribeStateMachine", {{"stateMachineArn", arn}});
    EXPECT_EQ(machine, (Json{{"stateMachineArn", arn},
                             {"name", "m"},
                             {"status", "ACTIVE"},
                             {"type", "STANDARD"},
                             {"creationDate", 1763800000.123},
                             {"definition", pass},
                             {"roleArn", role},
                             {"loggingConfiguration", {{"level", "OFF"}, {"includeExecutionData", false}}},
                             {"tracingConfiguration", {{"enabled", false}}}}));
    EXPECT_EQ(call("DescribeStateMachine", {{"stateMachineArn", arn}, {"includedData", "METADATA_ONLY"}})["definition"],
              "{}");
}

TEST_F(AwsApiTest, CreatesTheSameMachineOnce) {
    const auto arn = create("m", pass);
    EXPECT_EQ(create("m", pass), arn);
    EXPECT_EQ(call("CreateStateMachine", {{"name", "m"},
                                          {"definition", pass},
                                          {"roleArn", role},
                                          {"type", "STANDARD"},
                                          {"publish", false},
                                          {"loggingConfiguration", {{"level", "OFF"}}}})["stateMachineArn"],
              arn);
    EXPECT_EQ(refusal("CreateStateMachine", {{"name", "m"}, {"definition", wait}, {"roleArn", role}}),
              "StateMachineAlreadyExists: State Machine Already Exists: '" + arn + "'");
}

TEST_F(AwsApiTest, UpdatesWhatIsGivenAndKeepsTheRest) {
    const auto arn = create("m", pass);
    EXPECT_EQ(refusal("UpdateStateMachine", {{"stateMachineArn", arn}}),
              "MissingRequiredParameter: Either the definition, the role ARN, the LoggingConfiguration, or the "
              "TracingConfiguration must be specified");
    const auto updated =
        call("UpdateStateMachine", {{"stateMachineArn", arn}, {"tracingConfiguration", {{"enabled", true}}}});
    const auto machine = call("DescribeStateMachine", {{"stateMachineArn", arn}});
    EXPECT_EQ(machine["revisionId"], updated["revisionId"]);
    EXPECT_EQ(machine["definition"], pass);
    EXPECT_EQ(machine["tracingConfiguration"]["enabled"], true);
    EXPECT_EQ(machine["loggingConfiguration"]["level"], "OFF");
}

TEST_F(AwsApiTest, DeletesMachinesAlsoWhenThereIsNone) {
    const auto arn = create("m", pass);
    EXPECT_EQ(call("DeleteStateMachine", {{"stateMachineArn", arn}}), Json::object());
    EXPECT_EQ(call("DeleteStateMachine", {{"stateMachineArn", arn}}), Json::object());
    EXPECT_EQ(refusal("DescribeStateMachine", {{"stateMachineArn", arn}}),
              "StateMachineDoesNotExist: State Machine Does Not Exist: '" + arn + "'");
}

TEST_F(AwsApiTest, ListsMachinesPageByPage) {
    for (const auto name : {"c", "a", "e", "b", "d"}) create(name, pass);
    const auto first = call("ListStateMachines", {{"maxResults", 2}});
    EXPECT_EQ(names(first["stateMachines"]), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(first["stateMachines"][0],
              (Json{{"stateMachineArn", "arn:aws:states:us-east-1:000000000000:stateMachine:a"},
                    {"name", "a"},
                    {"type", "STANDARD"},
                    {"creationDate", 1763800000.123}}));
    const Json second_page = {{"maxResults", 2}, {"nextToken", first["nextToken"]}};
    EXPECT_EQ(names(call("ListStateMachines", second_page)["stateMachines"]), (std::vector<std::string>{"c", "d"}));
    const auto again = call("ListStateMachines", second_page);
    EXPECT_EQ(names(again["stateMachines"]), (std::vector<std::string>{"c", "d"}));
    const auto last = call("ListStateMachines", {{"nextToken", again["nextToken"]}});
    EXPECT_EQ(names(last["stateMachines"]), (std::vector<std::string>{"e"}));
    EXPECT_FALSE(last.contains("nextToken"));
    EXPECT_FALSE(call("ListStateMachines", {{"maxResults", 5}}).contains("nextToken"));
    EXPECT_EQ(refusal("ListStateMachines", {{"nextToken", "garbage"}}), "InvalidToken: Invalid Token: 'Invalid token'");
}

TEST_F(AwsApiTest, ValidatesDefinitions) {
    EXPECT_EQ(call("ValidateStateMachineDefinition", {{"definition", pass}, {"type", "EXPRESS"}}),
              (Json{{"result", "OK"}, {"diagnostics", Json::array()}, {"truncated", false}}));
    const auto wrong = call("ValidateStateMachineDefinition", {{"definition", "{}"}});
    EXPECT_EQ(wrong["result"], "FAIL");
    ASSERT_EQ(wrong["diagnostics"].size(), 1U);
    EXPECT_EQ(wrong["diagnostics"][0], (Json{{"severity", "ERROR"},
                                             {"code", "SCHEMA_VALIDATION_FAILED"},
                                             {"message", "These fields are required: [States, StartAt]"},
                                             {"location", "/"}}));
    const auto two = R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"X"},"B":{"Type":"Pass","Next":"Y"}}})";
    const auto cut = call("ValidateStateMachineDefinition", {{"definition", two}, {"maxResults", 1}});
    EXPECT_EQ(cut["diagnostics"].size(), 1U);
    EXPECT_EQ(cut["truncated"], true);
}

TEST_F(AwsApiTest, DescribesAnExecutionThatSucceeded) {
    const auto machine = create("m", pass);
    const auto arn = start(machine, {{"name", "e"}, {"input", "{ \"a\": 1 }"}, {"traceHeader", "Root=1"}});
    EXPECT_EQ(arn, "arn:aws:states:us-east-1:000000000000:execution:m:e");
    EXPECT_EQ(ended(arn), (Json{{"executionArn", arn},
                                {"stateMachineArn", machine},
                                {"name", "e"},
                                {"status", "SUCCEEDED"},
                                {"startDate", 1763800000.123},
                                {"stopDate", 1763800000.123},
                                {"input", "{ \"a\": 1 }"},
                                {"inputDetails", {{"included", true}}},
                                {"output", "{ \"a\": 1 }"},
                                {"outputDetails", {{"included", true}}},
                                {"traceHeader", "Root=1"},
                                {"redriveCount", 0},
                                {"redriveStatus", "NOT_REDRIVABLE"},
                                {"redriveStatusReason", "Execution is SUCCEEDED and cannot be redriven"}}));
    const auto metadata = call("DescribeExecution", {{"executionArn", arn}, {"includedData", "METADATA_ONLY"}});
    EXPECT_FALSE(metadata.contains("input"));
    EXPECT_FALSE(metadata.contains("output"));
    EXPECT_EQ(metadata["outputDetails"], (Json{{"included", false}}));
}

TEST_F(AwsApiTest, StopsAnExecution) {
    const auto arn = start(create("m", wait));
    EXPECT_EQ(call("DescribeExecution", {{"executionArn", arn}})["redriveStatusReason"],
              "Execution is RUNNING and cannot be redriven");
    clock.advance(Millis{877});
    EXPECT_EQ(call("StopExecution", {{"executionArn", arn}, {"error", "E"}, {"cause", "C"}}),
              (Json{{"stopDate", 1763800001.0}}));
    const auto stopped = ended(arn);
    EXPECT_EQ(stopped["status"], "ABORTED");
    EXPECT_EQ(stopped["error"], "E");
    EXPECT_EQ(stopped["cause"], "C");
    EXPECT_EQ(stopped["redriveStatus"], "REDRIVABLE");
    EXPECT_FALSE(stopped.contains("output"));
    EXPECT_FALSE(stopped.contains("redriveStatusReason"));
}

TEST_F(AwsApiTest, StartsOnceForTheRetriesOfOneCall) {
    const auto body = to_text(Json{{"stateMachineArn", create("m", wait)}});
    const auto first = parse(post("StartExecution", body, "6f0a"));
    EXPECT_EQ(parse(post("StartExecution", body, "6f0a")), first);
    EXPECT_NE(parse(post("StartExecution", body, "6f0b"))["executionArn"], first["executionArn"]);
}

TEST_F(AwsApiTest, ListsExecutionsNewestFirstPageByPage) {
    const auto machine = create("m", wait);
    for (const auto name : {"a", "b", "c", "d", "e"}) {
        start(machine, {{"name", name}});
        clock.advance(Millis{1});
    }
    call("StopExecution", {{"executionArn", "arn:aws:states:us-east-1:000000000000:execution:m:b"}});
    const auto first = call("ListExecutions", {{"stateMachineArn", machine}, {"maxResults", 2}});
    EXPECT_EQ(names(first["executions"]), (std::vector<std::string>{"e", "d"}));
    EXPECT_EQ(first["executions"][0], (Json{{"executionArn", "arn:aws:states:us-east-1:000000000000:execution:m:e"},
                                            {"stateMachineArn", machine},
                                            {"name", "e"},
                                            {"status", "RUNNING"},
                                            {"startDate", 1763800000.127},
                                            {"redriveCount", 0}}));
    const auto rest =
        call("ListExecutions", {{"stateMachineArn", machine}, {"maxResults", 3}, {"nextToken", first["nextToken"]}});
    EXPECT_EQ(names(rest["executions"]), (std::vector<std::string>{"c", "b", "a"}));
    EXPECT_FALSE(rest.contains("nextToken"));
    EXPECT_EQ(names(call("ListExecutions", {{"stateMachineArn", machine}, {"statusFilter", "ABORTED"}})["executions"]),
              (std::vector<std::string>{"b"}));
    EXPECT_EQ(call("ListExecutions", {{"stateMachineArn", machine}, {"redriveFilter", "REDRIVEN"}})["executions"],
              Json::array());

    EXPECT_THAT(refusal("ListExecutions",
                        {{"stateMachineArn", machine}, {"statusFilter", "RUNNING"}, {"nextToken", first["nextToken"]}}),
                HasSubstr("InvalidToken"));
    EXPECT_THAT(refusal("ListExecutions", Json::object()), HasSubstr("ValidationException"));
    EXPECT_THAT(refusal("ListExecutions", {{"mapRunArn", "arn:aws:states:us-east-1:000000000000:mapRun:m/l:1"}}),
                HasSubstr("ResourceNotFound"));
}

TEST_F(AwsApiTest, GivesHistoriesForwardsAndBackwardsPageByPage) {
    const auto arn = start(create("m", pass), {{"input", "1"}});
    ended(arn);
    const auto ids = [](const Json& page) {
        std::vector<int> result;
        for (const auto& event : page["events"]) result.push_back(event["id"]);
        return result;
    };
    const auto all = call("GetExecutionHistory", {{"executionArn", arn}});
    EXPECT_EQ(ids(all), (std::vector<int>{1, 2, 3, 4}));
    EXPECT_FALSE(all.contains("nextToken"));
    EXPECT_EQ(all["events"][1], (Json{{"timestamp", 1763800000.123},
                                      {"type", "PassStateEntered"},
                                      {"id", 2},
                                      {"previousEventId", 0},
                                      {"stateEnteredEventDetails",
                                       {{"name", "A"}, {"input", "1"}, {"inputDetails", {{"truncated", false}}}}}}));
    const auto first = call("GetExecutionHistory", {{"executionArn", arn}, {"maxResults", 3}, {"reverseOrder", true}});
    EXPECT_EQ(ids(first), (std::vector<int>{4, 3, 2}));
    const auto rest =
        call("GetExecutionHistory", {{"executionArn", arn}, {"reverseOrder", true}, {"nextToken", first["nextToken"]}});
    EXPECT_EQ(ids(rest), (std::vector<int>{1}));
    EXPECT_FALSE(rest.contains("nextToken"));
    EXPECT_THAT(refusal("GetExecutionHistory", {{"executionArn", arn}, {"nextToken", first["nextToken"]}}),
                HasSubstr("InvalidToken"));
    const auto bare = call("GetExecutionHistory", {{"executionArn", arn}, {"includeExecutionData", false}});
    EXPECT_FALSE(bare["events"][0]["executionStartedEventDetails"].contains("input"));
}

TEST_F(AwsApiTest, ReadsLongHistoriesInOnePage) {
    std::string states;
    for (int i = 0; i < 100; ++i) {
        states += "\"S" + std::to_string(i) + R"(":{"Type":"Pass","Next":"S)" + std::to_string(i + 1) + "\"},";
    }
    const auto arn = start(create("m", R"({"StartAt":"S0","States":{)" + states + R"("S100":{"Type":"Succeed"}}})"));
    ended(arn);
    const auto all = call("GetExecutionHistory", {{"executionArn", arn}, {"maxResults", 1000}});
    EXPECT_EQ(all["events"].size(), 204U);
    EXPECT_FALSE(all.contains("nextToken"));
    EXPECT_EQ(call("GetExecutionHistory", {{"executionArn", arn}})["events"].size(), 100U);
}

TEST_F(AwsApiTest, DescribesTheMachineThatAnExecutionRuns) {
    const auto machine = create("m", wait);
    const auto arn = start(machine);
    call("UpdateStateMachine", {{"stateMachineArn", machine}, {"definition", pass}});
    EXPECT_EQ(call("DescribeStateMachineForExecution", {{"executionArn", arn}}),
              (Json{{"stateMachineArn", machine},
                    {"name", "m"},
                    {"updateDate", 1763800000.123},
                    {"definition", wait},
                    {"roleArn", role},
                    {"loggingConfiguration", {{"level", "OFF"}, {"includeExecutionData", false}}},
                    {"tracingConfiguration", {{"enabled", false}}}}));
}

TEST_F(AwsApiTest, TakesAnswersOfTaskTokens) {
    const auto machine = create("m", ask);
    const auto token_of_next = [&] { return parse_json(runner.parameters())->value("MessageBody", ""); };
    const auto succeeding = start(machine);
    auto token = token_of_next();
    EXPECT_EQ(call("SendTaskHeartbeat", {{"taskToken", token}}), Json::object());
    EXPECT_EQ(call("SendTaskSuccess", {{"taskToken", token}, {"output", "{\"ok\":true}"}}), Json::object());
    EXPECT_EQ(ended(succeeding)["output"], "{\"ok\":true}");
    EXPECT_THAT(refusal("SendTaskSuccess", {{"taskToken", token}, {"output", "1"}}), HasSubstr("TaskTimedOut"));

    const auto failing = start(machine);
    token = token_of_next();
    EXPECT_THAT(refusal("SendTaskSuccess", {{"taskToken", token}, {"output", "no json"}}), HasSubstr("InvalidOutput"));
    EXPECT_EQ(call("SendTaskFailure", {{"taskToken", token}, {"error", "E"}, {"cause", "C"}}), Json::object());
    EXPECT_EQ(ended(failing)["error"], "E");
    EXPECT_EQ(refusal("SendTaskHeartbeat", {{"taskToken", "x"}}), "InvalidToken: Invalid Token: 'Invalid token'");
}

struct Wrong {
    std::string operation;
    std::string arguments;
    std::string refusal;
};

TEST_F(AwsApiTest, RefusesInAwsWords) {
    create("m", pass);
    const std::string machine = "arn:aws:states:us-east-1:000000000000:stateMachine:";
    const std::string created = R"("definition":"{}","roleArn":"arn:aws:iam::000000000000:role/r")";
    for (const auto& [operation, arguments, expected] : std::vector<Wrong>{
             {"StartExecution", "{}",
              "ValidationException: 1 validation error detected: Value null at 'stateMachineArn' failed to satisfy "
              "constraint: Member must not be null"},
             {"StartExecution", R"({"stateMachineArn":"x"})", "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'"},
             {"StartExecution", R"({"stateMachineArn":")" + machine + R"(n"})",
              "StateMachineDoesNotExist: State Machine Does Not Exist: '" + machine + "n'"},
             {"StartExecution", R"({"stateMachineArn":")" + machine + R"(m","name":"a b"})",
              "InvalidName: Invalid Name: 'a b'"},
             {"StartExecution", R"({"stateMachineArn":")" + machine + R"(m","input":5})",
              "SerializationException: NUMBER_VALUE can not be converted to String at 'input'"},
             {"CreateStateMachine", R"({"name":"a","type":"FOO",)" + created + "}",
              "ValidationException: 1 validation error detected: Value 'FOO' at 'type' failed to satisfy constraint: "
              "Member must satisfy enum value set: [STANDARD, EXPRESS]"},
             {"CreateStateMachine", R"({"name":"a*",)" + created + "}", "InvalidName: Invalid Name: 'a*'"},
             {"CreateStateMachine", R"({"name":"a","versionDescription":"d",)" + created + "}",
              "ValidationException: Version description can only be set when publish is true"},
             {"DescribeExecution", R"({"executionArn":"arn:aws:states:us-east-1:000000000000:express:m:e:u"})",
              "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'"},
             {"GetExecutionHistory", R"({"executionArn":"arn:aws:states:us-east-1:000000000000:execution:m:e"})",
              "ExecutionDoesNotExist: Execution Does Not Exist: 'arn:aws:states:us-east-1:000000000000:execution:m:e'"},
             {"ListTagsForResource", "{}", "ValidationException: 1 validation error detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not be null"},
             {"Frobnicate", "{}",
              "UnknownOperationException: There is no operation \"AWSStepFunctions.Frobnicate\" (header "
              "X-Amz-Target)."},
             {"StartExecution", "[]", "SerializationException: The body is not a JSON object"},
         }) {
        const auto response = post(operation, arguments);
        EXPECT_EQ(response.status, 400);
        const auto document = parse(response);
        EXPECT_EQ(document.value("__type", "") + ": " + document.value("message", ""), expected);
    }
}

TEST_F(AwsApiTest, StandsBesideTheOtherSurfaces) {
    const auto get = [&](std::string path, std::string host) {
        Request request;
        request.method = "GET";
        request.target = request.path = std::move(path);
        request.headers = {{"Host", std::move(host)}, {"Accept", "text/html"}};
        return handler(request).status;
    };
    EXPECT_EQ(get("/healthz", "localhost"), 200);
    EXPECT_EQ(get("/api/v1/state-machines", "localhost:8083"), 200);
    EXPECT_EQ(get("/api/v1/state-machines", "evil.example:8083"), 403);
    EXPECT_EQ(get("/", "127.0.0.1:8083"), 200);
    EXPECT_EQ(get("/", "evil.example:8083"), 403);
    EXPECT_EQ(get("/nothing", "localhost"), 404);
}

TEST_F(AwsApiTest, CountsForMonitoring) {
    const auto metrics = [&] {
        Request request;
        request.method = "GET";
        request.target = request.path = "/metrics";
        request.headers = {{"Host", "localhost"}};
        return handler(request).body;
    };
    EXPECT_THAT(metrics(), HasSubstr("pawl_executions_started_total 0\n"));
    ended(start(create("m", pass)));
    const auto after = metrics();
    EXPECT_THAT(after, HasSubstr("# TYPE pawl_executions_ended_total counter\n"));
    EXPECT_THAT(after, HasSubstr("pawl_executions_started_total 1\n"));
    EXPECT_THAT(after, HasSubstr("pawl_executions_ended_total{status=\"SUCCEEDED\"} 1\n"));
    EXPECT_THAT(after, HasSubstr("pawl_executions_ended_total{status=\"FAILED\"} 0\n"));
}

TEST_F(AwsApiTest, IsReadyWhenTheEngineIs) {
    Request request;
    request.method = "GET";
    request.target = request.path = "/readyz";
    ASSERT_TRUE(test::comes_true([&] { return orchestrator.ready(); }));
    EXPECT_EQ(handler(request).status, 200);
}

}  // namespace
}  // namespace pawl::web::aws
