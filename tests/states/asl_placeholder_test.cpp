// Definitions that are part of a template: `${Name}` before and after it is filled in.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "states/asl/definition.hpp"
#include "states/asl/placeholders.hpp"

namespace pawl::asl {
namespace {

std::string texts(const Diagnostics& diagnostics) {
    std::string all;
    for (const auto& diagnostic : diagnostics) all += to_text(diagnostic, "") + "\n";
    return all;
}

Parsed as_template(std::string_view text) {
    ParseOptions options;
    options.placeholders = true;
    return parse_definition(text, options);
}

Parsed filled(std::string_view text, std::string_view values) {
    ParseOptions options;
    options.substitutions = std::make_shared<const Json>(*parse_json(values));
    return parse_definition(text, options);
}

TEST(Placeholder, HasAName) {
    EXPECT_TRUE(is_placeholder("${Name}"));
    EXPECT_TRUE(is_placeholder("${AWS::Region}"));
    EXPECT_TRUE(is_placeholder("${ module.queue[0].arn }"));
    EXPECT_TRUE(is_placeholder("${jsonencode({a = 1})}"));
    EXPECT_FALSE(is_placeholder("${Name}x"));
    EXPECT_FALSE(is_placeholder("${}"));
    EXPECT_FALSE(is_placeholder("${!Literal}"));
    EXPECT_FALSE(is_placeholder("${\"key\": $sum(n)}"));  // JSONata: groups
    EXPECT_FALSE(is_placeholder("${id: $sum(n)}"));
    EXPECT_FALSE(is_placeholder("${Never"));
    EXPECT_FALSE(is_placeholder(""));
    EXPECT_TRUE(has_placeholder("arn:${Partition}:states:::sqs:sendMessage"));
    EXPECT_FALSE(has_placeholder("$${Literal}"));
    EXPECT_FALSE(has_placeholder("$.a ${ 1 }"));
}

// A state that is in order once its placeholders are filled in.
constexpr std::string_view open_states[] = {
    R"json({"Type": "Wait", "Seconds": ${Delay}, "End": true})json",
    R"json({"Type": "Wait", "Seconds": "${Delay}", "End": true})json",
    R"json({"Type": "Wait", "Timestamp": "${Date}T00:00:00Z", "End": true})json",
    R"json({"Type": "Wait", "SecondsPath": "$.${Field}", "End": true})json",
    R"json({"Type": "Pass", "End": ${IsLast}})json",
    R"json({"Type": "Pass", "Result": ${Result}, "End": true})json",
    R"json({"Type": "Pass", "InputPath": "${Path}", "Parameters": {"a.$": "States.Format('${Prefix}-{}', $.id)"}, "End": true})json",
    R"json({"Type": "Pass", "Parameters": {"a.$": "${Path}", "b": [{"c.$": "$$.${What}"}]}, "End": true})json",
    R"json({"Type": "Pass", "ResultPath": "$.${Field}", "End": true})json",
    R"json({"Type": "Pass", "Next": "${Elsewhere}"})json",
    R"json({"Type": "Pass", "Assign": {"v.$": "${Path}"}, "End": true})json",
    R"json({"Type": "Task", "Resource": "${Arn}", "TimeoutSeconds": ${Timeout}, "HeartbeatSeconds": "${Beat}", "End": true})json",
    R"json({"Type": "Task", "Resource": "arn:${Partition}:states:::sqs:sendMessage${Kind}", "Parameters": {"QueueUrl": "${Url}"}, "End": true})json",
    R"json({"Type": "Task", "Resource": "${Arn}", "Retry": ${Retry}, "Catch": [${Catcher}], "End": true})json",
    R"json({"Type": "Task", "Resource": "${Arn}", "Retry": [{"ErrorEquals": ["${Error}"], "IntervalSeconds": ${Interval}, "MaxAttempts": ${Attempts}, "BackoffRate": ${Rate}, "MaxDelaySeconds": ${Delay}, "JitterStrategy": "${Jitter}"}], "End": true})json",
    R"json({"Type": "Task", "Resource": "${Arn}", "Parameters": ${Parameters}, "ResultSelector": "${Selector}", "End": true})json",
    R"json({"Type": "Task", "Resource": "${Arn}", "Credentials": {"RoleArn": "${Role}"}, "End": true})json",
    R"json({"Type": "Choice", "Choices": [{"Variable": "$.${Field}", "NumericLessThan": ${Limit}, "Next": "E"}], "Default": "E"})json",
    R"json({"Type": "Choice", "Choices": [{"And": [{"Variable": "$.a", "BooleanEquals": "${Flag}"}, {"Variable": "$.b", "TimestampLessThan": "${Date}"}], "Next": "E"}], "Default": "${Elsewhere}"})json",
    R"json({"Type": "Choice", "Choices": ${Rules}, "Default": "E"})json",
    R"json({"Type": "Map", "MaxConcurrency": ${Most}, "ItemsPath": "$.${List}", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}, "End": true})json",
    R"json({"Type": "Map", "Label": "${Label}", "ToleratedFailurePercentage": ${Share}, "ItemProcessor": {"ProcessorConfig": {"Mode": "${Mode}", "ExecutionType": "${Kind}"}, "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}, "End": true})json",
    R"json({"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "${Kind}"}, "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}, "ItemReader": {"Resource": "arn:${Partition}:states:::s3:getObject", "ReaderConfig": {"InputType": "${Format}", "MaxItems": ${Most}}, "Parameters": {"Bucket": "${Bucket}", "Key": "${Key}"}}, "End": true})json",
    R"json({"Type": "Parallel", "Branches": ${Branches}, "End": true})json",
    R"json({"Type": "Parallel", "Branches": [{"StartAt": "${First}", "States": {"I": {"Type": "Pass", "End": true}}}], "End": true})json",
    R"json({"Type": "Fail", "Error": "${Error}", "Cause": "in ${Stage}"})json",
};

