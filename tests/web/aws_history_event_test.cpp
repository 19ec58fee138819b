// Recorded events as AWS shows them: one case an event type, and what includeExecutionData and resources do.
#include <gtest/gtest.h>

#include "web/aws/history_event.hpp"

namespace pawl::web::aws {
namespace {

using namespace std::chrono_literals;

Payload json(std::string text) { return Payload::from_text(std::move(text)); }

Json shown(Event event, bool include_data = true) {
    RecordedEvent recorded;
    recorded.id = 7;
    recorded.previous = 6;
    recorded.at = Instant{Millis{1763800000123}};
    recorded.event = std::move(event);
    return history_event(recorded, {"eu-west-1", include_data});
}

struct Case {
    std::string type;  // of the event, as AWS names it
    Event event;
    std::string details;  // the last member, with its name; empty: there is none
};

const AslError error{"E", "C"};
constexpr auto lambda = "arn:aws:lambda:us-east-1:000000000000:function:f";
constexpr auto activity = "arn:aws:states:us-east-1:000000000000:activity:a";
constexpr auto token = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";

std::string case_name(const testing::TestParamInfo<Case>& test) { return test.param.type + std::to_string(test.index); }

class HistoryEventType : public testing::TestWithParam<Case> {};

TEST_P(HistoryEventType, HasItsNameAndItsDetails) {
    const auto& [type, event, details] = GetParam();
    std::string expected = R"({"timestamp":1763800000.123,"type":")" + type + R"(","id":7,"previousEventId":6)";
    expected += details.empty() ? "}" : "," + details + "}";
    EXPECT_EQ(to_text(shown(event)), expected);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Executions, HistoryEventType, testing::Values(
    Case{"ExecutionStarted", ExecutionStarted{json("{ }"), "role", {}},
         R"("executionStartedEventDetails":{"input":"{ }","inputDetails":{"truncated":false},"roleArn":"role"})"},
    Case{"ExecutionSucceeded", ExecutionSucceeded{json("1")},
         R"("executionSucceededEventDetails":{"output":"1","outputDetails":{"truncated":false}})"},
    Case{"ExecutionFailed", ExecutionFailed{error}, R"("executionFailedEventDetails":{"error":"E","cause":"C"})"},
    Case{"ExecutionFailed", ExecutionFailed{{std::nullopt, "C"}}, R"("executionFailedEventDetails":{"cause":"C"})"},
    Case{"ExecutionTimedOut", ExecutionTimedOut{{"States.Timeout", std::nullopt}},
         R"("executionTimedOutEventDetails":{"error":"States.Timeout"})"},
    Case{"ExecutionAborted", ExecutionAborted{{}}, R"("executionAbortedEventDetails":{})"}
), case_name);

INSTANTIATE_TEST_SUITE_P(States, HistoryEventType, testing::Values(
    Case{"PassStateEntered", StateEntered{StateType::Pass, "A", json("[]")},
         R"("stateEnteredEventDetails":{"name":"A","input":"[]","inputDetails":{"truncated":false}})"},
    Case{"SucceedStateExited", StateExited{StateType::Succeed, "A", json("2"), "", {}},
         R"("stateExitedEventDetails":{"name":"A","output":"2","outputDetails":{"truncated":false}})"},
    Case{"TaskStateExited", StateExited{StateType::Task, "A", json("2"), "B", {{"z", json("\"s\"")}, {"a", json("1")}}},
         R"("stateExitedEventDetails":{"name":"A","output":"2","outputDetails":{"truncated":false},)"
         R"("assignedVariables":{"z":"\"s\"","a":"1"},"assignedVariablesDetails":{"truncated":false}})"},
    Case{"WaitStateAborted", StateAborted{StateType::Wait}, ""},
    Case{"EvaluationFailed", EvaluationFailed{"A", "Output/v", error},
         R"("evaluationFailedEventDetails":{"state":"A","location":"Output/v","error":"E","cause":"C"})"},
    Case{"EvaluationFailed", EvaluationFailed{"A", "", error},
         R"("evaluationFailedEventDetails":{"state":"A","error":"E","cause":"C"})"}
), case_name);

