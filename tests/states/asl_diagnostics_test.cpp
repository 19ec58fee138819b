// Every rule for definitions: what is said, where, and at which line and column.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "states/asl/definition.hpp"

namespace pawl::asl {
namespace {

// A definition with one thing wrong. `@` stands where the diagnostic must point, and is taken out.
struct Wrong {
    std::string name;
    std::string text;
    std::string message;
    std::string location;
    std::string code = "SCHEMA_VALIDATION_FAILED";
    Severity severity = Severity::Error;
    MachineType machine = MachineType::Standard;
};

// The state S of a machine that is otherwise in order: S leads to E.
std::string with_state(const std::string& state) {
    return "{\"StartAt\": \"S\",\n \"States\": {\n  \"S\": " + state + ",\n  \"E\": {\"Type\": \"Succeed\"}}}";
}
// One field more in a state that is otherwise in order.
std::string pass(const std::string& field) { return with_state(R"({"Type": "Pass", "Next": "E", )" + field + "}"); }
std::string task(const std::string& field) {
    return with_state(R"({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "Next": "E", )" + field +
                      "}");
}
std::string map(const std::string& field) {
    return with_state(
        R"({"Type": "Map", "Next": "E", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}, )" +
        field + "}");
}
std::string distributed(const std::string& field) {
    return with_state(
        R"({"Type": "Map", "Next": "E", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}, )" +
        field + "}");
}
std::string choice(const std::string& rule) { return with_state(R"({"Type": "Choice", "Choices": [)" + rule + "]}"); }
std::string retry(const std::string& rule) { return task(R"("Retry": [)" + rule + "]"); }

class Refuses : public testing::TestWithParam<Wrong> {};

TEST_P(Refuses, SaysWhatIsWrongAndWhere) {
    const Wrong& wrong = GetParam();
    std::string text = wrong.text;
    const auto mark = text.find('@');
    ASSERT_NE(mark, std::string::npos) << "the case has no mark";
    text.erase(mark, 1);
    ParseOptions options;
    options.machine_type = wrong.machine;

    const auto parsed = parse_definition(text, options);

    ASSERT_EQ(parsed.diagnostics.size(), 1U)
        << (parsed.diagnostics.empty() ? text : to_text(parsed.diagnostics.back(), ""));
    const auto& found = parsed.diagnostics.front();
    EXPECT_EQ(found.message, wrong.message);
    EXPECT_EQ(found.location, wrong.location);
    EXPECT_EQ(found.code, wrong.code);
    EXPECT_EQ(found.severity, wrong.severity);
    EXPECT_EQ(found.position, position_at(text, mark));
    EXPECT_EQ(parsed.definition == nullptr, wrong.severity == Severity::Error);
}

const auto name_of = [](const auto& test) { return test.param.name; };
constexpr auto express = MachineType::Express;
const std::string schema = "SCHEMA_VALIDATION_FAILED";
const std::string at_s = "/States/S";

// clang-format off
INSTANTIATE_TEST_SUITE_P(Machine, Refuses, testing::Values(
    Wrong{"NotAnObject", "@[1]", "Expected value of type Object", "/"},
    Wrong{"NothingAtAll", "@{}", "These fields are required: [States, StartAt]", "/"},
    Wrong{"NoStates", R"(@{"StartAt": "A"})", "These fields are required: [States]", "/"},
    Wrong{"NoStartAt", R"(@{"States": {"A": {"Type": "Succeed"}}})", "These fields are required: [StartAt]", "/"},
    Wrong{"StartAtIsNoText", R"({@"StartAt": 1, "States": {"A": {"Type": "Succeed"}}})", "Expected value of type String", "/StartAt"},
    Wrong{"StatesIsNoObject", R"({"StartAt": "A", @"States": []})", "Expected value of type Object", "/States"},
    Wrong{"UnknownField", R"({"StartAt": "A", @"Startat": 1, "States": {"A": {"Type": "Succeed"}}})", "Field 'Startat' is not supported", "/"},
    Wrong{"Version", R"({@"Version": "2.0", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})", "Value should be one of the following: [1.0]", "/Version"},
    Wrong{"Comment", R"({@"Comment": 5, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})", "Expected value of type String", "/Comment"},
    Wrong{"TimeoutBelowZero", R"({@"TimeoutSeconds": -1, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})", "Minimum value is 0", "/TimeoutSeconds"},
    Wrong{"TimeoutTooLong", R"({@"TimeoutSeconds": 100000000, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})", "Maximum value is 99999999", "/TimeoutSeconds"},
    Wrong{"TimeoutIsNoInteger", R"({@"TimeoutSeconds": 1.5, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})", "Expected value of type Integer", "/TimeoutSeconds"},
    Wrong{"QueryLanguage", R"({@"QueryLanguage": "SQL", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})", "Value should be one of the following: [JSONPath, JSONata]", "/QueryLanguage"},
    Wrong{"JsonPathBelowJsonata", R"({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed", @"QueryLanguage": "JSONPath"}}})", "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", "/States/A"},
    Wrong{"DuplicateFieldIsAWarning", R"({"StartAt": "A", @"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})", "The field 'StartAt' is in this object more than once", "/StartAt", "DUPLICATE_FIELD", Severity::Warning}
), name_of);

INSTANTIATE_TEST_SUITE_P(Names, Refuses, testing::Values(
    Wrong{"EmptyStateName", R"({"StartAt": "", "States": {@"": {"Type": "Succeed"}}})", "Invalid State name: a name cannot be empty", "/States/", "INVALID_STATE_NAME"},
    Wrong{"DuplicateInABranch", with_state(R"({"Type": "Parallel", "Next": "E", "Branches": [{"StartAt": "S", "States": {@"S": {"Type": "Succeed"}}}]})"), "Duplicate State name: S", "/States/S/Branches[0]/States/S", "DUPLICATE_STATE_NAME"},
    Wrong{"SlashesAreEscapedInPointersOnly", R"({"StartAt": "a/b~c", "States": {"a/b~c": {"Type": "Pass", "End": true, @"X": 1}}})", "Field 'X' is not supported", "/States/a/b~c"}
), name_of);