class OpenState : public testing::TestWithParam<std::string_view> {};

TEST_P(OpenState, IsAcceptedAndDrawn) {
    const std::string text =
        R"json({"StartAt": "C", "TimeoutSeconds": ${Total}, "States": {"C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "S"}], "Default": "E"}, "S": )json" +
        std::string{GetParam()} + R"json(, "E": {"Type": "Succeed"}}})json";
    const auto parsed = as_template(text);
    ASSERT_TRUE(parsed.definition) << text << "\n" << texts(parsed.diagnostics);
    EXPECT_NE(to_mermaid(*parsed.definition).find("\"S\""), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Each, OpenState, testing::ValuesIn(open_states));

TEST(Template, WhatHasNoPlaceholderIsCheckedAllTheSame) {
    const auto parsed = as_template(R"json({"StartAt": "S", "States": {
        "S": {"Type": "Wait", "Seconds": ${Delay}, "Nexd": "E"},
        "E": {"Type": "Wait", "Seconds": "ten", "Next": "Nowhere"}}})json");
    EXPECT_FALSE(parsed.definition);
    const auto all = texts(parsed.diagnostics);
    EXPECT_NE(all.find(":2:52: error SCHEMA_VALIDATION_FAILED: Field 'Nexd' is not supported"), std::string::npos)
        << all;
    EXPECT_NE(all.find("Expected value of type Integer"), std::string::npos) << all;
    EXPECT_NE(all.find("Missing 'Next' target: Nowhere"), std::string::npos) << all;
}

TEST(Template, AStateBehindAnOpenTransitionMayBeReached) {
    const auto parsed = as_template(
        R"json({"StartAt": "S", "States": {"S": {"Type": "Pass", "Next": "${Next}"}, "E": {"Type": "Succeed"}}})json");
    EXPECT_TRUE(parsed.definition) << texts(parsed.diagnostics);
    EXPECT_TRUE(
        as_template(
            R"json({"StartAt": "${First}", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}}})json")
            .definition);
    EXPECT_FALSE(
        as_template(
            R"json({"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true}, "E": {"Type": "Succeed"}}})json")
            .definition);
}

TEST(Template, IsNotAskedForByDefault) {
    const auto parsed = parse_definition(
        R"json({"StartAt": "S", "States": {"S": {"Type": "Wait", "Seconds": ${Delay}, "End": true}}})json");
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    EXPECT_EQ(parsed.diagnostics[0].code, "INVALID_JSON_DESCRIPTION");
    EXPECT_EQ(parsed.diagnostics[0].hint, "this is a placeholder of a template: its value is missing");
}

TEST(Substitutions, BecomeWhatTheyAre) {
    const auto parsed = filled(
        R"json({"StartAt": "S", "States": {
        "S": {"Type": "Wait", "Seconds": ${Delay}, "Next": "T"},
        "T": {"Type": "Task", "Resource": "arn:aws:lambda:${Region}:${Account}:function:${Name}", "Retry": ${Retry}, "End": true}}})json",
        R"json({"Delay": "7", "Region": "eu-west-1", "Account": 123456789012, "Name": "a\"b", "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 9}]})json");
    ASSERT_TRUE(parsed.definition) << texts(parsed.diagnostics);
    const auto& wait = std::get<Wait>(parsed.definition->find("S")->kind);
    EXPECT_EQ(*wait.seconds.value(), 7);
    const auto* task = parsed.definition->find("T");
    EXPECT_EQ(std::get<Task>(task->kind).resource, "arn:aws:lambda:eu-west-1:123456789012:function:a\"b");
    EXPECT_EQ(task->retry.at(0).max_attempts, 9);
    EXPECT_TRUE(parse_definition(parsed.json).definition);
}