INSTANTIATE_TEST_SUITE_P(Tasks, HistoryEventType, testing::Values(
    Case{"TaskScheduled",
         TaskScheduled{TaskFamily::Task, token, json("{}"), 600s, 60s, json(R"({"RoleArn":"other"})")},
         R"("taskScheduledEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken",)"
         R"("region":"eu-west-1","parameters":"{}","timeoutInSeconds":600,"heartbeatInSeconds":60,)"
         R"("taskCredentials":{"roleArn":"other"}})"},
    Case{"TaskStarted", TaskStarted{TaskFamily::Task, token, ""},
         R"("taskStartedEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken"})"},
    Case{"TaskSubmitted", TaskSubmitted{token, json("1")},
         R"("taskSubmittedEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken",)"
         R"("output":"1","outputDetails":{"truncated":false}})"},
    Case{"TaskSucceeded", TaskSucceeded{TaskFamily::Task, token, json("1")},
         R"("taskSucceededEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken",)"
         R"("output":"1","outputDetails":{"truncated":false}})"},
    Case{"TaskFailed", TaskFailed{TaskFamily::Task, TaskFailure::Run, token, error},
         R"("taskFailedEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","error":"E","cause":"C"})"},
    Case{"TaskStartFailed", TaskFailed{TaskFamily::Task, TaskFailure::Start, token, error},
         R"("taskStartFailedEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","error":"E","cause":"C"})"},
    Case{"TaskSubmitFailed", TaskFailed{TaskFamily::Task, TaskFailure::Submit, token, error},
         R"("taskSubmitFailedEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","error":"E","cause":"C"})"},
    Case{"TaskTimedOut", TaskTimedOut{TaskFamily::Task, token, {"States.Timeout", std::nullopt}},
         R"("taskTimedOutEventDetails":{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","error":"States.Timeout"})"}
), case_name);

INSTANTIATE_TEST_SUITE_P(LambdaFunctions, HistoryEventType, testing::Values(
    Case{"LambdaFunctionScheduled", TaskScheduled{TaskFamily::LambdaFunction, lambda, json("{}"), 5s, 2s, {}},
         R"("lambdaFunctionScheduledEventDetails":{"resource":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
         R"("input":"{}","inputDetails":{"truncated":false},"timeoutInSeconds":5})"},
    Case{"LambdaFunctionStarted", TaskStarted{TaskFamily::LambdaFunction, lambda, ""}, ""},
    Case{"LambdaFunctionSucceeded", TaskSucceeded{TaskFamily::LambdaFunction, lambda, json("1")},
         R"("lambdaFunctionSucceededEventDetails":{"output":"1","outputDetails":{"truncated":false}})"},
    Case{"LambdaFunctionFailed", TaskFailed{TaskFamily::LambdaFunction, TaskFailure::Run, lambda, error},
         R"("lambdaFunctionFailedEventDetails":{"error":"E","cause":"C"})"},
    Case{"LambdaFunctionScheduleFailed", TaskFailed{TaskFamily::LambdaFunction, TaskFailure::Schedule, lambda, error},
         R"("lambdaFunctionScheduleFailedEventDetails":{"error":"E","cause":"C"})"},
    Case{"LambdaFunctionStartFailed", TaskFailed{TaskFamily::LambdaFunction, TaskFailure::Start, lambda, error},
         R"("lambdaFunctionStartFailedEventDetails":{"error":"E","cause":"C"})"},
    Case{"LambdaFunctionTimedOut", TaskTimedOut{TaskFamily::LambdaFunction, lambda, {"States.Timeout", std::nullopt}},
         R"("lambdaFunctionTimedOutEventDetails":{"error":"States.Timeout"})"}
), case_name);

INSTANTIATE_TEST_SUITE_P(Activities, HistoryEventType, testing::Values(
    Case{"ActivityScheduled", TaskScheduled{TaskFamily::Activity, activity, json("{}"), {}, 10s, {}},
         R"("activityScheduledEventDetails":{"resource":"arn:aws:states:us-east-1:000000000000:activity:a",)"
         R"("input":"{}","inputDetails":{"truncated":false},"heartbeatInSeconds":10})"},
    Case{"ActivityStarted", TaskStarted{TaskFamily::Activity, activity, "w"},
         R"("activityStartedEventDetails":{"workerName":"w"})"},
    Case{"ActivityStarted", TaskStarted{TaskFamily::Activity, activity, ""}, R"("activityStartedEventDetails":{})"},
    Case{"ActivitySucceeded", TaskSucceeded{TaskFamily::Activity, activity, json("1")},
         R"("activitySucceededEventDetails":{"output":"1","outputDetails":{"truncated":false}})"},
    Case{"ActivityScheduleFailed", TaskFailed{TaskFamily::Activity, TaskFailure::Schedule, activity, error},
         R"("activityScheduleFailedEventDetails":{"error":"E","cause":"C"})"},
    Case{"ActivityFailed", TaskFailed{TaskFamily::Activity, TaskFailure::Run, activity, error},
         R"("activityFailedEventDetails":{"error":"E","cause":"C"})"},
    Case{"ActivityTimedOut", TaskTimedOut{TaskFamily::Activity, activity, error},
         R"("activityTimedOutEventDetails":{"error":"E","cause":"C"})"}
), case_name);

