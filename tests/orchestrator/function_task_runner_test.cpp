// What Step Functions makes of a function's answer, for both kinds of resource.
#include "orchestrator/function_task_runner.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <utility>

#include "orchestrator/clock.hpp"
#include "orchestrator/functions/lambda_result.hpp"
#include "orchestrator/functions/trace_id.hpp"
#include "orchestrator/text_encodings.hpp"
#include "tests/orchestrator/function_support.hpp"

namespace pawl::test {
namespace {

const std::string function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
const std::string invoke_arn = "arn:aws:states:::lambda:invoke";
const std::string token_arn = "arn:aws:states:::lambda:invoke.waitForTaskToken";

// What a task's listener heard.
class Heard {
  public:
    TaskListener listener() {
        return {[this] { note("started"); }, [this](Payload output) { note("submitted", std::move(output)); },
                [this](Result<Payload> answer, TaskFailure failure) {
                    EXPECT_TRUE(failure == TaskFailure::Run || failure == TaskFailure::Schedule);
                    if (answer) return note("succeeded", *std::move(answer));
                    note(failure == TaskFailure::Run ? "failed" : "not started", {}, std::move(answer).error());
                }};
    }
    // Until `what` was heard; all that was, in order.
    std::string until(const std::string& what) {
        std::unique_lock lock{mutex_};
        EXPECT_TRUE(news_.wait_for(lock, 20s, [&] { return all_.ends_with(what); })) << all_;
        return all_;
    }
    const Payload& output() const { return output_; }
    const AslError& error() const { return error_; }

  private:
    void note(const std::string& what, Payload output = {}, AslError error = {}) {
        const std::lock_guard lock{mutex_};
        all_ += (all_.empty() ? "" : " ") + what;
        output_ = std::move(output);
        error_ = std::move(error);
        news_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable news_;
    std::string all_;
    Payload output_;
    AslError error_;
};

class FunctionTasks : public testing::Test {
  protected:
    // The payload says what the function does: {"fail": document}, {"raw": text}, "hang"; else it is the response.
    FunctionTasks()
        : pool{{sleeper("f")}, {}}, host{pool, [this](FunctionPool& of, std::uint64_t worker) { serve(of, worker); }} {}

    void serve(FunctionPool& of, std::uint64_t worker) {
        while (const auto work = of.next(worker)) {
            {
                const std::lock_guard lock{mutex};
                seen = *work;
            }
            const auto event = parse_json(work->payload);
            if (event && event->is_object() && event->contains("fail")) {
                of.fail(worker, work->request_id, "", (*event)["fail"].get<std::string>());
            } else if (event && event->is_object() && event->contains("raw")) {
                of.respond(worker, work->request_id, (*event)["raw"].get<std::string>());
            } else if (event && *event == "hang") {
                return;
            } else {
                of.respond(worker, work->request_id, work->payload);
            }
        }
    }
    FunctionPool::Work last_seen() {
        const std::lock_guard lock{mutex};
        return seen;
    }
    void start(Heard& heard, const std::string& resource, const std::string& parameters,
               std::optional<Instant> deadline = std::nullopt) {
        const auto family = resource.starts_with("arn:aws:states") ? TaskFamily::Task : TaskFamily::LambdaFunction;
        runner.start({1, ++last_task}, {last_task, family, resource, Payload::from_text(parameters), deadline, {}}, "",
                     heard.listener());
    }
    AslError failure(const std::string& resource, const std::string& parameters) {
        Heard heard;
        start(heard, resource, parameters);
        EXPECT_EQ(heard.until("failed"), "started failed");
        return heard.error();
    }
    // Of parameters that are not those of a call.
    AslError refusal(const std::string& parameters) {
        Heard heard;
        start(heard, invoke_arn, parameters);
        EXPECT_EQ(heard.until("not started"), "not started");
        return heard.error();
    }
    Payload success(const std::string& resource, const std::string& parameters) {
        Heard heard;
        start(heard, resource, parameters);
        EXPECT_EQ(heard.until("succeeded"), "started succeeded") << heard.error().cause.value_or("");
        return heard.output();
    }

