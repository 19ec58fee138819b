// The Lambda API without sockets: statuses, error documents, checks of members, Invoke, and functions' URLs.
#include "web/lambda/lambda_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "orchestrator/functions/trace_id.hpp"
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
                                  } else if (work->payload.find("/say") != std::string::npos) {
                                      pool.respond(worker, work->request_id, body_of(work->payload));
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
        request.remote_address = "127.0.0.1";
        auto response = api.handle(request);
        if (!response) return error_response(404, "NotOurs", "");
        if (!response->later) return *std::move(response);
        std::promise<Response> given;
        response->later->begin([&](Response later) { given.set_value(std::move(later)); });
        return given.get_future().get();
    }
    // What the event of a URL brings.
    static std::string body_of(const std::string& event) {
        const auto json = parse_json(event);
        return json ? json->value("body", "") : "";
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

TEST_F(LambdaApiTest, GivesAUrlsPathAsItWasSent) {
    ASSERT_EQ(ask("POST", "/2021-10-31/functions/echo/url", R"({"AuthType": "NONE"})").status, 201);
    const auto event = body_of(ask("GET", "/lambda-url/echo/x%2Fy%20z?q=%20"));
    EXPECT_EQ(event["rawPath"], "/x%2Fy%20z");
    EXPECT_EQ(event["requestContext"]["http"]["path"], "/x%2Fy%20z");
    EXPECT_EQ(event["rawQueryString"], "q=%20");
    for (const auto* target : {"/lambda-url/echo", "/lambda-url/echo?q=1", "/lambda%2Durl/ech%6F/"}) {
        EXPECT_EQ(body_of(ask("GET", target))["rawPath"], "/") << target;
    }
    EXPECT_EQ(ask("GET", "/lambda-url/echo%2Fx").status, 404);
    EXPECT_EQ(ask("GET", "/lambda-url%2Fecho/echo/").status, 404);
}

TEST_F(LambdaApiTest, TellsAUrlsFunctionWhereTheRequestCameFrom) {
    ASSERT_EQ(ask("POST", "/2021-10-31/functions/echo/url", R"({"AuthType": "NONE"})").status, 201);
    const auto event = body_of(ask("GET", "/lambda-url/echo/"));
    const auto& headers = event["headers"];
    EXPECT_EQ(headers["x-forwarded-for"], "127.0.0.1");
    EXPECT_EQ(headers["x-forwarded-proto"], "http");
    EXPECT_EQ(headers["x-forwarded-port"], "8083");
    const auto request_id = event["requestContext"]["requestId"].get<std::string>();
    EXPECT_EQ(headers["x-amzn-trace-id"],
              "Root=" + trace_root(request_id));  // that the function's runtime is told, too

    const auto passed_on = body_of(ask(
        "GET", "/lambda-url/echo/", "",
        {{"X-Forwarded-For", "10.0.0.7"}, {"X-Forwarded-Proto", "https"}, {"X-Amzn-Trace-Id", "Root=1-a"}}))["headers"];
    EXPECT_EQ(passed_on["x-forwarded-for"], "10.0.0.7, 127.0.0.1");
    EXPECT_EQ(passed_on["x-forwarded-proto"], "https");
    EXPECT_EQ(passed_on["x-amzn-trace-id"], "Root=1-a");
}

TEST(UrlEvent, HasThePortOfTheHost) {
    const auto port_of = [](const std::string& host, const std::string& scheme = "") {
        Request request;
        request.headers.emplace_back("Host", host);
        if (!scheme.empty()) request.headers.emplace_back("X-Forwarded-Proto", scheme);
        return url_event(request, "f", "/", "id", Instant{})["headers"]["x-forwarded-port"].get<std::string>();
    };
    EXPECT_EQ(port_of("localhost:8083"), "8083");
    EXPECT_EQ(port_of("localhost"), "80");
    EXPECT_EQ(port_of("shop.example", "https"), "443");
    EXPECT_EQ(port_of("[::1]:9000"), "9000");
    EXPECT_EQ(port_of("[::1]"), "80");
}

// A page of a function's would otherwise be one of this server's own, which may use the APIs.
TEST_F(LambdaApiTest, KeepsAUrlsPagesOutOfTheServersOrigin) {
    ASSERT_EQ(ask("POST", "/2021-10-31/functions/echo/url", R"({"AuthType": "NONE"})").status, 201);
    const auto policy_of = [&](const std::string& type, const std::string& more = "") {
        const auto said = ask("POST", "/lambda-url/echo/say",
                              R"({"statusCode": 200, "headers": {"content-type": ")" + type + "\"" + more + "}}",
                              {{"Content-Type", "application/json"}});
        EXPECT_EQ(said.content_type, type);
        return header(said, "Content-Security-Policy");
    };
    constexpr auto sandbox = "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads";
    for (const auto* type : {"text/html", "Text/HTML ; charset=utf-8", "image/svg+xml", "application/xhtml+xml",
                             "text/xml", "application/xml", "application/atom+xml", "text/plain, text/html", "", "html",
                             "*/*", "unknown/unknown", "application/unknown"}) {
        EXPECT_EQ(policy_of(type), sandbox) << type;
    }
    for (const auto* type : {"application/json", "text/plain", "image/png", "text/css", "application/pdf"}) {
        EXPECT_EQ(policy_of(type), "") << type;
    }
    EXPECT_EQ(policy_of("text/html", R"(, "content-security-policy": "default-src 'self'")"), "");
    for (const auto* path : {functions, "/2021-10-31/functions/echo/url", "/2015-03-31/functions/echo/invocations"}) {
        EXPECT_THAT(error_of(ask("POST", path, "{}", {{"Origin", "null"}})), HasSubstr("403 AccessDenied"))
            << "the origin that such a page has";
    }
}