INSTANTIATE_TEST_SUITE_P(Forks, HistoryEventType, testing::Values(
    Case{"ParallelStateStarted", ParallelStateStarted{json("[]"), 2}, ""},
    Case{"ParallelStateSucceeded", ParallelStateSucceeded{}, ""},
    Case{"ParallelStateFailed", ParallelStateFailed{}, ""},
    Case{"MapStateStarted", MapStateStarted{json("[1,2,3]"), 3, 0}, R"("mapStateStartedEventDetails":{"length":3})"},
    Case{"MapStateSucceeded", MapStateSucceeded{}, ""},
    Case{"MapStateFailed", MapStateFailed{}, ""},
    Case{"MapIterationStarted", MapIterationStarted{1, "M", 0}, R"("mapIterationStartedEventDetails":{"name":"M","index":0})"},
    Case{"MapIterationSucceeded", MapIterationSucceeded{"M", 1},
         R"("mapIterationSucceededEventDetails":{"name":"M","index":1})"},
    Case{"MapIterationFailed", MapIterationFailed{"M", 2}, R"("mapIterationFailedEventDetails":{"name":"M","index":2})"},
    Case{"MapIterationAborted", MapIterationAborted{"M", 3},
         R"("mapIterationAbortedEventDetails":{"name":"M","index":3})"}
), case_name);
// clang-format on

TEST(HistoryEvent, LeavesDataOutWhenAskedTo) {
    EXPECT_EQ(to_text(shown(StateExited{StateType::Pass, "A", json("2"), "", {{"v", json("1")}}},
                            false)["stateExitedEventDetails"]),
              R"({"name":"A","outputDetails":{"truncated":false},"assignedVariablesDetails":{"truncated":false}})");
    EXPECT_EQ(to_text(shown(TaskScheduled{TaskFamily::Task, token, json("{}"), {}, {}, {}},
                            false)["taskScheduledEventDetails"]),
              R"({"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","region":"eu-west-1"})");
    EXPECT_EQ(to_text(shown(ExecutionFailed{error}, false)["executionFailedEventDetails"]),
              R"({"error":"E","cause":"C"})");
}

TEST(HistoryEvent, PrintsTimesAsPlainDecimals) {
    RecordedEvent recorded;
    recorded.event = ParallelStateSucceeded{};
    for (const auto& [millis, text] :
         std::vector<std::pair<std::int64_t, std::string>>{{1763800000000, "1763800000.0"},
                                                           {1763800000001, "1763800000.001"},
                                                           {9999999999999, "9999999999.999"},
                                                           {1, "0.001"}}) {
        recorded.at = Instant{Millis{millis}};
        EXPECT_EQ(to_text(history_event(recorded, {})["timestamp"]), text);
    }
}

TEST(ServiceResource, SplitsTypeFromResource) {
    const auto split = [](std::string_view arn) {
        const auto [type, resource] = service_resource(arn);
        return std::string{type} + " " + std::string{resource};
    };
    EXPECT_EQ(split("arn:aws:states:::lambda:invoke"), "lambda invoke");
    EXPECT_EQ(split("arn:aws:states:::lambda:invoke.waitForTaskToken"), "lambda invoke.waitForTaskToken");
    EXPECT_EQ(split("arn:aws:states:::states:startExecution.sync:2"), "states startExecution.sync:2");
    EXPECT_EQ(split("arn:aws:states:::aws-sdk:sqs:sendMessage"), "aws-sdk:sqs sendMessage");
    EXPECT_EQ(split("nonsense"), " nonsense");
}

}  // namespace
}  // namespace pawl::web::aws
