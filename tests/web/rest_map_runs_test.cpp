// Map Runs and their children over /api/v1.
#include "orchestrator/text_encodings.hpp"
#include "rest_server.hpp"
#include "web/rest/views.hpp"

namespace pawl::web::rest {
namespace {

constexpr auto fan_out =
    R"({"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "Each", "ToleratedFailureCount": 1, "End": true,
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Good?", "States": {
        "Good?": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericGreaterThan": 0, "Next": "Pack"}], "Default": "No"},
        "Pack": {"Type": "Pass", "End": true}, "No": {"Type": "Fail", "Error": "Negative"}}}}}})";

class RestMapRuns : public testing::Test {
  protected:
    RestServer server;
    std::string parent;

    void SetUp() override {
        server.call("POST", "/api/v1/state-machines", std::string{R"({"name": "fan", "definition": )"} + fan_out + "}");
        const auto started = server.call("POST", "/api/v1/state-machines/fan/executions", R"({"input": [3, -1, 5]})");
        ASSERT_EQ(started.status, 201) << started.body;
        parent = body_of(started)["executionArn"].get<std::string>();
        server.ended(parent);
    }
    Json body_of_get(const std::string& target) {
        const auto response = server.get(target);
        EXPECT_EQ(response.status, 200) << response.body;
        return body_of(response);
    }
    static std::string path(const std::string& arn) { return "/api/v1/executions/" + percent_encode(arn); }
    Json run() { return body_of_get(path(parent) + "/map-runs")["mapRuns"].at(0); }
    std::string children(const std::string& more = "") {
        return "/api/v1/executions?mapRun=" + percent_encode(run()["mapRunArn"].get<std::string>()) + more;
    }
};

TEST_F(RestMapRuns, AreListedAndCounted) {
    const auto summary = run();
    EXPECT_EQ(summary["state"], "Each");
    EXPECT_EQ(summary["status"], "SUCCEEDED");
    EXPECT_EQ(summary["executionArn"], parent);
    const auto one = body_of_get("/api/v1/map-runs/" + percent_encode(summary["mapRunArn"].get<std::string>()));
    EXPECT_EQ(one["toleratedFailureCount"], 1);
    EXPECT_EQ(one["executionsByStatus"], Json::parse(R"({"SUCCEEDED": 2, "FAILED": 1})"));
    EXPECT_EQ(one["itemsByStatus"], one["executionsByStatus"]);
    EXPECT_EQ(server.get("/api/v1/map-runs/arn:aws:states:us-east-1:000000000000:mapRun:fan%2FEach:no").status, 404);
}

TEST_F(RestMapRuns, ChildrenAreFoundAndNameTheirParent) {
    const auto all = body_of_get(children());
    ASSERT_EQ(all["executions"].size(), 3U);
    EXPECT_FALSE(all.contains("nextCursor"));
    const auto failed = body_of_get(children("&status=FAILED"))["executions"];
    ASSERT_EQ(failed.size(), 1U);
    EXPECT_EQ(failed[0]["itemIndex"], 1);
    const auto child = body_of_get(path(failed[0]["executionArn"].get<std::string>()));
    EXPECT_EQ(child["parentExecutionArn"], parent);
    EXPECT_EQ(child["mapRunArn"], run()["mapRunArn"]);
    EXPECT_EQ(child["mapState"], "Each");
    EXPECT_EQ(child["itemIndex"], 1);
    EXPECT_FALSE(body_of_get(path(parent)).contains("mapRunArn"));

    const auto first = body_of_get(children("&limit=2"));
    ASSERT_EQ(first["executions"].size(), 2U);
    const auto second = body_of_get(children("&limit=2&cursor=" + first["nextCursor"].get<std::string>()));
    EXPECT_EQ(second["executions"].size(), 1U);
    EXPECT_EQ(server.get(children("&startedAfter=2026-01-01T00:00:00Z")).status, 400);
    EXPECT_EQ(body_of_get("/api/v1/executions")["executions"].size(), 1U);  // children are no part of it
}

}  // namespace
}  // namespace pawl::web::rest
