// The Lambda API without sockets: statuses, error documents, checks of members, Invoke, and functions' URLs.
#include "web/lambda/lambda_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "orchestrator/text_encodings.hpp"
#include "tests/orchestrator/registry_support.hpp"
#include "web/lambda/function_url.hpp"
#include "web/uri.hpp"

namespace pawl::web::lambda {
namespace {

using testing::HasSubstr;

class LambdaApiTest : public testing::Test {
  protected:
    test::RegistryWorld world{{test::sleeper("echo")}};
    test::ThreadHost host{world.pool(), [](FunctionPool& pool, std::uint64_t worker) {
                              while (const auto work = pool.next(worker)) {
                                  if (work->payload.find("fail") != std::string::npos) {
                                      pool.fail(worker, work->request_id, "Oops", R"({"errorType":"Oops"})");
                                  } else {
                                      pool.respond(worker, work->request_id, work->payload);
                                  }
                              }
                          }};
    LambdaApi api{{world.registry(), world.invoker(), world.events(), world.pool()}, {}};

    Response ask(const std::string& method, const std::string& target, const std::string& body = "",
                 std::vector<std::pair<std::string, std::string>> headers = {}) {
        Request request;
        request.method = method;
        request.target = target;
        const auto [path, query] = split_target(target);
        request.path = percent_decode(path);
        request.query = parse_query(query);
        request.headers = std::move(headers);
        request.headers.emplace_back("Host", "localhost:8083");
        request.body = body;
        auto response = api.handle(request);
        if (!response) return error_response(404, "NotOurs", "");
        if (!response->later) return *std::move(response);
        std::promise<Response> given;
        response->later->begin([&](Response later) { given.set_value(std::move(later)); });
        return given.get_future().get();
    }
    static Json body_of(const Response& response) {
        auto body = parse_json(response.body);
        EXPECT_TRUE(body) << response.body;
        return body ? *body : Json{};
    }
    static std::string header(const Response& response, const std::string& name) {
        for (const auto& [one, value] : response.headers) {
            if (one == name) return value;
        }
        return "";
    }
    // "404 ResourceNotFoundException: …"
    static std::string error_of(const Response& response) {
        const auto body = body_of(response);
        EXPECT_EQ(body["Type"], "User");
        return std::to_string(response.status) + " " + header(response, "x-amzn-ErrorType") + ": " +
               body.value("Message", body.value("message", ""));
    }
};

constexpr auto functions = "/2015-03-31/functions";

TEST_F(LambdaApiTest, LeavesOtherPathsAlone) {
    EXPECT_EQ(body_of(ask("GET", "/api/v1/functions"))["type"], "NotOurs");
    EXPECT_EQ(error_of(ask("GET", "/2099-01-01/nothing")),
              "404 UnknownOperationException: There is no operation GET /2099-01-01/nothing here.");
}

TEST_F(LambdaApiTest, InvokesByEncodedNames) {
    const auto path =
        std::string{functions} + "/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aecho/invocations";
    const auto response = ask("POST", path, R"({"a":1})");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"a":1})");
    EXPECT_EQ(header(response, "X-Amz-Executed-Version"), "$LATEST");
    EXPECT_EQ(header(response, "X-Amz-Function-Error"), "");
}

TEST_F(LambdaApiTest, TakesNoFunctionForItsNamesakeElsewhere) {
    const std::string base{functions};
    const std::string elsewhere = "arn:aws:lambda:eu-west-1:999999999999:function:echo";
    const auto path = base + "/" + percent_encode(elsewhere);
    const auto unknown = "404 ResourceNotFoundException: Function not found: " + elsewhere;
    EXPECT_EQ(error_of(ask("GET", path)), unknown);
    EXPECT_EQ(error_of(ask("DELETE", path)), unknown);
    EXPECT_EQ(error_of(ask("POST", "/2017-03-31/tags/" + percent_encode(elsewhere), R"({"Tags":{"a":"b"}})")), unknown);
    EXPECT_EQ(ask("POST", path + "/invocations", "{}").status, 200) << "as workflows do, which come from elsewhere";
}

TEST_F(LambdaApiTest, HasMarkersForEveryKey) {
    const std::string path = "/2019-09-25/functions/echo/event-invoke-config";
    ASSERT_EQ(
        ask("POST", std::string{functions} + "/echo/aliases", R"({"Name":"live","FunctionVersion":"$LATEST"})").status,
        201);
    for (const auto* qualifier : {"", "?Qualifier=live"}) {
        ASSERT_EQ(ask("PUT", path + qualifier, R"({"MaximumRetryAttempts":1})").status, 200);
    }
    const auto first = body_of(ask("GET", path + "/list?MaxItems=1"));
    ASSERT_TRUE(first.contains("NextMarker"));
    ASSERT_NE(first["NextMarker"], "");
    const auto second = body_of(ask("GET", path + "/list?MaxItems=1&Marker=" + first["NextMarker"].get<std::string>()));
    EXPECT_THAT(second["FunctionEventInvokeConfigs"][0].value("FunctionArn", ""), HasSubstr(":live"));
    EXPECT_FALSE(second.contains("NextMarker"));
}