INSTANTIATE_TEST_SUITE_P(Transitions, Refuses, testing::Values(
    Wrong{"StartAtLeadsNowhere", R"({@"StartAt": "B", "States": {"A": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "A"}, "D": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "D"}], "Default": "F"}, "F": {"Type": "Succeed"}}})", "Missing 'Next' target: B", "/StartAt", "MISSING_TRANSITION_TARGET"},
    Wrong{"NextLeadsNowhere", R"({"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "E", "Choices": [{"Variable": "$", "IsNull": true, @"Next": "B"}]}, "E": {"Type": "Succeed"}}})", "Missing 'Next' target: B", "/States/A/Choices[0]/Next", "MISSING_TRANSITION_TARGET"},
    Wrong{"DefaultLeadsNowhere", R"({"StartAt": "A", "States": {"A": {"Type": "Choice", @"Default": "B", "Choices": [{"Variable": "$", "IsNull": true, "Next": "E"}]}, "E": {"Type": "Succeed"}}})", "Missing 'Next' target: B", "/States/A/Default", "MISSING_TRANSITION_TARGET"},
    Wrong{"CatchLeadsNowhere", task(R"("Catch": [{"ErrorEquals": ["X"], @"Next": "B"}])"), "Missing 'Next' target: B", "/States/S/Catch[0]/Next", "MISSING_TRANSITION_TARGET"},
    Wrong{"NoStateLeadsToIt", R"({"StartAt": "A", "States": {"A": {"Type": "Succeed"}, @"B": {"Type": "Succeed"}}})", "State \"B\" is not reachable.", "/States/B", "MISSING_TRANSITION_TARGET"},
    Wrong{"NoWayOut", R"({"StartAt": "A", @"States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Pass", "Next": "A"}}})", "Workflow has no terminal state", "", "MISSING_END_STATE"},
    Wrong{"BranchWithoutWayOutIsAWarning", with_state(R"({"Type": "Parallel", "Next": "E", "Branches": [{"StartAt": "A", @"States": {"A": {"Type": "Pass", "Next": "A"}}}]})"), "Workflow has no terminal state", "/States/S/Branches[0]/States", "MISSING_END_STATE", Severity::Warning},
    Wrong{"OutOfABranch", with_state(R"({"Type": "Parallel", "Next": "E", "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "Z", "Choices": [{"Variable": "$", "IsNull": true, @"Next": "E"}]}, "Z": {"Type": "Succeed"}}}]})"), "Missing 'Next' target: E", "/States/S/Branches[0]/States/A/Choices[0]/Next", "MISSING_TRANSITION_TARGET"},
    Wrong{"NeitherNextNorEnd", R"({"StartAt": "A", "States": {@"A": {"Type": "Pass"}}})", "This object should have only one of the following fields: [Next, End]", "/States/A"},
    Wrong{"NextAndEnd", R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B", @"End": true}, "B": {"Type": "Succeed"}}})", "There should only be one of the following fields: [Next, End]", "/States/A"},
    Wrong{"EndIsNoBoolean", R"({"StartAt": "A", "States": {"A": {"Type": "Pass", @"End": "true"}}})", "Expected value of type Boolean", "/States/A/End"},
    Wrong{"NextIsNoText", R"({"StartAt": "A", "States": {"A": {"Type": "Pass", @"Next": 5}}})", "Expected value of type String", "/States/A/Next"}
), name_of);