TEST(Substitutions, KeepPositionsOfTheText) {
    const auto parsed = filled(
        "{\"StartAt\": \"${LongNameOfAPlaceholder}\", \"States\": {\n \"A\": {\"Type\": \"Wait\", \"Seconds\": "
        "${Delay}, \"Next\": \"B\"},\n \"C\": {\"Type\": \"Succeed\"}}}",
        R"json({"LongNameOfAPlaceholder": "A", "Delay": "\"x\""})json");
    ASSERT_EQ(parsed.diagnostics.size(), 3U) << texts(parsed.diagnostics);
    EXPECT_EQ(parsed.diagnostics[0].position, (Position{2, 24}));
    EXPECT_EQ(parsed.diagnostics[1].position, (Position{2, 45}));
    EXPECT_EQ(parsed.diagnostics[2].position, (Position{3, 2}));
}

TEST(Substitutions, ThatAreMissingAreWarnedOf) {
    const auto parsed = filled(
        "{\"StartAt\": \"S\", \"States\": {\n \"S\": {\"Type\": \"Task\", \"Resource\": \"${FunctionArm}\", \"End\": "
        "true}}}",
        R"json({"FunctionArn": "x"})json");
    ASSERT_EQ(parsed.diagnostics.size(), 1U) << texts(parsed.diagnostics);
    EXPECT_EQ(to_text(parsed.diagnostics[0], "f"),
              "f:2:37: warning UNRESOLVED_PLACEHOLDER: The placeholder '${FunctionArm}' has no value\n"
              "    hint: did you mean 'FunctionArn'?");
    EXPECT_TRUE(parsed.definition);
}

TEST(Substitutions, OfYamlKeepTheirTypes) {
    ParseOptions options;
    options.syntax = Syntax::Yaml;
    options.substitutions = std::make_shared<const Json>(*parse_json(R"json({"Delay": 5, "Text": "${Delay}: x"})json"));
    const auto parsed = parse_definition(
        "StartAt: S\nStates:\n  S: {Type: Wait, Seconds: 5, Next: T}\n  T:\n    Type: Wait\n    Seconds: ${Delay}\n    "
        "Comment: '${Text}'\n    End: true\n",
        options);
    ASSERT_TRUE(parsed.definition) << texts(parsed.diagnostics);
    EXPECT_EQ(*std::get<Wait>(parsed.definition->find("T")->kind).seconds.value(), 5);
    EXPECT_EQ(parsed.definition->find("T")->comment, "${Delay}: x");  // filled in once
}

TEST(Substitutions, OfYamlMayBePlainTexts) {
    ParseOptions options;
    options.syntax = Syntax::Yaml;
    options.substitutions = std::make_shared<const Json>(*parse_json(R"json({"Arn": "arn:aws:lambda:r:1:function:f"})json"));
    const auto parsed = parse_definition(
        "StartAt: T\nStates:\n  T:\n    Type: Task\n    Resource: ${Arn}\n    End: true\n", options);
    ASSERT_TRUE(parsed.definition) << texts(parsed.diagnostics);
    EXPECT_EQ(std::get<Task>(parsed.definition->find("T")->kind).resource, "arn:aws:lambda:r:1:function:f");
}

// Workflows as templates hold them: see tests/workflows/README.md.
std::vector<std::filesystem::path> workflows() {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator{PAWL_SOURCE_DIR "/tests/workflows"}) {
        const auto extension = entry.path().extension();
        if (extension == ".json" || extension == ".yaml") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

class Workflow : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Workflow, IsAcceptedAndDrawn) {
    std::ifstream file{GetParam(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    ParseOptions options;
    options.placeholders = true;
    options.syntax = GetParam().extension() == ".yaml" ? Syntax::Yaml : Syntax::Json;
    const auto parsed = parse_definition(text, options);
    EXPECT_EQ(texts(parsed.diagnostics), "");
    ASSERT_TRUE(parsed.definition);
    EXPECT_TRUE(to_mermaid(*parsed.definition).starts_with("flowchart TD"));
}

INSTANTIATE_TEST_SUITE_P(All, Workflow, testing::ValuesIn(workflows()), [](const auto& test) {
    std::string name = test.param.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
});

}  // namespace
}  // namespace pawl::asl