TEST_F(LambdaApiTest, LetsAUrlsOwnPagesFetchFromItWhenItSaysSo) {
    for (const auto* origin : {"*", "null"}) {
        const std::string cors = R"({"AuthType": "NONE", "Cors": {"AllowOrigins": [")" + std::string{origin} + "\"]}}";
        ask("DELETE", "/2021-10-31/functions/echo/url");
        ASSERT_EQ(ask("POST", "/2021-10-31/functions/echo/url", cors).status, 201);
        EXPECT_EQ(header(ask("GET", "/lambda-url/echo/", "", {{"Origin", "null"}}), "Access-Control-Allow-Origin"),
                  "null");
    }
}

TEST_F(LambdaApiTest, ServesPagesOfThisMachine) {
    const std::pair<std::string, std::string> page{"Origin", "http://localhost:3000"};
    const auto preflight = ask("OPTIONS", functions, "", {page, {"Access-Control-Request-Method", "POST"}});
    EXPECT_EQ(preflight.status, 204);
    EXPECT_EQ(header(preflight, "Access-Control-Allow-Origin"), page.second);
    EXPECT_EQ(header(preflight, "Access-Control-Allow-Methods"), "GET, POST, PUT, DELETE");
    for (const auto* name : {"authorization", "content-type", "x-amz-date", "amz-sdk-request", "x-amz-invocation-type",
                             "x-amz-log-type", "x-amz-client-context"}) {
        EXPECT_THAT(header(preflight, "Access-Control-Allow-Headers"), HasSubstr(name));
    }
    const auto invoke = std::string{functions} + "/echo/invocations";
    const std::vector<Response> answers{ask("GET", functions, "", {page}),
                                        ask("POST", invoke, "{}", {page}),
                                        ask("POST", invoke, R"("fail")", {page}),
                                        ask("POST", invoke, "{}", {page, {"X-Amz-Invocation-Type", "Event"}}),
                                        ask("GET", std::string{functions} + "/nobody", "", {page}),
                                        ask("GET", "/2099-01-01/nothing", "", {page})};
    for (const auto& answer : answers) {
        EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), page.second) << answer.body;
        for (const auto* name : {"x-amzn-requestid", "x-amzn-errortype", "x-amz-function-error", "x-amz-log-result",
                                 "x-amz-executed-version"}) {
            EXPECT_THAT(header(answer, "Access-Control-Expose-Headers"), HasSubstr(name));
        }
    }
    EXPECT_EQ(header(ask("GET", functions), "Access-Control-Allow-Origin"), "");
    EXPECT_EQ(ask("OPTIONS", functions, "", {{"Origin", "https://evil.example"}}).status, 403);
    EXPECT_EQ(ask("OPTIONS", functions, "", {{"Origin", "null"}}).status, 403);
}