INSTANTIATE_TEST_SUITE_P(EveryState, Refuses, testing::Values(
    Wrong{"NoObject", R"({"StartAt": "S", "States": {@"S": 1}})", "Expected value of type Object", at_s},
    Wrong{"NoType", R"({"StartAt": "S", "States": {@"S": {"End": true}}})", "These fields are required: [Type]", at_s},
    Wrong{"TypeIsNoText", R"({"StartAt": "S", "States": {"S": {@"Type": 1, "End": true}}})", "Expected value of type String", "/States/S/Type"},
    Wrong{"UnknownType", R"({"StartAt": "S", "States": {"S": {@"Type": "Taks", "End": true}}})", "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]", "/States/S/Type"},
    Wrong{"UnknownField", pass(R"(@"Resutl": 1)"), "Field 'Resutl' is not supported", at_s},
    Wrong{"FieldOfAnotherType", pass(R"(@"TimeoutSeconds": 1)"), "Field 'TimeoutSeconds' is not supported", at_s},
    Wrong{"RetryOfPass", pass(R"(@"Retry": [])"), "Field 'Retry' is not supported", at_s},
    Wrong{"NextOfSucceed", R"({"StartAt": "S", "States": {"S": {"Type": "Succeed", @"Next": "S"}}})", "Field 'Next' is not supported", at_s},
    Wrong{"EndOfFail", R"({"StartAt": "S", "States": {"S": {"Type": "Fail", @"End": true}}})", "Field 'End' is not supported", at_s},
    Wrong{"InputPathOfFail", R"({"StartAt": "S", "States": {"S": {"Type": "Fail", @"InputPath": "$"}}})", "Field 'InputPath' is not supported", at_s},
    Wrong{"OutputIsOfJsonata", pass(R"(@"Output": 1)"), "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage", at_s},
    Wrong{"ArgumentsAreOfJsonata", task(R"(@"Arguments": {})"), "The QueryLanguage is set to 'JSONPath', but field 'Arguments' is only supported for the 'JSONata' QueryLanguage", at_s},
    Wrong{"ItemsAreOfJsonata", map(R"(@"Items": [])"), "The QueryLanguage is set to 'JSONPath', but field 'Items' is only supported for the 'JSONata' QueryLanguage", at_s},
    Wrong{"JsonataDoesNotParse", pass(R"("QueryLanguage": "JSONata", @"Output": "{% 1 + %}")"), "Unexpected end of expression", "/States/S/Output", "INVALID_JSONATA_EXPRESSION"},
    Wrong{"JsonataDeepInside", pass(R"("QueryLanguage": "JSONata", "Output": {"a": [1, @"{% ( %}"]})"), "Expected \")\" before end of expression", "/States/S/Output/a[1]", "INVALID_JSONATA_EXPRESSION"},
    Wrong{"JsonataHalfOpen", pass(R"("QueryLanguage": "JSONata", @"Output": "{% 1")"), "A JSONata expression must begin with '{%' and end with '%}', without blanks around.", "/States/S/Output", "INVALID_JSONATA_EXPRESSION"},
    Wrong{"JsonataHalfClosed", pass(R"("QueryLanguage": "JSONata", @"Output": "1 %}")"), "A JSONata expression must begin with '{%' and end with '%}', without blanks around.", "/States/S/Output", "INVALID_JSONATA_EXPRESSION"},
    Wrong{"JsonataBareName", pass(R"("QueryLanguage": "JSONata", "Output": {@"v": "{% phone %}"})"), "Reference to 'phone' at the top level is not supported.", "/States/S/Output/v", "UNSUPPORTED_JSONATA_EXPRESSION"},
    Wrong{"JsonataNoResultInPass", pass(R"("QueryLanguage": "JSONata", @"Output": "{% $states.result %}")"), "Field '$states.result' does not exist.", "/States/S/Output", "UNSUPPORTED_JSONATA_EXPRESSION"},
    Wrong{"JsonataErrorOutputIsCatchers", pass(R"("QueryLanguage": "JSONata", "Assign": {@"e": "{% $states.errorOutput %}"})"), "Field '$states.errorOutput' does not exist.", "/States/S/Assign/e", "UNSUPPORTED_JSONATA_EXPRESSION"},
    Wrong{"JsonataHasNoCoalescing", pass(R"("QueryLanguage": "JSONata", @"Output": "{% $x ?? 1 %}")"), "The symbol \"?\" cannot be used as a unary operator", "/States/S/Output", "INVALID_JSONATA_EXPRESSION"},
    Wrong{"QueryLanguage", pass(R"(@"QueryLanguage": "jsonpath")"), "Value should be one of the following: [JSONPath, JSONata]", "/States/S/QueryLanguage"},
    Wrong{"InputPathWithoutDollar", pass(R"(@"InputPath": "x")"), "Value must be a valid JSONPath.", "/States/S/InputPath"},
    Wrong{"OutputPathIsNoPath", pass(R"(@"OutputPath": "$.a[")"), "Value must be a valid JSONPath.", "/States/S/OutputPath"},
    Wrong{"InputPathIsNoText", pass(R"(@"InputPath": 3)"), "Expected value of type String", "/States/S/InputPath"},
    Wrong{"ResultPathWithoutDollar", pass(R"(@"ResultPath": "x")"), "Value is not a Reference Path: Reference path didn't start with '$'", "/States/S/ResultPath"},
    Wrong{"ResultPathWithWildcard", pass(R"(@"ResultPath": "$.a[*]")"), "Value is not a Reference Path", "/States/S/ResultPath"},
    Wrong{"ResultPathIntoTheContext", pass(R"(@"ResultPath": "$$.a")"), "Value is not a Reference Path", "/States/S/ResultPath"},
    Wrong{"ResultPathIntoAVariable", pass(R"(@"ResultPath": "$a.b")"), "Value is not a Reference Path", "/States/S/ResultPath"},
    Wrong{"ParametersAreNoObject", pass(R"(@"Parameters": "$.a")"), "Expected value of type Object", "/States/S/Parameters"},
    Wrong{"ExpressionInParameters", pass(R"("Parameters": {@"a.$": "b"})"), "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call", "/States/S/Parameters"},
    Wrong{"ExpressionDeepInParameters", pass(R"("Parameters": {"l": [{"o": {@"a.$": "$.["}}]})"), "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call", "/States/S/Parameters/l[0]/o"},
    Wrong{"IntrinsicInParameters", pass(R"j("Parameters": {@"a.$": "States.Nothing()"})j"), "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call", "/States/S/Parameters"},
    Wrong{"ExpressionIsNoText", pass(R"("Parameters": {@"a.$": 1})"), "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call", "/States/S/Parameters"},
    Wrong{"ExpressionInResultSelector", task(R"("ResultSelector": {@"a.$": "b"})"), "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call", "/States/S/ResultSelector"}
), name_of);

INSTANTIATE_TEST_SUITE_P(Wait, Refuses, testing::Values(
    Wrong{"ForNothing", R"({"StartAt": "S", "States": {@"S": {"Type": "Wait", "End": true}}})", "This object should have only one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]", at_s},
    Wrong{"Two", with_state(R"({"Type": "Wait", "Next": "E", "Seconds": 1, @"Timestamp": "2030-01-01T00:00:00Z"})"), "There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]", at_s},
    Wrong{"NegativeSeconds", with_state(R"({"Type": "Wait", "Next": "E", @"Seconds": -1})"), "Minimum value is 0", "/States/S/Seconds"},
    Wrong{"TooManySeconds", with_state(R"({"Type": "Wait", "Next": "E", @"Seconds": 99999999999999999999})"), "Expected value of type Integer", "/States/S/Seconds"},
    Wrong{"LargeSeconds", with_state(R"({"Type": "Wait", "Next": "E", @"Seconds": 18446744073709551615})"), "Maximum value is 99999999", "/States/S/Seconds"},
    Wrong{"SecondsAsText", with_state(R"({"Type": "Wait", "Next": "E", @"Seconds": "1"})"), "Expected value of type Integer", "/States/S/Seconds"},
    Wrong{"TimestampWithoutZone", with_state(R"({"Type": "Wait", "Next": "E", @"Timestamp": "2030-01-01T00:00:00"})"), "String does not match RFC3339 timestamp", "/States/S/Timestamp"},
    Wrong{"ImpossibleDate", with_state(R"({"Type": "Wait", "Next": "E", @"Timestamp": "2030-13-01T00:00:00Z"})"), "String does not match RFC3339 timestamp", "/States/S/Timestamp"},
    Wrong{"SecondsPathWithWildcard", with_state(R"({"Type": "Wait", "Next": "E", @"SecondsPath": "$..a"})"), "Value is not a Reference Path", "/States/S/SecondsPath"},
    Wrong{"TimestampPathWithoutDollar", with_state(R"({"Type": "Wait", "Next": "E", @"TimestampPath": "at"})"), "Value is not a Reference Path: Reference path didn't start with '$'", "/States/S/TimestampPath"}
), name_of);

INSTANTIATE_TEST_SUITE_P(Fail, Refuses, testing::Values(
    Wrong{"ErrorTwice", R"({"StartAt": "S", "States": {"S": {"Type": "Fail", "Error": "a", @"ErrorPath": "$.a"}}})", "There should only be one of the following fields: [Error, ErrorPath]", at_s},
    Wrong{"CauseTwice", R"({"StartAt": "S", "States": {"S": {"Type": "Fail", @"CausePath": "$.a", "Cause": "a"}}})", "There should only be one of the following fields: [Cause, CausePath]", at_s},
    Wrong{"ErrorIsNoText", R"({"StartAt": "S", "States": {"S": {"Type": "Fail", @"Error": 404}}})", "Expected value of type String", "/States/S/Error"},
    Wrong{"CausePath", R"j({"StartAt": "S", "States": {"S": {"Type": "Fail", @"CausePath": "States.Nothing()"}}})j", "The value for the field 'CausePath' must be a valid JSONPath or a valid intrinsic function call", "/States/S/CausePath"},
    Wrong{"LiteralPathIsAWarning", R"({"StartAt": "S", "States": {"S": {"Type": "Fail", @"Cause": "$.cause"}}})", "The value of 'Cause' looks like a path, but it is taken literally", "/States/S/Cause", "NO_PATH", Severity::Warning}
), name_of);

INSTANTIATE_TEST_SUITE_P(Task, Refuses, testing::Values(
    Wrong{"NoResource", R"({"StartAt": "S", "States": {@"S": {"Type": "Task", "End": true}}})", "These fields are required: [Resource]", at_s},
    Wrong{"IntegrationWithoutParameters", R"({"StartAt": "S", "States": {@"S": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage"}}})", "Parameters field is required for resource ARN: arn:aws:states:::sqs:sendMessage", at_s},
    Wrong{"ResourceIsNoText", with_state(R"({"Type": "Task", @"Resource": 1, "Next": "E"})"), "Expected value of type String", "/States/S/Resource"},
    Wrong{"EmptyResource", with_state(R"({"Type": "Task", @"Resource": "", "Next": "E"})"), "Value cannot be empty", "/States/S/Resource"},
    Wrong{"TimeoutOfZero", task(R"(@"TimeoutSeconds": 0)"), "Minimum value is 1", "/States/S/TimeoutSeconds"},
    Wrong{"TimeoutTooLong", task(R"(@"TimeoutSeconds": 100000000)"), "Maximum value is 99999999", "/States/S/TimeoutSeconds"},
    Wrong{"TimeoutTwice", task(R"("TimeoutSeconds": 5, @"TimeoutSecondsPath": "$.t")"), "There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath]", at_s},
    Wrong{"HeartbeatTwice", task(R"("HeartbeatSeconds": 5, @"HeartbeatSecondsPath": "$.t")"), "There should only be one of the following fields: [HeartbeatSeconds, HeartbeatSecondsPath]", at_s},
    Wrong{"HeartbeatAsLongAsTimeout", task(R"("TimeoutSeconds": 5, @"HeartbeatSeconds": 5)"), "HeartbeatSeconds must be smaller than TimeoutSeconds", "/States/S/HeartbeatSeconds"},
    Wrong{"TimeoutPathIntoTheContext", task(R"(@"TimeoutSecondsPath": "$$.Execution.Input.t")"), "Value is not a Reference Path", "/States/S/TimeoutSecondsPath"},
    Wrong{"CredentialsWithoutRole", task(R"(@"Credentials": {})"), "The field 'RoleArn' is required but was missing", "/States/S/Credentials"},
    Wrong{"CredentialsAreNoObject", task(R"(@"Credentials": "arn")"), "Expected value of type Object", "/States/S/Credentials"},
    Wrong{"CredentialsOfAnActivity", with_state(R"({"Type": "Task", "Next": "E", "Resource": "arn:aws:states:us-east-1:1:activity:a", @"Credentials": {"RoleArn": "r"}})"), "The field 'Credentials' is not supported for activities", at_s},
    Wrong{"SyncInExpress", with_state(R"({"Type": "Task", "Next": "E", @"Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {}})"), "Express state machine does not support '.sync' service integration", "/States/S/Resource", schema, Severity::Error, express},
    Wrong{"CallbackInExpress", with_state(R"({"Type": "Task", "Next": "E", @"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {}})"), "Express state machine does not support '.waitForTaskToken' service integration", "/States/S/Resource", schema, Severity::Error, express},
    Wrong{"ActivityInExpress", with_state(R"({"Type": "Task", "Next": "E", @"Resource": "arn:aws:states:us-east-1:1:activity:a"})"), "Express state machine does not support Activity ARN", "/States/S/Resource", schema, Severity::Error, express}
), name_of);

