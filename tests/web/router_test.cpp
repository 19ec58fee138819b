// The table of routes, and the helpers of Request and URI.
#include <gtest/gtest.h>

#include "web/http.hpp"
#include "web/uri.hpp"

namespace pawl::web {
namespace {

Handler named(std::string name) {
    return [name](const Request& request) {
        Response response;
        response.body = name;
        for (const auto& [key, value] : request.parameters) response.body += " " + key + "=" + value;
        return response;
    };
}

Router table() {
    Router router;
    router.add({"GET", "/api/v1/executions/{arn}", named("describe")});
    router.add({"GET", "/api/v1/executions/search", named("search")});
    router.add({"POST", "/api/v1/executions/{arn}/stop", named("stop")});
    router.add({"GET", "/api/v1/executions/{arn}/events", named("events")});
    router.add({"DELETE", "/api/v1/executions/{arn}", named("delete")});
    router.add({"GET", "/{path...}", named("viewer")});
    return router;
}

Response ask(const Router& router, std::string method, std::string target) {
    Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.path = percent_decode(split_target(request.target).first);
    return router.handle(request);
}

TEST(Router, GivesTheHandlerWhatItsNamesMatched) {
    EXPECT_EQ(ask(table(), "GET", "/api/v1/executions/abc/events").body, "events arn=abc");
}

TEST(Router, KeepsAnEncodedSlashInsideItsSegment) {
    EXPECT_EQ(ask(table(), "GET", "/api/v1/executions/a%3Ab%2Fc").body, "describe arn=a:b/c");
}

TEST(Router, MatchesTheDecodedPathOfARequestWithoutTarget) {
    Request request;
    request.method = "GET";
    request.path = "/api/v1/executions/50%25";
    EXPECT_EQ(table().handle(request).body, "describe arn=50%25");
}

TEST(Router, PrefersLiteralSegmentsWhateverTheOrderOfTheTable) {
    EXPECT_EQ(ask(table(), "GET", "/api/v1/executions/search").body, "search");
    EXPECT_EQ(ask(table(), "GET", "/api/v1/executions/search?q=1").body, "search");
}

TEST(Router, GivesTheRestOfThePathToTheLastName) {
    EXPECT_EQ(ask(table(), "GET", "/assets/app.js").body, "viewer path=assets/app.js");
    EXPECT_EQ(ask(table(), "GET", "/").body, "viewer path=");
}

TEST(Router, AnswersHeadAsGet) { EXPECT_EQ(ask(table(), "HEAD", "/api/v1/executions/x").body, "describe arn=x"); }

TEST(Router, Answers405AndNamesTheMethodsOfAKnownPath) {
    const auto response = ask(table(), "POST", "/api/v1/executions/x");
    EXPECT_EQ(response.status, 405);
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0].first, "Allow");
    EXPECT_EQ(response.headers[0].second, "GET, DELETE");
}

TEST(Router, Answers404ForAnUnknownPath) {
    Router router;
    router.add({"GET", "/healthz", named("health")});
    EXPECT_EQ(ask(router, "GET", "/nothing").status, 404);
    EXPECT_EQ(ask(router, "GET", "/healthz/").status, 404);
    EXPECT_EQ(ask(router, "GET", "/").status, 404);
}

TEST(Router, NeedsSomethingForAName) {
    Router router;
    router.add({"GET", "/executions/{arn}", named("describe")});
    EXPECT_EQ(ask(router, "GET", "/executions/").status, 404);
}

TEST(Request, FindsHeadersInAnyLetterCase) {
    Request request;
    request.headers = {{"X-Amz-Target", "AWSStepFunctions.StartExecution"}};
    EXPECT_EQ(request.header("x-amz-target"), "AWSStepFunctions.StartExecution");
    EXPECT_EQ(request.header("x-amz"), "");
}

TEST(Request, TellsAnEmptyQueryValueFromNone) {
    Request request;
    request.query = parse_query("a=&b=2");
    EXPECT_EQ(request.query_value("a"), "");
    EXPECT_EQ(request.query_value("c"), std::nullopt);
}

TEST(Uri, DecodesEscapesAndLeavesBrokenOnes) {
    EXPECT_EQ(percent_decode("a%20b%2fc+%"), "a b/c+%");
    EXPECT_EQ(percent_decode("%4"), "%4");
    EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
}

TEST(Uri, SplitsQueriesInOrder) {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(parse_query("b=x+y&a=%26&&c"), (Pairs{{"b", "x y"}, {"a", "&"}, {"c", ""}}));
    EXPECT_EQ(parse_query(""), Pairs{});
}

}  // namespace
}  // namespace pawl::web