TEST_F(LambdaApiTest, KeepsPermissionsAsStatements) {
    const auto path = std::string{functions} + "/echo/policy";
    EXPECT_EQ(error_of(ask("GET", path)), "404 ResourceNotFoundException: The resource you requested does not exist.");
    EXPECT_EQ(error_of(ask("DELETE", path + "/bus")),
              "404 ResourceNotFoundException: No policy is associated with the given resource.");
    const std::string body = R"({"StatementId": "bus", "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com", "SourceArn": "arn:aws:events:us-east-1:000000000000:rule/r",
        "SourceAccount": "000000000000"})";
    const auto added = ask("POST", path, body);
    EXPECT_EQ(added.status, 201);
    const Json bus = *parse_json(R"({"Sid": "bus", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
        "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:echo",
        "Condition": {"StringEquals": {"AWS:SourceAccount": "000000000000"},
                      "ArnLike": {"AWS:SourceArn": "arn:aws:events:us-east-1:000000000000:rule/r"}}})");
    EXPECT_EQ(*parse_json(body_of(added)["Statement"].get<std::string>()), bus);
    EXPECT_EQ(error_of(ask("POST", path, body)),
              "409 ResourceConflictException: The statement id (bus) provided already exists. Please provide a new "
              "statement id, or remove the existing statement.");
    ASSERT_EQ(ask("POST", path, R"({"StatementId": "a", "Action": "lambda:*", "Principal": "111111111111"})").status,
              201);
    const auto kept = body_of(ask("GET", path));
    const auto policy = *parse_json(kept["Policy"].get<std::string>());
    EXPECT_EQ(policy["Version"], "2012-10-17");
    EXPECT_EQ(policy["Id"], "default");
    ASSERT_EQ(policy["Statement"].size(), 2U);
    EXPECT_EQ(policy["Statement"][0], bus);
    EXPECT_EQ(policy["Statement"][1]["Principal"], (Json{{"AWS", "arn:aws:iam::111111111111:root"}}));
    EXPECT_FALSE(policy["Statement"][1].contains("Condition"));
    EXPECT_FALSE(kept["RevisionId"].get<std::string>().empty());
}

TEST_F(LambdaApiTest, TakesPermissionsAway) {
    const auto path = std::string{functions} + "/echo/policy";
    const auto add = [&](const std::string& id, const std::string& more = "") {
        return ask(
            "POST", path,
            R"({"StatementId": ")" + id + R"(", "Action": "lambda:InvokeFunction", "Principal": "*")" + more + "}");
    };
    ASSERT_EQ(add("a").status, 201);
    const auto first = body_of(ask("GET", path))["RevisionId"].get<std::string>();
    ASSERT_EQ(add("b", R"(, "RevisionId": ")" + first + "\"").status, 201);
    EXPECT_THAT(error_of(add("c", R"(, "RevisionId": ")" + first + "\"")),
                HasSubstr("412 PreconditionFailedException"));
    EXPECT_THAT(error_of(ask("DELETE", path + "/a?RevisionId=" + first)), HasSubstr("412 PreconditionFailedException"));
    EXPECT_EQ(error_of(ask("DELETE", path + "/c")),
              "404 ResourceNotFoundException: Statement c is not found in resource policy.");
    EXPECT_EQ(ask("DELETE", path + "/a").status, 204);
    EXPECT_EQ(ask("DELETE", path + "/b").status, 204);
    EXPECT_EQ(ask("GET", path).status, 404);
}