    std::mutex mutex;
    FunctionPool::Work seen;
    FunctionPool pool;
    ThreadHost host;
    ManualClock clock{*parse_iso8601("2024-04-18T06:27:01.500Z")};
    FunctionTaskRunner runner{pool, clock, {}};
    TaskId last_task = 0;
};

TEST_F(FunctionTasks, DirectOnesPassParametersAndResponsesOn) {
    EXPECT_EQ(success(function_arn, R"({"a": [1.50, 12345678901234567890]})").text(),
              R"({"a": [1.50, 12345678901234567890]})");
    EXPECT_EQ(last_seen().function_arn, function_arn);
    EXPECT_EQ(success(function_arn, "null").text(), "null");
    EXPECT_EQ(success(function_arn + ":prod", "1").text(), "1");
}

TEST_F(FunctionTasks, AResponseThatIsNotJsonBecomesAText) {
    EXPECT_EQ(success(function_arn, R"({"raw": "aaaa"})").text(), R"("aaaa")");
    EXPECT_EQ(success(function_arn, R"({"raw": ""})").text(), R"("")");
    EXPECT_EQ(as_json("a\xff"), "\"a\xef\xbf\xbd\"");
}

TEST_F(FunctionTasks, HandlersErrorsKeepTheirDocumentWithoutItsSpaces) {
    const auto error = failure(function_arn, R"({"fail": "{\"errorMessage\": \"x\", \"errorType\": \"Mine\"}"})");
    EXPECT_EQ(error, (AslError{"Mine", R"({"errorMessage":"x","errorType":"Mine"})"}));
    EXPECT_EQ(failure(invoke_arn, R"({"FunctionName": "f", "Payload": {"fail": "{\"errorType\": \"Mine\"}"}})"),
              (AslError{"Mine", R"({"errorType":"Mine"})"}));
}

TEST_F(FunctionTasks, ErrorsWithoutATypeAreLambdaUnknown) {
    EXPECT_EQ(failure(function_arn, R"({"fail": "{\"errorMessage\": \"x\"}"})"),
              (AslError{"Lambda.Unknown",
                        "The cause could not be determined because Lambda did not return an error type. "
                        R"(Returned payload: {"errorMessage": "x"})"}));
}

TEST_F(FunctionTasks, InvokeGivesLambdasAnswerInAnEnvelope) {
    const auto output = success(invoke_arn, R"({"FunctionName": "f", "Payload": {"a": 1.50}})");
    const auto id = last_seen().request_id;
    const auto& trace = output.json()["SdkHttpMetadata"]["HttpHeaders"]["X-Amzn-Trace-Id"].get<std::string>();
    EXPECT_EQ(trace, "root=" + trace_root(id) + ";parent=" + trace_parent(id) + ";sampled=0");
    const std::string expected =
        R"({"ExecutedVersion":"$LATEST","Payload":{"a":1.5},"SdkHttpMetadata":{"AllHttpHeaders":{)"
        R"("X-Amz-Executed-Version":["$LATEST"],"x-amzn-Remapped-Content-Length":["0"],"Connection":["keep-alive"],)"
        R"("x-amzn-RequestId":["ID"],"Content-Length":["9"],"Date":["Thu, 18 Apr 2024 06:27:01 GMT"],)"
        R"("X-Amzn-Trace-Id":["TRACE"],"Content-Type":["application/json"]},"HttpHeaders":{"Connection":"keep-alive",)"
        R"("Content-Length":"9","Content-Type":"application/json","Date":"Thu, 18 Apr 2024 06:27:01 GMT",)"
        R"("X-Amz-Executed-Version":"$LATEST","x-amzn-Remapped-Content-Length":"0","x-amzn-RequestId":"ID",)"
        R"("X-Amzn-Trace-Id":"TRACE"},"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"ID"},"StatusCode":200})";
    auto text = output.text();
    for (const auto& [from, to] : {std::pair{id, "ID"}, std::pair{trace, "TRACE"}}) {
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from))
            text.replace(at, from.size(), to);
    }
    EXPECT_EQ(text, expected);
    EXPECT_EQ(last_seen().function_arn, "arn:aws:lambda:us-east-1:000000000000:function:f");
}

TEST_F(FunctionTasks, ATextAsPayloadIsTheEventsJson) {
    EXPECT_EQ(success(invoke_arn, R"({"FunctionName": "f", "Payload": "0.0"})").json()["Payload"], 0.0);
    EXPECT_EQ(success(invoke_arn, R"({"FunctionName": "f", "Payload": "\"x\""})").json()["Payload"], "x");
    const auto error = failure(invoke_arn, R"({"FunctionName": "f", "Payload": "x"})");
    EXPECT_EQ(error.name, "Lambda.InvalidRequestContentException");
    EXPECT_TRUE(error.cause->starts_with("Could not parse request body into json: ")) << *error.cause;
    EXPECT_NE(error.cause->find(" (Service: AWSLambda; Status Code: 400; Error Code: InvalidRequestContentException; "),
              std::string::npos);
}