INSTANTIATE_TEST_SUITE_P(Choice, Refuses, testing::Values(
    Wrong{"NoChoices", R"({"StartAt": "S", "States": {@"S": {"Type": "Choice", "Default": "E"}, "E": {"Type": "Succeed"}}})", "These fields are required: [Choices]", at_s},
    Wrong{"NoRules", with_state(R"({"Type": "Choice", @"Choices": [], "Default": "E"})"), "Value cannot be empty", "/States/S/Choices"},
    Wrong{"RulesAreNoList", with_state(R"({"Type": "Choice", @"Choices": {}, "Default": "E"})"), "Expected value of type Array", "/States/S/Choices"},
    Wrong{"RuleIsNoObject", choice(R"({"Variable": "$.a", "IsNull": true, "Next": "E"}, @5)"), "Expected value of type Object", "/States/S/Choices[1]"},
    Wrong{"RuleWithoutNext", choice(R"({"Variable": "$.a", "IsNull": true, "Next": "E"}, @{"Variable": "$.a", "IsNull": false})"), "These fields are required: [Next]", "/States/S/Choices[1]"},
    Wrong{"MisspeltOperator", choice(R"({"Variable": "$.a", @"StringEqual": "x", "Next": "E"})"), "Field 'StringEqual' is not supported", "/States/S/Choices[0]"},
    Wrong{"NoOperator", choice(R"(@{"Variable": "$.a", "Next": "E"})"), "A comparison operator is required beside 'Variable'", "/States/S/Choices[0]"},
    Wrong{"TwoOperators", choice(R"(@{"Variable": "$.a", "IsNull": true, "IsPresent": true, "Next": "E"})"), "There should only be one of the following fields: [IsNull, IsPresent]", "/States/S/Choices[0]"},
    Wrong{"NoSelector", choice(R"(@{"Next": "E"})"), "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]", "/States/S/Choices[0]"},
    Wrong{"TwoSelectors", choice(R"(@{"And": [], "Or": [], "Next": "E"})"), "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]", "/States/S/Choices[0]"},
    Wrong{"ConditionIsOfJsonata", choice(R"({@"Condition": "{% true %}", "Next": "E"})"), "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' QueryLanguage", "/States/S/Choices[0]"},
    Wrong{"OutputIsOfJsonata", choice(R"({"Variable": "$.a", "IsNull": true, @"Output": 1, "Next": "E"})"), "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage", "/States/S/Choices[0]"},
    Wrong{"EmptyAnd", choice(R"({@"And": [], "Next": "E"})"), "Value cannot be empty", "/States/S/Choices[0]/And"},
    Wrong{"OrIsNoList", choice(R"({@"Or": {}, "Next": "E"})"), "Expected value of type Array", "/States/S/Choices[0]/Or"},
    Wrong{"NotIsNoObject", choice(R"({@"Not": [], "Next": "E"})"), "Expected value of type Object", "/States/S/Choices[0]/Not"},
    Wrong{"PartIsNoObject", choice(R"({"And": [@true], "Next": "E"})"), "Expected value of type Object", "/States/S/Choices[0]/And[0]"},
    Wrong{"NextInAPart", choice(R"({"Or": [{"Variable": "$.a", "IsNull": true, @"Next": "E"}], "Next": "E"})"), "Field 'Next' is not supported", "/States/S/Choices[0]/Or[0]"},
    Wrong{"OperatorDeepInside", choice(R"({"Not": {"And": [{"Variable": "$.a", "IsNull": true}, {"Variable": "$.a", @"IsNul": true}]}, "Next": "E"})"), "Field 'IsNul' is not supported", "/States/S/Choices[0]/Not/And[1]"},
    Wrong{"VariableWithoutDollar", choice(R"({@"Variable": "a", "IsNull": true, "Next": "E"})"), "Value is not a Reference Path: Reference path didn't start with '$'", "/States/S/Choices[0]/Variable"},
    Wrong{"VariableIsNoText", choice(R"({@"Variable": 1, "IsNull": true, "Next": "E"})"), "Expected value of type String", "/States/S/Choices[0]/Variable"},
    Wrong{"ComparedPathWithoutDollar", choice(R"({"Variable": "$.a", @"StringEqualsPath": "b", "Next": "E"})"), "Value is not a Reference Path: Reference path didn't start with '$'", "/States/S/Choices[0]/StringEqualsPath"},
    Wrong{"NumberComparedWithText", choice(R"({"Variable": "$.a", @"NumericEquals": "1", "Next": "E"})"), "Expected value of type Number", "/States/S/Choices[0]/NumericEquals"},
    Wrong{"TextComparedWithNumber", choice(R"({"Variable": "$.a", @"StringEquals": 1, "Next": "E"})"), "Expected value of type String", "/States/S/Choices[0]/StringEquals"},
    Wrong{"IsNullTakesABoolean", choice(R"({"Variable": "$.a", @"IsNull": 1, "Next": "E"})"), "Expected value of type Boolean", "/States/S/Choices[0]/IsNull"},
    Wrong{"ComparedTimestamp", choice(R"({"Variable": "$.a", @"TimestampLessThan": "noon", "Next": "E"})"), "String does not match RFC3339 timestamp", "/States/S/Choices[0]/TimestampLessThan"},
    Wrong{"LiteralPathIsAWarning", choice(R"({"Variable": "$.a", @"StringEquals": "$.b", "Next": "E"})"), "The value of 'StringEquals' looks like a path, but it is compared literally", "/States/S/Choices[0]/StringEquals", "NO_PATH", Severity::Warning}
), name_of);