TEST_F(LambdaApiTest, KeepsPermissionsOfAliasesApart) {
    const std::string base = std::string{functions} + "/echo";
    const auto add = [&](const std::string& target) {
        return ask("POST", target, R"({"StatementId": "a", "Action": "lambda:InvokeFunction", "Principal": "*"})");
    };
    ASSERT_EQ(ask("POST", base + "/aliases", R"({"Name":"live","FunctionVersion":"$LATEST"})").status, 201);
    EXPECT_THAT(body_of(add(base + "/policy?Qualifier=live"))["Statement"].get<std::string>(), HasSubstr("echo:live"));
    EXPECT_EQ(ask("GET", base + "/policy").status, 404);
    EXPECT_EQ(ask("GET", base + "/policy?Qualifier=live").status, 200);
    EXPECT_EQ(error_of(add(base + "/policy?Qualifier=%24LATEST")),
              "400 InvalidParameterValueException: We currently do not support adding policies for $LATEST.");
    EXPECT_EQ(add(base + "/policy?Qualifier=9").status, 404);
    EXPECT_EQ(add(std::string{functions} + "/nobody/policy").status, 404);
    ASSERT_EQ(ask("DELETE", base + "/aliases/live").status, 204);
    ASSERT_EQ(ask("POST", base + "/aliases", R"({"Name":"live","FunctionVersion":"$LATEST"})").status, 201);
    EXPECT_EQ(ask("GET", base + "/policy?Qualifier=live").status, 404);
}

TEST_F(LambdaApiTest, ChecksPermissions) {
    const auto path = std::string{functions} + "/echo/policy";
    const auto refusal = [&](const std::string& body) { return error_of(ask("POST", path, body)); };
    EXPECT_THAT(refusal("{}"), HasSubstr("3 validation errors detected: "));
    EXPECT_THAT(refusal(R"({"StatementId": "a b", "Action": "s3:Get", "Principal": "a b"})"),
                HasSubstr("3 validation errors detected: "));
    EXPECT_THAT(refusal(R"({"StatementId": "a", "Action": "lambda:*", "Principal": "somebody"})"),
                HasSubstr("400 InvalidParameterValueException: The provided principal was invalid."));
    const auto long_arn = "arn:aws:s3:::" + std::string(21'000, 'x');
    EXPECT_THAT(
        refusal(R"({"StatementId": "a", "Action": "lambda:*", "Principal": "*", "SourceArn": ")" + long_arn + "\"}"),
        HasSubstr("400 PolicyLengthExceededException: The final policy size ("));
}

TEST_F(LambdaApiTest, SaysWhatThereIsNoneOf) {
    EXPECT_EQ(ask("GET", "/2015-03-31/event-source-mappings/?FunctionName=echo").body, R"({"EventSourceMappings":[]})");
    EXPECT_EQ(ask("GET", "/2015-03-31/event-source-mappings").body, R"({"EventSourceMappings":[]})");
    EXPECT_EQ(ask("GET", "/2018-10-31/layers").body, R"({"Layers":[]})");
    EXPECT_EQ(ask("GET", "/2019-09-30/functions/echo/provisioned-concurrency?List=ALL").body,
              R"({"ProvisionedConcurrencyConfigs":[]})");
    EXPECT_EQ(error_of(ask("GET", "/2019-09-30/functions/echo/provisioned-concurrency")),
              "404 ProvisionedConcurrencyConfigNotFoundException: No Provisioned Concurrency Config found for this "
              "function");
    EXPECT_EQ(ask("GET", "/2019-09-30/functions/nobody/provisioned-concurrency?List=ALL").status, 404);
    EXPECT_EQ(
        body_of(ask("GET", "/2021-07-20/functions/echo/runtime-management-config")),
        (Json{{"UpdateRuntimeOn", "Auto"}, {"FunctionArn", "arn:aws:lambda:us-east-1:000000000000:function:echo"}}));
    EXPECT_EQ(ask("GET", "/2021-07-20/functions/nobody/runtime-management-config").status, 404);
    const auto mapping = error_of(ask("POST", "/2015-03-31/event-source-mappings/",
                                      R"({"FunctionName": "echo", "EventSourceArn": "arn:aws:sqs:us-east-1:1:q"})"));
    EXPECT_THAT(mapping, HasSubstr("400 InvalidParameterValueException: "));
    EXPECT_THAT(mapping, HasSubstr("examples/stream/reader.py"));
    EXPECT_EQ(error_of(ask("GET", "/2015-03-31/event-source-mappings/some-uuid")),
              "404 ResourceNotFoundException: The resource you requested does not exist.");
    EXPECT_THAT(error_of(ask("PUT", "/2019-09-30/functions/echo/provisioned-concurrency",
                             R"({"ProvisionedConcurrentExecutions": 1})")),
                HasSubstr("400 InvalidParameterValueException: Provisioned concurrency is not"));
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
