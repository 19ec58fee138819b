// What CloudFormation's functions and references come to.
#include "cli/templates/cloudformation.hpp"

#include <gtest/gtest.h>


namespace pawl::templates {
namespace {

const ArnSpace arns{"eu-west-1", "123456789012"};

struct Function {
    std::string name;
    std::string value;
    std::string result;
};

class CloudFormationFunction : public testing::TestWithParam<Function> {};

TEST_P(CloudFormationFunction, GivesThis) {
    const auto source = parse_json(R"json({
        "Parameters": {"P": {"Type": "String", "Default": "p"}, "N": {"Type": "Number", "Default": 3}},
        "Mappings": {"M": {"a": {"b": ["x", "y"]}}},
        "Conditions": {"Yes": {"Fn::Equals": [{"Ref": "N"}, "3"]}, "No": {"Fn::Not": [{"Condition": "Yes"}]},
                       "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
                       "Any": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]}},
        "Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": {"Fn::Sub": "f-${P}"}}},
                      "Q": {"Type": "AWS::SQS::Queue"}, "Other": {"Type": "Custom::Thing"}}})json");
    const CloudFormation stack{*source, arns, {}};
    EXPECT_EQ(to_text(stack.resolve(*parse_json(GetParam().value))), GetParam().result);
}

class ReferenceToAVersion : public testing::TestWithParam<Function> {};

TEST_P(ReferenceToAVersion, HasTheQualifier) {
    const auto source = parse_json(R"json({
        "Globals": {"Function": {"Runtime": "python3.12"}},
        "Parameters": {"Stage": {"Type": "String", "Default": "live"}},
        "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "f"}},
            "Al": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}, "Name": {"Ref": "Stage"},
                   "FunctionVersion": {"Fn::GetAtt": ["Ve", "Version"]}}},
            "Ve": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "F"}}},
            "ByArn": {"Type": "AWS::Lambda::Alias",
                      "Properties": {"FunctionName": {"Fn::GetAtt": ["F", "Arn"]}, "Name": "a"}},
            "Elsewhere": {"Type": "AWS::Lambda::Version",
                          "Properties": {"FunctionName": "arn:aws:lambda:us-west-2:000000000000:function:g:old"}},
            "Partial": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": "123456789012:function:g"}},
            "Hello": {"Type": "AWS::Serverless::Function", "Properties": {"AutoPublishAlias": {"Ref": "Stage"}}},
            "HelloAliasOfMine": {"Type": "AWS::SNS::Topic"}}})json");
    const CloudFormation stack{*source, arns, {}};
    EXPECT_EQ(to_text(stack.resolve(*parse_json(GetParam().value))), GetParam().result);
}

constexpr std::string_view f_live = R"("arn:aws:lambda:eu-west-1:123456789012:function:f:live")";
constexpr std::string_view f_1 = R"("arn:aws:lambda:eu-west-1:123456789012:function:f:1")";
constexpr std::string_view hello_live = R"("arn:aws:lambda:eu-west-1:123456789012:function:Hello:live")";
constexpr std::string_view hello_1 = R"("arn:aws:lambda:eu-west-1:123456789012:function:Hello:1")";