INSTANTIATE_TEST_SUITE_P(RetryAndCatch, Refuses, testing::Values(
    Wrong{"RetryIsNoList", task(R"(@"Retry": {})"), "Expected value of type Array", "/States/S/Retry"},
    Wrong{"RetrierIsNoObject", retry(R"(@"X")"), "Expected value of type Object", "/States/S/Retry[0]"},
    Wrong{"NoErrorEquals", retry(R"(@{"MaxAttempts": 1})"), "These fields are required: [ErrorEquals]", "/States/S/Retry[0]"},
    Wrong{"NoErrorNames", retry(R"({@"ErrorEquals": []})"), "Value cannot be empty", "/States/S/Retry[0]/ErrorEquals"},
    Wrong{"ErrorNameIsNoText", retry(R"({"ErrorEquals": ["X", @1]})"), "Expected value of type String", "/States/S/Retry[0]/ErrorEquals[1]"},
    Wrong{"AllWithOthers", retry(R"({@"ErrorEquals": ["X", "States.ALL"]})"), "States.ALL must appear alone and at end of list", "/States/S/Retry[0]/ErrorEquals"},
    Wrong{"AllBeforeOthers", retry(R"({@"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["X"]})"), "States.ALL must appear alone and at end of list", "/States/S/Retry[0]/ErrorEquals"},
    Wrong{"UnknownFieldOfARetrier", retry(R"({"ErrorEquals": ["X"], @"MaxAttempt": 1})"), "Field 'MaxAttempt' is not supported", "/States/S/Retry[0]"},
    Wrong{"NegativeInterval", retry(R"({"ErrorEquals": ["X"], @"IntervalSeconds": -1})"), "Minimum value is 0", "/States/S/Retry[0]/IntervalSeconds"},
    Wrong{"NegativeAttempts", retry(R"({"ErrorEquals": ["X"], @"MaxAttempts": -1})"), "Minimum value is 0", "/States/S/Retry[0]/MaxAttempts"},
    Wrong{"TooManyAttempts", retry(R"({"ErrorEquals": ["X"], @"MaxAttempts": 100000000})"), "Maximum value is 99999999", "/States/S/Retry[0]/MaxAttempts"},
    Wrong{"BackoffBelowOne", retry(R"({"ErrorEquals": ["X"], @"BackoffRate": 0.5})"), "Minimum value is 1.0", "/States/S/Retry[0]/BackoffRate"},
    Wrong{"BackoffIsNoNumber", retry(R"({"ErrorEquals": ["X"], @"BackoffRate": "2"})"), "Expected value of type Number", "/States/S/Retry[0]/BackoffRate"},
    Wrong{"MaxDelayOfZero", retry(R"({"ErrorEquals": ["X"], @"MaxDelaySeconds": 0})"), "Minimum value is 1", "/States/S/Retry[0]/MaxDelaySeconds"},
    Wrong{"MaxDelayOfTwoYears", retry(R"({"ErrorEquals": ["X"], @"MaxDelaySeconds": 63072000})"), "Maximum value is 31622400", "/States/S/Retry[0]/MaxDelaySeconds"},
    Wrong{"MaxDelayNotAboveInterval", retry(R"({"ErrorEquals": ["X"], "IntervalSeconds": 5, @"MaxDelaySeconds": 5})"), "MaxDelaySeconds must be greater than IntervalSeconds", "/States/S/Retry[0]/MaxDelaySeconds"},
    Wrong{"Jitter", retry(R"({"ErrorEquals": ["X"], @"JitterStrategy": "SOME"})"), "Value should be one of the following: [NONE, FULL]", "/States/S/Retry[0]/JitterStrategy"},
    Wrong{"MisspeltErrorIsAWarning", retry(R"({"ErrorEquals": [@"States.TimeOut"]})"), "'States.TimeOut' is not an error that the service raises", "/States/S/Retry[0]/ErrorEquals[0]", "UNKNOWN_ERROR_NAME", Severity::Warning},
    Wrong{"CatcherWithoutAll", task(R"("Catch": [@{}])"), "These fields are required: [ErrorEquals, Next]", "/States/S/Catch[0]"},
    Wrong{"CatcherWithoutNext", task(R"("Catch": [@{"ErrorEquals": ["X"]}])"), "These fields are required: [Next]", "/States/S/Catch[0]"},
    Wrong{"ResultPathOfACatcher", task(R"("Catch": [{"ErrorEquals": ["X"], "Next": "E", @"ResultPath": "$.a[*]"}])"), "Value is not a Reference Path", "/States/S/Catch[0]/ResultPath"},
    Wrong{"OutputOfACatcher", task(R"("Catch": [{"ErrorEquals": ["X"], "Next": "E", @"Output": 1}])"), "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage", "/States/S/Catch[0]"}
), name_of);