TEST_F(FunctionTasks, NoPayloadIsAnEmptyObject) {
    EXPECT_EQ(success(invoke_arn, R"({"FunctionName": "f"})").json()["Payload"], Json::object());
    EXPECT_EQ(success(invoke_arn, R"({"FunctionName": "f", "Payload": null})").json()["Payload"], Json::object());
}

TEST_F(FunctionTasks, NamesComeInAllForms) {
    for (const auto* name : {"f", "f:prod", "123456789012:function:f", "arn:aws:lambda:x:123456789012:function:f:7"}) {
        EXPECT_EQ(success(invoke_arn, R"({"Payload": 1, "FunctionName": ")" + std::string{name} + R"("})")
                      .json()["StatusCode"],
                  200)
            << name;
    }
    EXPECT_EQ(success(invoke_arn, R"({"FunctionName": "f", "Qualifier": "7"})").json()["ExecutedVersion"], "7");
    EXPECT_EQ(last_seen().function_arn, "arn:aws:lambda:us-east-1:000000000000:function:f:7");
    EXPECT_EQ(success(invoke_arn, R"({"FunctionName": "f:prod"})").json()["ExecutedVersion"], "$LATEST");
}

TEST_F(FunctionTasks, LogTypeTailGivesTheLog) {
    const auto output = success(invoke_arn, R"({"FunctionName": "f", "LogType": "Tail"})").json();
    const auto log = output["LogResult"].get<std::string>();
    EXPECT_EQ(log.substr(0, 24), to_base64("START RequestId: " + last_seen().request_id).substr(0, 24));
    EXPECT_EQ(output["SdkHttpMetadata"]["HttpHeaders"]["X-Amz-Log-Result"], log);
    EXPECT_EQ(output.begin().key(), "ExecutedVersion");
}

TEST_F(FunctionTasks, ClientContextReachesTheFunction) {
    success(invoke_arn, R"({"FunctionName": "f", "ClientContext": "eyJhIjoxfQ=="})");
    EXPECT_EQ(last_seen().client_context, "eyJhIjoxfQ==");
    EXPECT_EQ(failure(invoke_arn, R"({"FunctionName": "f", "ClientContext": "a\nb!"})").name,
              "Lambda.InvalidRequestContentException");
}

TEST_F(FunctionTasks, EventsAreAcceptedAndRunOnTheirOwn) {
    const auto output =
        success(invoke_arn, R"({"FunctionName": "f", "InvocationType": "Event", "Payload": [7]})").json();
    EXPECT_EQ(output["StatusCode"], 202);
    EXPECT_EQ(output["SdkHttpMetadata"]["HttpStatusCode"], 202);
    EXPECT_EQ(output["Payload"], "");
    EXPECT_FALSE(output.contains("ExecutedVersion"));
    EXPECT_TRUE(comes_true([&] { return last_seen().payload == "[7]"; }));
}

TEST_F(FunctionTasks, DryRunsOnlyLookTheFunctionUp) {
    EXPECT_EQ(success(invoke_arn, R"({"FunctionName": "f", "InvocationType": "DryRun"})").json()["StatusCode"], 204);
    EXPECT_EQ(host.opened, 0U);
}

