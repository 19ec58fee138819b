// Versions and aliases by REST, starting by them, and callbacks; every answer is held against /openapi.json.
#include <thread>

#include "rest_server.hpp"

namespace pawl::web::rest {
namespace {

constexpr auto machine = "/api/v1/state-machines/order";

std::string passes(int result) {
    return R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": )" + std::to_string(result) +
           R"(, "End": true}}})";
}

class RestVersions : public testing::Test {
  protected:
    RestVersions() {
        EXPECT_EQ(create("order", passes(1)).status, 201);
        EXPECT_EQ(server.call("POST", std::string{machine} + "/versions", R"({"description": "one"})").status, 201);
        EXPECT_EQ(server.call("PATCH", machine, R"({"definition": )" + passes(2) + "}").status, 200);
        EXPECT_EQ(server.call("POST", std::string{machine} + "/versions").status, 201);
    }
    Response create(const std::string& name, const std::string& definition) {
        return server.call("POST", "/api/v1/state-machines",
                           R"({"name": ")" + name + R"(", "definition": )" + definition + "}");
    }
    RestServer server;
};

TEST_F(RestVersions, AreListedNewestFirstInPages) {
    const auto page = body_of(server.get(std::string{machine} + "/versions?limit=1"));
    ASSERT_EQ(page["versions"].size(), 1U);
    EXPECT_EQ(page["versions"][0]["version"], 2);
    const auto next =
        body_of(server.get(std::string{machine} + "/versions?limit=1&cursor=" + page["nextCursor"].get<std::string>()));
    EXPECT_EQ(next["versions"][0]["description"], "one");
    EXPECT_FALSE(next.contains("nextCursor"));
    EXPECT_EQ(server.get(std::string{machine} + "/versions?cursor=x").status, 400);
    EXPECT_EQ(server.get("/api/v1/state-machines/none/versions").status, 404);
}

TEST_F(RestVersions, AreStartedAndWaitedForByNameAndNumber) {
    const auto run = server.call("POST", std::string{machine} + ":1/executions?wait=10", R"({"name": "n"})");
    ASSERT_EQ(run.status, 201) << run.body;
    EXPECT_EQ(body_of(run)["output"], 1);
    EXPECT_EQ(body_of(run)["version"], 1);
    EXPECT_EQ(body_of(server.get(std::string{machine} + ":1/executions"))["executions"].size(), 1U);
    EXPECT_EQ(body_of(server.get(std::string{machine} + ":2/executions"))["executions"].size(), 0U);
    EXPECT_EQ(server.call("POST", std::string{machine} + ":9/executions").status, 404);
    EXPECT_EQ(server.call("POST", std::string{machine} + "/executions?wait=301").status, 400);
}

TEST_F(RestVersions, AliasesLeadToThemByWeight) {
    const auto made =
        server.call("POST", std::string{machine} + "/aliases", R"({"name": "PROD", "weights": {"1": 100, "2": 0}})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(body_of(server.get(header_of(made, "Location"))), body_of(made));
    const auto run = body_of(server.call("POST", std::string{machine} + ":PROD/executions?wait=10"));
    EXPECT_EQ(run["alias"], "PROD");
    EXPECT_EQ(run["output"], 1);
    const auto moved = server.call("PATCH", std::string{machine} + "/aliases/PROD", R"({"weights": {"2": 100}})");
    EXPECT_EQ(body_of(moved)["weights"], (Json{{"2", 100}}));
    EXPECT_EQ(server.call("DELETE", std::string{machine} + "/versions/2", "", {}).status, 409);
    EXPECT_EQ(body_of(server.get(std::string{machine} + "/aliases"))["aliases"].size(), 1U);
    EXPECT_EQ(server.call("DELETE", std::string{machine} + "/aliases/PROD", "", {}).status, 204);
    EXPECT_EQ(server.call("DELETE", std::string{machine} + "/aliases/PROD", "", {}).status, 404);
    EXPECT_EQ(server.call("DELETE", std::string{machine} + "/versions/2", "", {}).status, 204);
    EXPECT_EQ(server.call("DELETE", std::string{machine} + "/versions/2", "", {}).status, 404);
}

TEST_F(RestVersions, AliasesThatLeadNowhereAreRefused) {
    const auto create_alias = [&](const std::string& body) {
        return server.call("POST", std::string{machine} + "/aliases", body).status;
    };
    EXPECT_EQ(create_alias(R"({"name": "7", "weights": {"1": 100}})"), 400);
    EXPECT_EQ(create_alias(R"({"name": "A", "weights": {"1": 99}})"), 400);
    EXPECT_EQ(create_alias(R"({"name": "A", "weights": {"9": 100}})"), 404);
    EXPECT_EQ(create_alias(R"({"name": "A", "weights": {}})"), 400);
    EXPECT_EQ(create_alias(R"({"name": "A"})"), 400);
    EXPECT_EQ(server.get(std::string{machine} + "/aliases/A").status, 404);
}

TEST_F(RestVersions, CallbacksAnswerOneTaskOnce) {
    const std::string asks = R"({"StartAt": "T", "States": {"T": {"Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}, "End": true}}})";
    ASSERT_EQ(create("asks", asks).status, 201);
    const auto ask = [&] {
        const auto before = server.runner.started().size();
        const auto started = server.call("POST", "/api/v1/state-machines/asks/executions");
        for (int i = 0; i < 1000 && server.runner.started().size() == before; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        const auto token = server.runner.started().back().parameters.json()["Payload"]["token"].get<std::string>();
        return std::pair{body_of(started)["executionArn"].get<std::string>(), "/api/v1/callbacks/" + token};
    };
    const auto [arn, url] = ask();
    EXPECT_EQ(server.call("POST", url, "{").status, 400);
    EXPECT_EQ(server.call("POST", url, R"({"approved": true})").status, 204);
    EXPECT_EQ(server.ended(arn)["output"], (Json{{"approved", true}}));
    EXPECT_EQ(server.call("POST", url, "1").status, 409);
    EXPECT_EQ(server.call("POST", url + "x", "1").status, 400);
    const auto [other, other_url] = ask();
    EXPECT_EQ(server.call("POST", other_url + "?error=Refused&cause=no").status, 204);
    EXPECT_EQ(server.ended(other)["error"], "Refused");
}

}  // namespace
}  // namespace pawl::web::rest