INSTANTIATE_TEST_SUITE_P(Parallel, Refuses, testing::Values(
    Wrong{"BranchesAreMissing", R"({"StartAt": "S", "States": {@"S": {"Type": "Parallel", "End": true}}})", "These fields are required: [Branches]", at_s},
    Wrong{"NoBranches", with_state(R"({"Type": "Parallel", "Next": "E", @"Branches": []})"), "Value cannot be empty", "/States/S/Branches"},
    Wrong{"BranchIsNoObject", with_state(R"({"Type": "Parallel", "Next": "E", "Branches": [@1]})"), "Expected value of type Object", "/States/S/Branches[0]"},
    Wrong{"BranchWithoutStates", with_state(R"({"Type": "Parallel", "Next": "E", "Branches": [@{}]})"), "These fields are required: [States, StartAt]", "/States/S/Branches[0]"},
    Wrong{"BranchWithAQueryLanguage", with_state(R"({"Type": "Parallel", "Next": "E", "Branches": [{@"QueryLanguage": "JSONPath", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]})"), "Field 'QueryLanguage' is not supported", "/States/S/Branches[0]"},
    Wrong{"StartAtOfABranch", with_state(R"({"Type": "Parallel", "Next": "E", "Branches": [{@"StartAt": "X", "States": {"A": {"Type": "Pass", "Next": "A2"}, "A2": {"Type": "Choice", "Default": "A3", "Choices": [{"Variable": "$", "IsNull": true, "Next": "A"}]}, "A3": {"Type": "Succeed"}}}]})"), "Missing 'Next' target: X", "/States/S/Branches[0]/StartAt", "MISSING_TRANSITION_TARGET"}
), name_of);

