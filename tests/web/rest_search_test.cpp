// Finding executions by error and time, a machine's revisions and its statistics, through the whole engine.
#include "rest_server.hpp"
#include "web/rest/statistics.hpp"

namespace pawl::web::rest {
namespace {

constexpr auto echo = R"({"StartAt": "Echo", "States": {"Echo": {"Type": "Pass", "End": true}}})";
constexpr auto fail_by_input =
    R"({"StartAt": "No", "States": {"No": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "$.c"}}})";
constexpr auto both = R"({"StartAt": "Fork", "States": {"Fork": {"Type": "Parallel", "End": true, "Branches": [
    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
    {"StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "E"}}}]}}})";

class RestSearch : public testing::Test {
  protected:
    RestServer server;

    void put(const std::string& method, const std::string& name, const std::string& definition) {
        const bool create = method == "POST";
        const auto response = server.call(method, "/api/v1/state-machines" + (create ? "" : "/" + name),
                                          create ? R"({"name": ")" + name + R"(", "definition": )" + definition + "}"
                                                 : R"({"definition": )" + definition + "}");
        ASSERT_EQ(response.status, create ? 201 : 200) << response.body;
    }
    // The execution as it ended.
    Json run(const std::string& machine, const std::string& name, const std::string& input = "{}") {
        const auto response = server.call("POST", "/api/v1/state-machines/" + machine + "/executions",
                                          R"({"name": ")" + name + R"(", "input": )" + input + "}");
        EXPECT_EQ(response.status, 201) << response.body;
        return server.ended(body_of(response).value("executionArn", ""));
    }
    std::vector<std::string> names(const std::string& query) {
        const auto response = server.call("GET", "/api/v1/executions?" + query);
        EXPECT_EQ(response.status, 200) << response.body;
        std::vector<std::string> all;
        const Json page = body_of(response);
        for (const auto& one : page.at("executions")) all.push_back(one["name"].get<std::string>());
        return all;
    }
    Json get(const std::string& target) {
        const auto response = server.call("GET", target);
        EXPECT_EQ(response.status, 200) << response.body;
        return body_of(response);
    }
};

TEST_F(RestSearch, FindsTextInErrorsAndCausesWhateverTheCase) {
    put("POST", "no", fail_by_input);
    put("POST", "echo", echo);
    run("no", "one", R"({"e": "OutOfStock", "c": "none left"})");
    run("no", "two", R"({"e": "Declined", "c": "the STOCK of patience is out"})");
    run("no", "three", R"({"e": "Other", "c": "because"})");
    run("echo", "stock");
    EXPECT_EQ(names("error=stock"), (std::vector<std::string>{"two", "one"}));
    EXPECT_EQ(names("error=outof"), (std::vector<std::string>{"one"}));
    EXPECT_EQ(names("error=stock&status=SUCCEEDED"), std::vector<std::string>{});
    EXPECT_EQ(names("error=%3Cscript%3E"), std::vector<std::string>{});
    EXPECT_EQ(get("/api/v1/executions?error=outof")["executions"][0]["error"], "OutOfStock");
}

TEST_F(RestSearch, GoesOnWhereAPageOfASearchEnded) {
    put("POST", "no", fail_by_input);
    for (const auto* name : {"a", "b", "c"}) run("no", name, R"({"e": "E", "c": "same"})");
    const auto first = get("/api/v1/executions?error=same&limit=2");
    ASSERT_EQ(first["executions"].size(), 2U);
    EXPECT_EQ(names("error=same&limit=2&cursor=" + first["nextCursor"].get<std::string>()),
              (std::vector<std::string>{"a"}));
}

TEST_F(RestSearch, KeepsToTheTimesAskedFor) {
    put("POST", "echo", echo);
    const auto first = run("echo", "first")["startDate"].get<std::string>();
    std::string second = first;
    for (int i = 0; second == first; ++i) {
        second = run("echo", "at-" + std::to_string(i))["startDate"].get<std::string>();
    }
    const auto before = names("startedBefore=" + RestServer::encoded(second));
    EXPECT_NE(std::find(before.begin(), before.end(), "first"), before.end());
    for (const auto& one : get("/api/v1/executions?startedBefore=" + RestServer::encoded(second))["executions"]) {
        EXPECT_LT(one["startDate"].get<std::string>(), second);
    }
    for (const auto& one : get("/api/v1/executions?startedAfter=" + RestServer::encoded(second))["executions"]) {
        EXPECT_GE(one["startDate"].get<std::string>(), second);
    }
    EXPECT_EQ(names("startedAfter=" + RestServer::encoded(second)).size(), 1U);
    EXPECT_EQ(server.call("GET", "/api/v1/executions?startedAfter=yesterday").status, 400);
}

TEST_F(RestSearch, ShowsWhatAMachineHasBeen) {
    put("POST", "echo", echo);
    put("POST", "other", echo);
    const auto execution = run("echo", "old");
    put("PUT", "echo", fail_by_input);
    const auto revisions = get("/api/v1/state-machines/echo/revisions")["revisions"];
    ASSERT_EQ(revisions.size(), 2U);
    EXPECT_EQ(revisions[0]["current"], true);
    EXPECT_EQ(revisions[1]["current"], false);
    EXPECT_NE(revisions[0]["definitionText"], revisions[1]["definitionText"]);
    EXPECT_EQ(get("/api/v1/state-machines/other/revisions")["revisions"].size(), 1U);
    EXPECT_EQ(get("/api/v1/state-machines/echo/revisions?limit=1")["revisions"].size(), 1U);
    EXPECT_EQ(server.call("GET", "/api/v1/state-machines/none/revisions").status, 404);
    const auto arn = execution["executionArn"].get<std::string>();
    EXPECT_EQ(get("/api/v1/executions/" + RestServer::encoded(arn) + "/state-machine")["definitionText"],
              revisions[1]["definitionText"]);
}

TEST_F(RestSearch, CountsHowExecutionsAndTheirStatesFared) {
    put("POST", "no", fail_by_input);
    put("POST", "both", both);
    EXPECT_EQ(get("/api/v1/state-machines/both/statistics")["executions"], 0);
    run("both", "one");
    run("both", "two");
    const auto statistics = get("/api/v1/state-machines/both/statistics");
    EXPECT_EQ(statistics["executions"], 2);
    EXPECT_EQ(statistics["byStatus"], (Json{{"FAILED", 2}}));
    EXPECT_EQ(statistics["complete"], true);
    std::map<std::string, std::pair<int, int>> visits_and_failures;
    for (const auto& state : statistics["states"]) {
        visits_and_failures[state["name"].get<std::string>()] = {state["visits"].get<int>(),
                                                                 state["failures"].get<int>()};
    }
    EXPECT_EQ(visits_and_failures["Fork"], (std::pair{2, 2}));
    EXPECT_EQ(visits_and_failures["A"], (std::pair{2, 0}));
    EXPECT_EQ(visits_and_failures["B"], (std::pair{2, 2}));
    EXPECT_EQ(server.call("GET", "/api/v1/state-machines/none/statistics").status, 404);
}

TEST_F(RestSearch, CountsTheStateThatFellWithoutAnEventOfItsOwn) {
    put("POST", "map", R"({"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.none", "End": true,
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}}})");
    EXPECT_EQ(run("map", "one")["status"], "FAILED");
    put("POST", "waits",
        R"({"TimeoutSeconds": 1, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "End": true}}})");
    EXPECT_EQ(run("waits", "one")["status"], "TIMED_OUT");
    for (const auto& [machine, failures] : {std::pair{"map", 1}, std::pair{"waits", 0}}) {
        const auto states = get(std::string{"/api/v1/state-machines/"} + machine + "/statistics")["states"];
        EXPECT_EQ(states[0]["failures"], failures) << machine;
    }
}

TEST(Percentile, IsTheNearestRank) {
    std::vector<std::int64_t> none, one{7}, ten{10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    EXPECT_EQ(percentile(none, 50), 0);
    EXPECT_EQ(percentile(one, 95), 7);
    EXPECT_EQ(percentile(ten, 50), 5);
    EXPECT_EQ(percentile(ten, 95), 10);
    EXPECT_EQ(percentile(ten, 100), 10);
    EXPECT_EQ(percentile(ten, 0), 1);
}

}  // namespace
}  // namespace pawl::web::rest