INSTANTIATE_TEST_SUITE_P(
    Functions, ReferenceToAVersion,
    testing::Values(Function{"RefAlias", R"({"Ref": "Al"})", std::string{f_live}},
                    Function{"SubAlias", R"({"Fn::Sub": "${Al}"})", std::string{f_live}},
                    Function{"AliasArn", R"({"Fn::GetAtt": ["Al", "AliasArn"]})", std::string{f_live}},
                    Function{"RefVersion", R"({"Ref": "Ve"})", std::string{f_1}},
                    Function{"FunctionArn", R"({"Fn::GetAtt": ["Ve", "FunctionArn"]})", std::string{f_1}},
                    Function{"VersionNumber", R"({"Fn::GetAtt": ["Ve", "Version"]})", R"("1")"},
                    Function{"AliasOfAnArn", R"({"Ref": "ByArn"})",
                             R"("arn:aws:lambda:eu-west-1:123456789012:function:f:a")"},
                    Function{"VersionInAnotherRegion", R"({"Ref": "Elsewhere"})",
                             R"("arn:aws:lambda:us-west-2:000000000000:function:g:1")"},
                    Function{"VersionOfAPartOfAnArn", R"({"Ref": "Partial"})",
                             R"("arn:aws:lambda:eu-west-1:123456789012:function:g:1")"},
                    Function{"SamAlias", R"({"Ref": "Hello.Alias"})", std::string{hello_live}},
                    Function{"SamAliasById", R"({"Ref": "HelloAliaslive"})", std::string{hello_live}},
                    Function{"SamAliasAsAttribute", R"({"Fn::GetAtt": "Hello.Alias"})", std::string{hello_live}},
                    Function{"SamAliasInAText", R"({"Fn::Sub": "${Hello.Alias}"})", std::string{hello_live}},
                    Function{"SamAliasArn", R"({"Fn::GetAtt": ["Hello.Alias", "AliasArn"]})", std::string{hello_live}},
                    Function{"SamVersion", R"({"Ref": "Hello.Version"})", std::string{hello_1}},
                    Function{"SamVersionById", R"({"Ref": "HelloVersion926eeb5ff1"})", std::string{hello_1}},
                    Function{"SamVersionNumber", R"({"Fn::Sub": "${Hello.Version.Version}"})", R"("1")"},
                    Function{"AResourceWithSuchAName", R"({"Ref": "HelloAliasOfMine"})",
                             R"("arn:aws:sns:eu-west-1:123456789012:HelloAliasOfMine")"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Functions, CloudFormationFunction,
    testing::Values(
        Function{"Plain", R"({"a": [1, true, null, "x"]})", R"({"a":[1,true,null,"x"]})"},
        Function{"RefParameter", R"([{"Ref": "P"}, {"Ref": "N"}])", R"(["p",3])"},
        Function{"RefPseudo", R"([{"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}, {"Ref": "AWS::Partition"}])",
                 R"(["eu-west-1","123456789012","aws"])"},
        Function{"RefResource", R"({"Ref": "F"})", R"("f-p")"},
        Function{"GetAttList", R"({"Fn::GetAtt": ["F", "Arn"]})",
                 R"("arn:aws:lambda:eu-west-1:123456789012:function:f-p")"},
        Function{"GetAttText", R"({"Fn::GetAtt": "Q.QueueName"})", R"("Q")"},
        Function{"GetAttOfACustomResource", R"({"Fn::GetAtt": "Other.Secret"})", R"("Other.Secret")"},
        Function{"NoValue", R"({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]})", R"({"b":[1]})"},
        Function{"Sub", R"({"Fn::Sub": "${P}/${F.Arn}/${!P}/${AWS::Region}"})",
                 R"("p/arn:aws:lambda:eu-west-1:123456789012:function:f-p/${P}/eu-west-1")"},
        Function{"SubWithOwn", R"({"Fn::Sub": ["${P}${X}", {"X": {"Ref": "N"}}]})", R"("p3")"},
        Function{"Join", R"({"Fn::Join": ["-", ["a", {"Ref": "N"}, {"Ref": "P"}]]})", R"("a-3-p")"},
        Function{"SelectOfSplit", R"({"Fn::Select": [1, {"Fn::Split": [",", "a,b,c"]}]})", R"("b")"},
        Function{"FindInMap", R"({"Fn::Join": ["", {"Fn::FindInMap": ["M", "a", "b"]}]})", R"("xy")"},
        Function{
            "If",
            R"([{"Fn::If": ["Yes", 1, 2]}, {"Fn::If": ["No", 1, 2]}, {"Fn::If": ["Both", 1, 2]}, {"Fn::If": ["Any", 1, 2]}])",
            "[1,2,2,1]"},
        Function{"ToJsonString", R"({"Fn::ToJsonString": {"a": {"Ref": "P"}}})", R"("{\"a\":\"p\"}")"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace pawl::templates