INSTANTIATE_TEST_SUITE_P(Map, Refuses, testing::Values(
    Wrong{"NoProcessor", R"({"StartAt": "S", "States": {@"S": {"Type": "Map", "End": true}}})", "This object should have only one of the following fields: [ItemProcessor, Iterator]", at_s},
    Wrong{"ProcessorTwice", map(R"(@"Iterator": {})"), "There should only be one of the following fields: [ItemProcessor, Iterator]", at_s},
    Wrong{"ProcessorIsNoObject", with_state(R"({"Type": "Map", "Next": "E", @"ItemProcessor": 1})"), "Expected value of type Object", "/States/S/ItemProcessor"},
    Wrong{"ProcessorWithoutStates", with_state(R"({"Type": "Map", "Next": "E", @"Iterator": {}})"), "These fields are required: [States, StartAt]", "/States/S/Iterator"},
    Wrong{"ProcessorWithAQueryLanguage", with_state(R"({"Type": "Map", "Next": "E", "ItemProcessor": {@"QueryLanguage": "JSONPath", "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}})"), "Field 'QueryLanguage' is not supported", "/States/S/ItemProcessor"},
    Wrong{"Mode", with_state(R"({"Type": "Map", "Next": "E", "ItemProcessor": {"ProcessorConfig": {@"Mode": "FAST"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}})"), "Value should be one of the following: [INLINE, DISTRIBUTED]", "/States/S/ItemProcessor/ProcessorConfig/Mode"},
    Wrong{"DistributedWithoutExecutionType", with_state(R"({"Type": "Map", "Next": "E", "ItemProcessor": {@"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}})"), "These fields are required: [ExecutionType]", "/States/S/ItemProcessor/ProcessorConfig"},
    Wrong{"InlineWithExecutionType", with_state(R"({"Type": "Map", "Next": "E", "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE", @"ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}})"), "Field 'ExecutionType' is not supported", "/States/S/ItemProcessor/ProcessorConfig"},
    Wrong{"ExecutionType", with_state(R"({"Type": "Map", "Next": "E", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", @"ExecutionType": "SLOW"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}})"), "Value should be one of the following: [STANDARD, EXPRESS]", "/States/S/ItemProcessor/ProcessorConfig/ExecutionType"},
    Wrong{"DistributedInExpress", with_state(R"({"Type": "Map", "Next": "E", "ItemProcessor": {"ProcessorConfig": {@"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}})"), "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines", "/States/S/ItemProcessor/ProcessorConfig/Mode", schema, Severity::Error, express},
    Wrong{"SyncInAnExpressChild", with_state(R"({"Type": "Map", "Next": "E", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "I", "States": {"I": {"Type": "Task", "End": true, "Parameters": {}, @"Resource": "arn:aws:states:::glue:startJobRun.sync"}}}})"), "Express state machine does not support '.sync' service integration", "/States/S/ItemProcessor/States/I/Resource"},
    Wrong{"SelectorTwice", map(R"("ItemSelector": {}, @"Parameters": {})"), "There should only be one of the following fields: [ItemSelector, Parameters]", at_s},
    Wrong{"ItemsPath", map(R"(@"ItemsPath": "$.a[?(@.b)]")"), "Value is not a Reference Path", "/States/S/ItemsPath"},
    Wrong{"NegativeConcurrency", map(R"(@"MaxConcurrency": -1)"), "Minimum value is 0", "/States/S/MaxConcurrency"},
    Wrong{"ConcurrencyTwice", map(R"("MaxConcurrency": 1, @"MaxConcurrencyPath": "$.c")"), "There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath]", at_s},
    Wrong{"ToleratedPercentage", map(R"(@"ToleratedFailurePercentage": 100.5)"), "Maximum value is 100.0", "/States/S/ToleratedFailurePercentage"},
    Wrong{"ToleratedPercentageBelowZero", map(R"(@"ToleratedFailurePercentage": -1)"), "Minimum value is 0.0", "/States/S/ToleratedFailurePercentage"},
    Wrong{"ToleratedCountTwice", map(R"("ToleratedFailureCount": 1, @"ToleratedFailureCountPath": "$.c")"), "There should only be one of the following fields: [ToleratedFailureCount, ToleratedFailureCountPath]", at_s},
    Wrong{"LabelWithASpace", distributed(R"(@"Label": "a b")"), "Label contains invalid character: ' '", "/States/S/Label", "INVALID_LABEL_NAME"},
    Wrong{"LabelWithAControlCharacter", distributed(R"(@"Label": "a\u0080")"), "Label contains invalid character: '\\x80'", "/States/S/Label", "INVALID_LABEL_NAME"},
    Wrong{"LabelEmpty", distributed(R"(@"Label": "")"), "Label cannot be empty", "/States/S/Label", "INVALID_LABEL_NAME"},
    Wrong{"LabelTooLong", distributed(R"(@"Label": "01234567890123456789012345678901234567890")"), "Label cannot exceed 40 characters", "/States/S/Label", "INVALID_LABEL_NAME"},
    Wrong{"ReaderOfAnInlineMap", map(R"(@"ItemReader": {"Resource": "arn:aws:states:::s3:getObject"})"), "The field 'ItemReader' is only supported in the 'DISTRIBUTED' mode", at_s},
    Wrong{"ReaderWithoutResource", distributed(R"(@"ItemReader": {})"), "These fields are required: [Resource]", "/States/S/ItemReader"},
    Wrong{"ReaderResource", distributed(R"("ItemReader": {@"Resource": "arn:aws:states:::s3:putObject"})"), "The field 'Resource' does not match any of the allowed values", "/States/S/ItemReader/Resource"},
    Wrong{"ReaderInputType", distributed(R"("ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {@"InputType": "XML"}})"), "Value should be one of the following: [CSV, JSON, JSONL, PARQUET, MANIFEST]", "/States/S/ItemReader/ReaderConfig/InputType"},
    Wrong{"ReaderParquet", distributed(R"("ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {@"InputType": "PARQUET"}})"), "Parquet files cannot be read", "/States/S/ItemReader/ReaderConfig/InputType"},
    Wrong{"CsvWithoutHeaderLocation", distributed(R"("ItemReader": {"Resource": "arn:aws:states:::s3:getObject", @"ReaderConfig": {"InputType": "CSV"}})"), "The field 'CSVHeaderLocation' is required", "/States/S/ItemReader/ReaderConfig"},
    Wrong{"GivenHeadersAreMissing", distributed(R"("ItemReader": {"Resource": "arn:aws:states:::s3:getObject", @"ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}})"), "These fields are required: [CSVHeaders]", "/States/S/ItemReader/ReaderConfig"},
    Wrong{"ReaderMaxItems", distributed(R"("ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {@"MaxItems": 100000001}})"), "Maximum value is 100000000", "/States/S/ItemReader/ReaderConfig/MaxItems"},
    Wrong{"ReaderExpression", distributed(R"("ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {@"Key.$": "k"}})"), "The value for the field 'Key.$' must be a valid JSONPath or a valid intrinsic function call", "/States/S/ItemReader/Parameters"},
    Wrong{"ItemsPointer", distributed(R"("ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {@"ItemsPointer": "a"}})"), "Value must be a valid JSON Pointer", "/States/S/ItemReader/ReaderConfig/ItemsPointer"},
    Wrong{"BatcherWithoutSize", distributed(R"(@"ItemBatcher": {"BatchInput": {}})"), "At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]", "/States/S/ItemBatcher"},
    Wrong{"BatchSizeTwice", distributed(R"("ItemBatcher": {"MaxItemsPerBatch": 1, @"MaxItemsPerBatchPath": "$.n"})"), "There should only be one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath]", "/States/S/ItemBatcher"},
    Wrong{"BatchBytes", distributed(R"("ItemBatcher": {@"MaxInputBytesPerBatch": 262145})"), "Maximum value is 262144", "/States/S/ItemBatcher/MaxInputBytesPerBatch"},
    Wrong{"WriterResource", distributed(R"("ResultWriter": {@"Resource": "arn:aws:states:::s3:getObject"})"), "The field 'Resource' does not match any of the allowed values", "/States/S/ResultWriter/Resource"},
    Wrong{"WriterOutputType", distributed(R"("ResultWriter": {"WriterConfig": {@"OutputType": "CSV"}})"), "Value should be one of the following: [JSON, JSONL]", "/States/S/ResultWriter/WriterConfig/OutputType"}
), name_of);

