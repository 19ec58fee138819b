// /api/v1/executions and /api/v1/tasks, through the whole engine.
#include <set>

#include "rest_server.hpp"

namespace pawl::web::rest {
namespace {

constexpr auto echo = R"({"StartAt": "Echo", "States": {"Echo": {"Type": "Pass", "End": true}}})";
constexpr auto fail = R"({"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Custom", "Cause": "because"}}})";
constexpr auto wait = R"({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": true}}})";
constexpr auto callback =
    R"({"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token"}}, "End": true}}})";

class RestExecutions : public testing::Test {
  protected:
    RestServer server;

    void create(const std::string& name, const std::string& definition) {
        const auto response = server.call("POST", "/api/v1/state-machines",
                                          R"({"name": ")" + name + R"(", "definition": )" + definition + "}");
        ASSERT_EQ(response.status, 201) << response.body;
    }
    Response start(const std::string& machine, const std::string& body = "") {
        return server.call("POST", "/api/v1/state-machines/" + machine + "/executions", body);
    }
    std::string started(const std::string& machine, const std::string& body = "") {
        const auto response = start(machine, body);
        EXPECT_EQ(response.status, 201) << response.body;
        return body_of(response).value("executionArn", "");
    }
    std::string path(const std::string& arn) { return "/api/v1/executions/" + RestServer::encoded(arn); }
    std::string token() {
        for (int i = 0; i < 2000 && server.runner.started().empty(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        const auto tasks = server.runner.started();
        EXPECT_EQ(tasks.size(), 1U);
        return tasks.empty() ? "" : tasks[0].parameters.json()["Payload"]["token"].get<std::string>();
    }
    // All that a stream says until its end.
    static std::string read_all(const Response& response) {
        std::string text;
        const Write write = [&](std::string_view piece) {
            text += piece;
            return true;
        };
        while (response.stream && response.stream(write)) {}
        return text;
    }
};

TEST_F(RestExecutions, RunAndAnswer) {
    create("echo", echo);
    const auto response = start("echo", R"({"name": "one", "input": {"b": 1, "a": [true]}})");
    ASSERT_EQ(response.status, 201) << response.body;
    const auto arn = body_of(response)["executionArn"].get<std::string>();
    EXPECT_EQ(arn, "arn:aws:states:us-east-1:000000000000:execution:echo:one");
    EXPECT_EQ(header_of(response, "Location"), path(arn));

    const auto ended = server.ended(arn);
    EXPECT_EQ(ended["status"], "SUCCEEDED");
    EXPECT_EQ(ended["stateMachineName"], "echo");
    EXPECT_EQ(ended["inputText"], R"({"b":1,"a":[true]})");
    EXPECT_EQ(to_text(ended["output"]), R"({"b":1,"a":[true]})");
    EXPECT_TRUE(ended.contains("stopDate"));
    EXPECT_FALSE(ended.contains("error"));
}

TEST_F(RestExecutions, KeepAnInputThatIsSentAsTextByteForByte) {
    create("echo", echo);
    const auto ended = server.ended(started("echo", R"({"inputText": "{\"n\": 12345678901234567890123}"})"));
    EXPECT_EQ(ended["inputText"], R"({"n": 12345678901234567890123})");
    EXPECT_EQ(ended["outputText"], R"({"n": 12345678901234567890123})");
}

TEST_F(RestExecutions, StartWithoutAnything) {
    create("echo", echo);
    EXPECT_EQ(server.ended(started("echo"))["outputText"], "{}");
}

TEST_F(RestExecutions, TellWhyTheyFailed) {
    create("fail", fail);
    const auto ended = server.ended(started("fail"));
    EXPECT_EQ(ended["status"], "FAILED");
    EXPECT_EQ(ended["error"], "Custom");
    EXPECT_EQ(ended["cause"], "because");
    EXPECT_FALSE(ended.contains("output"));
}

TEST_F(RestExecutions, AreRefusedForGoodReasons) {
    create("echo", echo);
    create("wait", wait);
    EXPECT_EQ(start("nobody").status, 404);
    EXPECT_EQ(start("echo", R"({"input": 1, "inputText": "1"})").status, 400);
    EXPECT_EQ(start("echo", R"({"inputText": "{"})").status, 400);
    EXPECT_EQ(start("echo", R"({"name": "a b"})").status, 400);
    EXPECT_EQ(start("echo", R"({"input": ")" + std::string(300'000, 'x') + R"("})").status, 413);
    ASSERT_EQ(start("wait", R"({"name": "same", "input": 1})").status, 201);
    EXPECT_EQ(start("wait", R"({"name": "same", "input": 1})").status, 201);  // a repeated start is the same start
    EXPECT_EQ(start("wait", R"({"name": "same", "input": 2})").status, 409);
    EXPECT_EQ(server.get(path("arn:aws:states:us-east-1:000000000000:execution:echo:nobody")).status, 404);
    EXPECT_EQ(server.get(path("what")).status, 400);
}

TEST_F(RestExecutions, AreStopped) {
    create("wait", wait);
    const auto arn = started("wait");
    const auto stopped = server.call("POST", path(arn) + "/stop", R"({"error": "Enough", "cause": "it is late"})");
    ASSERT_EQ(stopped.status, 200) << stopped.body;
    EXPECT_EQ(body_of(stopped)["status"], "ABORTED");
    EXPECT_EQ(body_of(stopped)["error"], "Enough");
    EXPECT_EQ(body_of(stopped)["cause"], "it is late");
    EXPECT_EQ(server.call("POST", path(arn) + "/stop", "", {}).status, 415);
    EXPECT_EQ(server.call("POST", path(arn + "x") + "/stop", "{}").status, 404);
}

TEST_F(RestExecutions, AreListedNewestFirstInPagesAndByFilter) {
    create("echo", echo);
    create("fail", fail);
    for (int i = 0; i < 5; ++i) server.ended(started("echo", R"({"name": "e)" + std::to_string(i) + R"("})"));
    for (int i = 0; i < 2; ++i) server.ended(started("fail", R"({"name": "f)" + std::to_string(i) + R"("})"));

    const auto names = [&](const std::string& target) {
        std::string all;
        const auto page = body_of(server.get(target));
        for (const auto& execution : page["executions"]) all += execution["name"].get<std::string>() + " ";
        return all;
    };
    EXPECT_EQ(names("/api/v1/executions"), "f1 f0 e4 e3 e2 e1 e0 ");
    EXPECT_EQ(names("/api/v1/state-machines/echo/executions"), "e4 e3 e2 e1 e0 ");
    EXPECT_EQ(names("/api/v1/executions?status=FAILED"), "f1 f0 ");
    EXPECT_EQ(names("/api/v1/executions?namePrefix=e&limit=2"), "e4 e3 ");
    EXPECT_EQ(names("/api/v1/state-machines/echo/executions?status=RUNNING"), "");
    EXPECT_EQ(server.get("/api/v1/state-machines/nobody/executions").status, 404);
    EXPECT_EQ(server.get("/api/v1/executions?status=SLOW").status, 400);
    EXPECT_EQ(server.get("/api/v1/executions?cursor=nonsense").status, 400);

    std::string all;
    std::string cursor;
    for (int pages = 0; pages < 5; ++pages) {
        const auto target = "/api/v1/executions?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor);
        all += names(target);
        cursor = body_of(server.get(target)).value("nextCursor", "");
        if (cursor.empty()) break;
    }
    EXPECT_EQ(all, "f1 f0 e4 e3 e2 e1 e0 ");
}

TEST_F(RestExecutions, TellTheirHistoryInPages) {
    create("echo", echo);
    const auto arn = started("echo");
    server.ended(arn);
    const auto all = body_of(server.get(path(arn) + "/history"))["events"];
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0]["type"], "ExecutionStarted");
    EXPECT_EQ(all[1]["stateEnteredEventDetails"]["name"], "Echo");
    EXPECT_EQ(all[3]["type"], "ExecutionSucceeded");

    const auto first = body_of(server.get(path(arn) + "/history?limit=3"));
    EXPECT_EQ(first["events"].size(), 3U);
    EXPECT_EQ(first["nextAfter"], 3);
    const auto rest = body_of(server.get(path(arn) + "/history?limit=3&after=3"));
    EXPECT_EQ(rest["events"], Json::array({all[3]}));
    EXPECT_FALSE(rest.contains("nextAfter"));
    const auto last = body_of(server.get(path(arn) + "/history?limit=1&reverse=true"));
    EXPECT_EQ(last["events"], Json::array({all[3]}));
    EXPECT_EQ(last["nextAfter"], 4);
    EXPECT_EQ(server.get(path(arn + "x") + "/history").status, 404);
    EXPECT_EQ(server.get(path(arn) + "/history?reverse=perhaps").status, 400);
}

TEST_F(RestExecutions, StreamTheSameEventsAsTheHistory) {
    create("echo", echo);
    const auto arn = started("echo");
    server.ended(arn);
    std::string expected = "retry: 2000\n\n";
    const auto history = body_of(server.get(path(arn) + "/history"));
    for (const auto& event : history["events"]) {
        expected += "event: history\nid: " + to_text(event["id"]) + "\ndata: " + to_text(event) + "\n\n";
    }
    expected += "event: status\nid: end-4\ndata: {\"executionArn\":\"" + arn + "\",\"status\":\"SUCCEEDED\"}\n\n";
    EXPECT_EQ(read_all(server.get(path(arn) + "/events")), expected);

    const auto resumed = read_all(server.call("GET", path(arn) + "/events", "", {{"Last-Event-ID", "3"}}));
    EXPECT_EQ(resumed.find("id: 3\n"), std::string::npos);
    EXPECT_NE(resumed.find("id: 4\n"), std::string::npos);
    EXPECT_EQ(read_all(server.get(path(arn) + "/events?lastEventId=3")), resumed);
    EXPECT_EQ(server.call("GET", path(arn) + "/events", "", {{"Last-Event-ID", "end-4"}}).status, 204);
    EXPECT_EQ(server.call("GET", path(arn) + "/events", "", {{"Last-Event-ID", "x"}}).status, 400);
    EXPECT_EQ(server.get(path(arn + "x") + "/events").status, 404);
}

TEST_F(RestExecutions, StreamEventsAsTheyHappen) {
    create("wait", wait);
    const auto arn = started("wait");
    const auto response = server.get(path(arn) + "/events");
    ASSERT_EQ(response.status, 200);
    std::string text;
    const Write write = [&](std::string_view piece) {
        text += piece;
        return true;
    };
    for (int i = 0; i < 20 && text.find("WaitStateEntered") == std::string::npos; ++i)
        ASSERT_TRUE(response.stream(write));
    EXPECT_NE(text.find("WaitStateEntered"), std::string::npos) << text;
    EXPECT_EQ(text.find("ExecutionAborted"), std::string::npos);
    ASSERT_EQ(server.call("POST", path(arn) + "/stop", "{}").status, 200);
    while (response.stream(write)) {}
    EXPECT_NE(text.find("ExecutionAborted"), std::string::npos) << text;
    EXPECT_NE(text.find("\"status\":\"ABORTED\""), std::string::npos) << text;
}

TEST_F(RestExecutions, TasksAreAnsweredByToken) {
    create("ask", callback);
    const auto arn = started("ask");
    const auto task = "/api/v1/tasks/" + token();
    EXPECT_EQ(server.call("POST", task + "/heartbeat", "").status, 204);
    EXPECT_EQ(server.call("POST", task + "/heartbeat", R"({"a": 1})").status, 400);
    EXPECT_EQ(server.call("POST", task + "/success", "{}").status, 400);
    EXPECT_EQ(server.call("POST", task + "/success", R"({"output": {"answer": 42}})").status, 204);
    EXPECT_EQ(server.ended(arn)["output"], *parse_json(R"({"answer": 42})"));
    EXPECT_GE(server.call("POST", task + "/success", R"({"output": 1})").status, 400);
    EXPECT_EQ(server.call("POST", "/api/v1/tasks/nonsense/success", R"({"output": 1})").status, 400);
}

TEST_F(RestExecutions, TasksFailByToken) {
    create("ask", callback);
    const auto arn = started("ask");
    const auto failed =
        server.call("POST", "/api/v1/tasks/" + token() + "/failure", R"({"error": "Nope", "cause": "why not"})");
    EXPECT_EQ(failed.status, 204);
    EXPECT_EQ(server.ended(arn)["error"], "Nope");
}

}  // namespace
}  // namespace pawl::web::rest