TEST_F(FunctionTasks, UnknownFunctionsAreNotFound) {
    const auto direct = failure("arn:aws:lambda:eu-west-1:123456789012:function:none", "{}");
    EXPECT_EQ(direct.name, "Lambda.ResourceNotFoundException");
    EXPECT_TRUE(
        direct.cause->starts_with("Function not found: arn:aws:lambda:eu-west-1:123456789012:function:none (Service: "
                                  "AWSLambda; Status Code: 404; "
                                  "Error Code: ResourceNotFoundException; Request ID: "));
    EXPECT_TRUE(direct.cause->ends_with("; Proxy: null)"));
    const auto invoked = failure(invoke_arn, R"({"FunctionName": "none"})");
    EXPECT_EQ(invoked.name, "Lambda.ResourceNotFoundException");
    EXPECT_TRUE(invoked.cause->starts_with(
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none (Service: "));
}

TEST_F(FunctionTasks, WrongParametersAreNamed) {
    EXPECT_EQ(refusal("{}").name, "States.Runtime");
    EXPECT_EQ(refusal("[]").name, "States.Runtime");
    EXPECT_EQ(refusal(R"({"FunctionName": 7})").cause,
              R"(The Parameters '{"FunctionName": 7}' could not be used to start the Task: [The value for the field )"
              "'FunctionName' must be a STRING]");
    EXPECT_EQ(failure(invoke_arn, R"({"FunctionName": "a b"})").name, "Lambda.AWSLambdaException");
    EXPECT_TRUE(
        failure(invoke_arn, R"({"FunctionName": "f", "InvocationType": "Now"})")
            .cause->starts_with("1 validation error detected: Value 'Now' at 'invocationType' failed to satisfy "
                                "constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]"));
}

TEST_F(FunctionTasks, PayloadsThatAreNoJsonAreNamedAsLambdaDoes) {
    const auto unread = failure(invoke_arn, R"({"FunctionName": "f", "Payload": "x"})");
    EXPECT_EQ(unread.name, "Lambda.InvalidRequestContentException");
    EXPECT_TRUE(unread.cause->starts_with(
        "Could not parse request body into json: Could not parse payload into json: Unrecognized token 'x': was "
        "expecting "
        "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (byte[])\"x\"; line: 1, "
        "column: 2] (Service: AWSLambda; Status Code: 400; "))
        << *unread.cause;
}

TEST_F(FunctionTasks, WaitForTaskTokenSubmitsAndWaits) {
    Heard heard;
    start(heard, token_arn, R"({"FunctionName": "f", "Payload": {"a": 1}})");
    EXPECT_EQ(heard.until("submitted"), "started submitted");
    EXPECT_EQ(heard.output().json()["Payload"], Json::object({{"a", 1}}));
    EXPECT_EQ(failure(token_arn, R"({"FunctionName": "f", "Payload": {"fail": "{\"errorType\": \"Mine\"}"}})").name,
              "Mine");
}

TEST_F(FunctionTasks, CancelledOnesAreNotHeardOfAgain) {
    Heard cancelled;
    start(cancelled, function_arn, R"("hang")");
    cancelled.until("started");
    runner.cancel({1, last_task});
    runner.cancel({1, last_task});
    EXPECT_TRUE(comes_true([&] { return host.open_now == 0; }));
    EXPECT_EQ(cancelled.until("started"), "started");
}

TEST_F(FunctionTasks, TheEngineEndsThemAtTheirTimeout) {
    Heard heard;
    start(heard, function_arn, "1", clock.now() + 60s);
    heard.until("succeeded");
    const auto granted = last_seen().deadline - std::chrono::system_clock::now();
    EXPECT_GT(granted, 61s);  // the pool must not be first
    EXPECT_LT(granted, 70s);
}

TEST_F(FunctionTasks, ATaskThatIsStartedAgainAnswersOnce) {
    Heard before, after;
    start(before, function_arn, R"("hang")");
    before.until("started");
    --last_task;
    start(after, function_arn, "1");
    EXPECT_EQ(after.until("succeeded"), "started succeeded");
    EXPECT_EQ(before.until("started"), "started");
}

TEST_F(FunctionTasks, ResourcesThatAreNotFunctionsAreRefused) {
    for (const auto& fine : {function_arn, function_arn + ":prod", invoke_arn, token_arn}) {
        EXPECT_FALSE(runner.unsupported(fine)) << fine;
    }
    for (const std::string garbage :
         {"", "x", "arn:aws:states:::lambda:invoke.sync", "arn:aws:states:::x", "arn:aws:states:::madeup:thing",
          "arn:aws:lambda:us-east-1:000000000000:function:"}) {
        EXPECT_EQ(runner.unsupported(garbage),
                  "The resource provided " + garbage +
                      " is not recognized. The value is not a valid resource ARN, or the resource is not available in "
                      "this region.");
    }
    const auto service = runner.unsupported("arn:aws:states:::ecs:runTask.sync");
    ASSERT_TRUE(service);
    EXPECT_NE(service->find("Call the service from a function"), std::string::npos);
}

}  // namespace
}  // namespace pawl::test