INSTANTIATE_TEST_SUITE_P(Variables, Refuses, testing::Values(
    Wrong{"AssignIsNoObject", pass(R"(@"Assign": [])"), "Expected value of type Object", "/States/S/Assign"},
    Wrong{"NameWithADash", pass(R"("Assign": {@"a-b": 1})"), "Invalid variable name 'a-b': the variable name contains invalid characters.", "/States/S/Assign", "INVALID_VARIABLE_NAME"},
    Wrong{"NameBeginsWithADigit", pass(R"("Assign": {@"1a.$": "$.x"})"), "Invalid variable name '1a': the variable name contains invalid characters.", "/States/S/Assign", "INVALID_VARIABLE_NAME"},
    Wrong{"ReservedName", pass(R"("Assign": {@"states": 1})"), "Cannot assign to reserved variable '$states'.", "/States/S/Assign", "RESERVED_VARIABLE_NAME"},
    Wrong{"Expression", pass(R"("Assign": {@"a.$": "x"})"), "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call", "/States/S/Assign"},
    Wrong{"InAChoiceRule", choice(R"({"Variable": "$.a", "IsNull": true, "Next": "E", "Assign": {@"a b": 1}})"), "Invalid variable name 'a b': the variable name contains invalid characters.", "/States/S/Choices[0]/Assign", "INVALID_VARIABLE_NAME"},
    Wrong{"OfAnOuterScope", with_state(R"({"Type": "Parallel", "Next": "E", "Assign": {"v": 1}, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, @"Assign": {"v": 2}}}}]})"), "The variable 'v' is assigned in an outer scope: it can not be assigned here", "/States/S/Branches[0]/States/A/Assign", "INVALID_VARIABLE_NAME"}
), name_of);

INSTANTIATE_TEST_SUITE_P(Doubts, Refuses, testing::Values(
    Wrong{"PathWithoutDollarKey", pass(R"("Parameters": {"a": {@"b": "$.c"}})"), "The value for the field 'b' looks like a JSONPath or an intrinsic function call, but it is taken literally", "/States/S/Parameters/a", "NO_DOLLAR", Severity::Warning},
    Wrong{"CallWithoutDollarKey", pass(R"j("Parameters": {@"b": "States.UUID()"})j"), "The value for the field 'b' looks like a JSONPath or an intrinsic function call, but it is taken literally", "/States/S/Parameters", "NO_DOLLAR", Severity::Warning},
    Wrong{"ResultIsStatic", pass(R"("Result": [{@"a.$": "$.b"}])"), "The field 'a.$' is not evaluated: the 'Result' of a Pass state is static", "/States/S/Result[0]", "PASS_RESULT_IS_STATIC", Severity::Warning},
    Wrong{"RingOfStates", R"({"StartAt": "A", "States": {"A": {"Type": "Succeed"}, @"B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "A"}], "Default": "B"}}})", "State \"B\" is not reachable.", "/States/B", "UNREACHABLE_STATE", Severity::Warning}
), name_of);
// clang-format on

TEST(Hints, NameTheIntrinsicThatWasMeant) {
    const auto parsed = parse_definition(pass(R"j("Parameters": {"a.$": "States.Fromat('{}', $.x)"})j"));
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    EXPECT_EQ(parsed.diagnostics[0].hint,
              "there is no intrinsic function 'States.Fromat' (did you mean 'States.Format'?) at position 13");
}

// What Express refuses is said once, whatever else can't be done with the resource.
TEST(Express, IsRefusedBeforeTheResourceIs) {
    ParseOptions options;
    options.machine_type = MachineType::Express;
    options.unsupported_resource = [](std::string_view) { return "nothing runs it"; };
    const auto parsed = parse_definition(
        with_state(
            R"({"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": {}, "Next": "E"})"),
        options);
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    EXPECT_EQ(parsed.diagnostics[0].message, "Express state machine does not support '.sync' service integration");
}

}  // namespace
}  // namespace pawl::asl