TEST_F(LambdaApiTest, GivesAFailedFunctionsErrorWithStatus200) {
    const auto response = ask("POST", std::string{functions} + "/echo/invocations", R"("fail")");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(header(response, "X-Amz-Function-Error"), "Unhandled");
    EXPECT_EQ(body_of(response)["errorType"], "Oops");
}

TEST_F(LambdaApiTest, AcceptsEventsAndDryRuns) {
    const auto path = std::string{functions} + "/echo/invocations";
    EXPECT_EQ(ask("POST", path, "{}", {{"X-Amz-Invocation-Type", "Event"}}).status, 202);
    EXPECT_EQ(ask("POST", path, "{}", {{"X-Amz-Invocation-Type", "DryRun"}}).status, 204);
    EXPECT_THAT(error_of(ask("POST", path, "{}", {{"X-Amz-Invocation-Type", "Never"}})),
                HasSubstr("400 ValidationException: 1 validation error detected: Value 'Never' at 'invocationType'"));
    EXPECT_THAT(error_of(ask("POST", path, "{")),
                HasSubstr("400 InvalidRequestContentException: Could not parse request body into json: "));
}

TEST_F(LambdaApiTest, ChecksNamesAndQualifiers) {
    const std::string base{functions};
    EXPECT_EQ(error_of(ask("GET", base + "/nobody")),
              "404 ResourceNotFoundException: Function not found: "
              "arn:aws:lambda:us-east-1:000000000000:function:nobody");
    EXPECT_THAT(error_of(ask("GET", base + "/a%20b")), HasSubstr("Value 'a b' at 'functionName' failed to satisfy"));
    EXPECT_THAT(error_of(ask("GET", base + "/echo:1?Qualifier=2")), HasSubstr("derived qualifier"));
    EXPECT_THAT(error_of(ask("GET", base + "/echo?Qualifier=a.b")), HasSubstr("at 'qualifier' failed to satisfy"));
    EXPECT_THAT(error_of(ask("GET", base + "?MaxItems=0")), HasSubstr("at 'maxItems' failed to satisfy constraint"));
    EXPECT_THAT(error_of(ask("GET", base + "?MaxItems=many")), HasSubstr("400 InvalidParameterValueException"));
}

TEST_F(LambdaApiTest, ChecksWhatANewFunctionIsMadeOf) {
    const auto refusal = [&](const std::string& body) { return error_of(ask("POST", functions, body)); };
    EXPECT_THAT(refusal("[]"), HasSubstr("InvalidRequestContentException: Could not parse request body into json"));
    EXPECT_THAT(refusal("{}"),
                HasSubstr("Value null at 'functionName' failed to satisfy constraint: Member must not be"));
    EXPECT_THAT(refusal(R"({"FunctionName": 5, "Code": {}})"), HasSubstr("InvalidRequestContentException"));
    EXPECT_THAT(refusal(R"({"FunctionName": "f", "Code": {}, "MemorySize": 1, "Timeout": 0})"),
                HasSubstr("2 validation errors detected: "));
    EXPECT_THAT(refusal(R"({"FunctionName": "f", "Code": {}})"), HasSubstr("Value null at 'role'"));
    const std::string rest = R"("Role": "arn:aws:iam::000000000000:role/r", "Runtime": "python3.11", "Handler": "a.b")";
    EXPECT_THAT(refusal(R"({"FunctionName": "f", "Code": {"ZipFile": "%"}, )" + rest + "}"), HasSubstr("Base64"));
    EXPECT_THAT(refusal(R"({"FunctionName": "f", "Code": {"ZipFile": "AAAA"}, )" + rest + "}"),
                HasSubstr("Could not unzip uploaded file. Please check your file, then try to upload again."));
    EXPECT_THAT(refusal(R"({"FunctionName": "f", "Code": {}, )" + rest + "}"),
                HasSubstr("Please provide a source for function code."));
    EXPECT_THAT(refusal(R"({"FunctionName": "f", "Code": {}, "Tags": {"a": 1}, )" + rest + "}"),
                HasSubstr("InvalidRequestContentException"));
}

TEST_F(LambdaApiTest, MakesShowsAndDeletesAFunction) {
    const auto zip = to_base64(test::zip_of({{"app.py", "print(1)"}}));
    const auto made = ask("POST", functions,
                          R"({"FunctionName": "f", "Role": "arn:aws:iam::000000000000:role/r", "Runtime": "python3.11",
                              "Handler": "app.handler", "Code": {"ZipFile": ")" +
                              zip + R"("}, "Unknown": 1})");
    EXPECT_EQ(made.status, 201);
    const auto configuration = body_of(made);
    EXPECT_EQ(configuration["State"], "Active");
    EXPECT_EQ(configuration["LastUpdateStatus"], "Successful");
    EXPECT_EQ(configuration["Timeout"], 3);
    EXPECT_EQ(configuration["MemorySize"], 128);
    const auto whole = body_of(ask("GET", std::string{functions} + "/f"));
    EXPECT_EQ(whole["Configuration"], configuration);
    const auto location = whole["Code"]["Location"].get<std::string>();
    ASSERT_TRUE(location.starts_with("http://localhost:8083/lambda-code/")) << location;
    EXPECT_EQ(ask("GET", location.substr(21)).body, test::zip_of({{"app.py", "print(1)"}}));
    const auto listed = body_of(ask("GET", std::string{functions} + "/"));
    EXPECT_EQ(listed["Functions"].size(), 2U);
    EXPECT_FALSE(listed.contains("NextMarker"));
    const auto gone = ask("DELETE", std::string{functions} + "/f");
    EXPECT_EQ(gone.status, 204);
    EXPECT_EQ(gone.body, "");
}

TEST_F(LambdaApiTest, ThrottlesWithAReason) {
    EXPECT_EQ(ask("PUT", "/2017-10-31/functions/echo/concurrency", R"({"ReservedConcurrentExecutions": 0})").status,
              200);
    const auto response = ask("POST", std::string{functions} + "/echo/invocations", "{}");
    EXPECT_EQ(error_of(response), "429 TooManyRequestsException: Rate Exceeded.");
    EXPECT_EQ(body_of(response)["Reason"], "ReservedFunctionConcurrentInvocationLimitExceeded");
}

TEST_F(LambdaApiTest, KeepsPagesOfOtherSitesOut) {
    const std::string base{functions};
    EXPECT_THAT(error_of(ask("GET", base, "", {{"Origin", "https://evil.example"}})), HasSubstr("403 AccessDenied"));
    Request request;
    request.method = "GET";
    request.target = request.path = base;
    request.headers = {{"Host", "evil.example:8083"}, {"User-Agent", "Mozilla/5.0"}};
    EXPECT_EQ(api.handle(request)->status, 403);
    request.headers = {{"Host", "pawl.internal:8083"}, {"User-Agent", "Boto3/1.26"}};
    EXPECT_EQ(api.handle(request)->status, 200);
}

TEST_F(LambdaApiTest, ServesFunctionsByUrlOnlyWhenTheyHaveOne) {
    EXPECT_EQ(ask("GET", "/lambda-url/echo/").status, 404);
    const auto made = ask("POST", "/2021-10-31/functions/echo/url", R"({"AuthType": "NONE"})");
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(body_of(made)["FunctionUrl"], "http://localhost:8083/lambda-url/echo/");
    const auto event =
        body_of(ask("POST", "/lambda-url/echo/a/b?x=1&y=2&x=3", "text",
                    {{"Content-Type", "text/plain"}, {"Cookie", "k=v; l=w"}, {"X-A", "1"}, {"x-a", "2"}}));
    EXPECT_EQ(event["rawPath"], "/a/b");
    EXPECT_EQ(event["rawQueryString"], "x=1&y=2&x=3");
    EXPECT_EQ(event["queryStringParameters"], (Json{{"x", "1,3"}, {"y", "2"}}));
    EXPECT_EQ(event["cookies"], Json::array({"k=v", "l=w"}));
    EXPECT_EQ(event["headers"]["x-a"], "1,2");
    EXPECT_EQ(event["body"], "text");
    EXPECT_EQ(event["isBase64Encoded"], false);
    EXPECT_EQ(event["requestContext"]["http"]["method"], "POST");
    const auto binary = body_of(ask("POST", "/lambda-url/echo/", "\xff", {{"Content-Type", "text/plain"}}));
    EXPECT_EQ(binary["body"], "/w==");
    EXPECT_EQ(binary["isBase64Encoded"], true);
    EXPECT_EQ(ask("POST", "/lambda-url/echo/fail").status, 502);
}

TEST(UrlResponse, IsWhatTheFunctionSays) {
    const auto response = url_response(R"({"statusCode": 404, "headers": {"content-type": "text/html", "X-N": 5},
                                           "cookies": ["a=1", "b=2"], "body": "PGI+", "isBase64Encoded": true})");
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.content_type, "text/html");
    EXPECT_EQ(response.body, "<b>");
    const std::vector<std::pair<std::string, std::string>> headers{
        {"X-N", "5"}, {"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}};
    EXPECT_EQ(response.headers, headers);
}

TEST(UrlResponse, IsABodyWhenTheFunctionSaysNothingElse) {
    for (const auto* result : {R"({"hello": 1})", "[1]", "\"text\"", "null", "no json", R"({"statusCode": "x"})"}) {
        const auto response = url_response(result);
        EXPECT_EQ(response.status, 200) << result;
        EXPECT_EQ(response.body, result);
        EXPECT_EQ(response.content_type, "application/json");
    }
    EXPECT_EQ(url_response(R"({"statusCode": 1000})").status, 502);
    EXPECT_EQ(url_response(R"({"statusCode": 100, "body": "x"})").status, 502) << "no answer yet";
}

}  // namespace
}  // namespace pawl::web::lambda
