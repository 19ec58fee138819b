// What is read from templates of SAM and CDK: machines with their definitions, functions with their commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/templates/application.hpp"

namespace pawl::templates {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ArnSpace arns{"eu-west-1", "123456789012"};
const std::string folder = PAWL_SOURCE_DIR "/tests/cli";

Application sam(const Parameters& parameters = {}) {
    auto read = read_sam(folder + "/sam/template.yaml", arns, parameters);
    EXPECT_TRUE(read) << read.error();
    return read ? *std::move(read) : Application{};
}

const TemplateMachine* machine(const Application& application, std::string_view id) {
    for (const auto& machine : application.machines) {
        if (machine.logical_id == id) return &machine;
    }
    return nullptr;
}

const FunctionConfig* function(const Application& application, std::string_view name) {
    for (const auto& function : application.functions) {
        if (function.name == name) return &function;
    }
    return nullptr;
}

TEST(Sam, MachinesGetTheirSubstitutions) {
    const auto read = sam();
    ASSERT_EQ(read.machines.size(), 2U);
    const auto* orders = machine(read, "Orders");
    ASSERT_TRUE(orders);
    EXPECT_EQ(orders->name, "orders-dev");
    EXPECT_EQ(orders->role_arn, "arn:aws:iam::123456789012:role/OrdersRole");
    EXPECT_TRUE(orders->diagnostics.empty());
    const auto definition = *parse_json(orders->definition);
    const auto& states = definition.at("States");
    EXPECT_EQ(states.at("Price").at("Resource"), "arn:aws:lambda:eu-west-1:123456789012:function:price-dev");
    EXPECT_EQ(states.at("Pause").at("Seconds"), 0);
    EXPECT_EQ(states.at("Charge").at("Parameters").at("FunctionName"),
              "arn:aws:lambda:eu-west-1:123456789012:function:Charge");
    EXPECT_EQ(states.at("Charge").at("Parameters").at("Payload").at("table"), "Table");
    EXPECT_EQ(states.at("Charge").at("Retry").at(0).at("MaxAttempts"), 2);
    const auto* inline_machine = machine(read, "Inline");
    ASSERT_TRUE(inline_machine);
    EXPECT_EQ(inline_machine->name, "Inline");
    EXPECT_EQ(inline_machine->type, asl::MachineType::Express);
}

TEST(Sam, FunctionsKeepTheirRuntime) {
    const auto read = sam();
    ASSERT_EQ(read.functions.size(), 2U) << "one is for production only";
    const auto* charge = function(read, "Charge");
    ASSERT_TRUE(charge);
    EXPECT_EQ(charge->runtime.substr(0, 6), "python");
    EXPECT_EQ(charge->handler, "app.main");
    EXPECT_EQ(charge->code_folder, folder + "/sam/functions/charge");
    EXPECT_EQ(charge->working_directory, folder + "/sam/functions/charge");
    EXPECT_EQ(charge->timeout, std::chrono::seconds{20});
    EXPECT_EQ(charge->environment.at("STAGE"), "dev");
    EXPECT_EQ(charge->environment.at("CURRENCY"), "CHF");
    EXPECT_EQ(charge->environment.at("QUEUE"), "https://sqs.eu-west-1.amazonaws.com/123456789012/Queue");
    EXPECT_EQ(charge->environment.at("TOPIC"), "arn:aws:sns:eu-west-1:123456789012:news");
    const auto* price = function(read, "price-dev");
    ASSERT_TRUE(price);
    EXPECT_EQ(price->runtime.substr(0, 6), "nodejs");
    EXPECT_EQ(price->timeout, std::chrono::seconds{5});
}

constexpr std::string_view with_settings = R"(
Parameters: {Stage: {Type: String, Default: dev}, Megabytes: {Type: Number, Default: 256}}
Conditions: {IsProduction: !Equals [!Ref Stage, prod]}
Globals: {Function: {Runtime: python3.12, Handler: index.main, MemorySize: !Ref Megabytes, Layers: [!ImportValue l]}}
Resources:
  Plain:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: '', Layers: [], SnapStart: !If [IsProduction, {ApplyOn: None}, !Ref AWS::NoValue]}
  Much:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: ''
      MemorySize: 1024
      Layers: [a, b]
      Events: {Orders: {Type: SQS}, Mornings: {Type: Schedule}}
      EventInvokeConfig: {MaximumRetryAttempts: 1}
      DeadLetterQueue: {Type: SQS}
      FunctionUrlConfig: {AuthType: NONE}
      VpcConfig: {SubnetIds: [!ImportValue subnet]}
      FileSystemConfigs: [{Arn: a}]
      SnapStart: {ApplyOn: PublishedVersions}
      ReservedConcurrentExecutions: 0
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Succeed}}}
      Events: {Mornings: {Type: Schedule}}
      Logging:
        Level: ERROR
        IncludeExecutionData: 'true'
        Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Group.Arn}}]
      Tracing: {Enabled: true}
  Unlogged:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Succeed}}}
      Logging: {Level: ALL, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !ImportValue group}}]}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /orders}}
)";

class Settings : public testing::Test {
  protected:
    Application read(const std::string& name, std::string_view text, bool cdk = false) {
        std::filesystem::create_directories(own_);
        std::ofstream{own_ / name} << text;
        auto read = cdk ? read_cdk_out(own_.string(), arns, {}) : read_sam((own_ / name).string(), arns, {});
        EXPECT_TRUE(read) << read.error();
        return read ? *std::move(read) : Application{};
    }
    void TearDown() override { std::filesystem::remove_all(own_); }
    const std::filesystem::path own_ =
        std::filesystem::path{testing::TempDir()} / ("settings-" + std::to_string(getpid()));
};

TEST_F(Settings, FunctionsHaveTheMemoryOfTheTemplate) {
    const auto sam = read("template.yaml", with_settings);
    ASSERT_EQ(sam.functions.size(), 2U);
    EXPECT_EQ(function(sam, "Plain")->memory_megabytes, 256U) << "of Globals, by a parameter";
    EXPECT_EQ(function(sam, "Much")->memory_megabytes, 1024U);
    const auto cdk = read("A.template.json", R"({"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {
        "Runtime": "python3.12", "Handler": "index.main", "Code": {"ZipFile": "x"}, "MemorySize": 512}}}})",
                          true);
    ASSERT_EQ(cdk.functions.size(), 1U);
    EXPECT_EQ(cdk.functions[0].memory_megabytes, 512U);
}

TEST_F(Settings, MachinesLogAsTheTemplateSays) {
    const auto sam = read("template.yaml", with_settings);
    ASSERT_TRUE(machine(sam, "Orders"));
    EXPECT_EQ(machine(sam, "Orders")->configuration, *parse_json(R"({
        "tracingConfiguration": {"enabled": true},
        "loggingConfiguration": {"level": "ERROR", "includeExecutionData": true, "destinations": [
            {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:/orders:*"}}]}})"));
    EXPECT_EQ(machine(sam, "Unlogged")->configuration, Json::object());
    const auto cdk = read("A.template.json", R"({"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"DefinitionString": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}",
            "LoggingConfiguration": {"Level": "ALL", "Destinations": [
                {"CloudWatchLogsLogGroup": {"LogGroupArn": {"Fn::GetAtt": ["G", "Arn"]}}}]}}},
        "G": {"Type": "AWS::Logs::LogGroup"}}})",
                          true);
    ASSERT_EQ(cdk.machines.size(), 1U);
    EXPECT_EQ(cdk.machines[0].configuration, *parse_json(R"({
        "loggingConfiguration": {"level": "ALL", "destinations": [
            {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:G:*"}}]}})"));
}

TEST_F(Settings, WhatIsLeftOutIsSaid) {
    auto sam = read("template.yaml", with_settings);
    const auto file = (own_ / "template.yaml").string() + ": ";
    for (auto& note : sam.notes) {
        ASSERT_TRUE(note.starts_with(file)) << note;
        note.erase(0, file.size());
    }
    EXPECT_THAT(
        sam.notes,
        testing::UnorderedElementsAre(
            "the layers of the function Much are left out", "the events of the function Much are left out",
            "the settings of asynchronous invocations of the function Much are left out",
            "the dead-letter queue of the function Much is left out", "the URL of the function Much is left out",
            "the VPC of the function Much is left out", "the file systems of the function Much are left out",
            "the SnapStart of the function Much is left out",
            "the reserved concurrency of the function Much is left out",
            "the provisioned concurrency of the function Much is left out",
            "the events of the state machine Orders are left out",
            "the logging of the state machine Unlogged is left out: Fn::ImportValue: no stack here "
            "exports 'group'"));
    const auto cdk = read("A.template.json", R"({"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {
        "Runtime": "python3.12", "Handler": "index.main", "Code": {"ZipFile": "x"}, "VpcConfig": {"SubnetIds": ["a"]},
        "DeadLetterConfig": {"TargetArn": "a"}, "Layers": []}}}})",
                          true);
    EXPECT_THAT(cdk.notes, ElementsAre(testing::EndsWith("the dead-letter queue of the function F is left out"),
                                       testing::EndsWith("the VPC of the function F is left out")));
}

TEST(Sam, ParametersDecideConditions) {
    const auto read = read_sam(folder + "/sam/template.yaml", arns, {{"Stage", "prod"}});
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error(), HasSubstr("Fn::FindInMap: there is no 'Limits.prod' in Mappings"));
}

TEST(Cdk, MachinesAndFunctionsAreFoundByTheirAssets) {
    const auto read = read_cdk_out(folder + "/cdk.out", arns, {});
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->machines.size(), 2U);
    const auto* work = machine(*read, "Machine7A8B");
    ASSERT_TRUE(work);
    const auto definition = *parse_json(work->definition);
    EXPECT_EQ(definition.at("States").at("Work").at("Resource"), "arn:aws:states:::lambda:invoke");
    EXPECT_EQ(definition.at("States").at("Work").at("Parameters").at("FunctionName"),
              "arn:aws:lambda:eu-west-1:123456789012:function:WorkFn3C4D");
    EXPECT_EQ(definition.at("States").at("Child").at("Parameters").at("child"),
              "arn:aws:states:eu-west-1:123456789012:stateMachine:child");
    EXPECT_EQ(machine(*read, "Child9C0D")->type, asl::MachineType::Express);
    const auto* work_function = function(*read, "WorkFn3C4D");
    ASSERT_TRUE(work_function);
    EXPECT_EQ(work_function->code_folder, folder + "/cdk.out/asset.0f1e2d");
    EXPECT_EQ(work_function->timeout, std::chrono::seconds{30});
    ASSERT_EQ(read->notes.size(), 1U);
    EXPECT_THAT(read->notes[0], HasSubstr("Image1A2B is a container image: it is left out"));
}

TEST(Cdk, CodeInTheTemplateIsAFileWhileItIsNeeded) {
    std::filesystem::path code;
    {
        const auto read = read_cdk_out(folder + "/cdk.out", arns, {});
        ASSERT_TRUE(read) << read.error();
        const auto* provider = function(*read, "Provider5E6F");
        ASSERT_TRUE(provider);
        code = std::filesystem::path{provider->code_folder} / "index.js";
        std::ifstream in{code};
        EXPECT_EQ((std::string{std::istreambuf_iterator<char>{in}, {}}), "exports.handler = 1");
    }
    EXPECT_FALSE(std::filesystem::exists(code));
}

TEST(Cdk, StacksImportFromEachOther) {
    const auto out = std::filesystem::path{testing::TempDir()} / ("two.out-" + std::to_string(getpid()));
    std::filesystem::create_directories(out);
    std::ofstream{out / "A.template.json"}
        << R"json({"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
        "DefinitionString": {"Fn::Join": ["", ["{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"End\":true,\"Resource\":\"",
            {"Fn::ImportValue": "B:FnArn"}, "\"}}}"]]}}}}})json";
    std::ofstream{out / "B.template.json"} << R"json({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"O": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}, "Export": {"Name": "B:FnArn"}}}})json";
    const auto read = read_cdk_out(out.string(), arns, {});
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->machines.size(), 1U);
    EXPECT_THAT(read->machines[0].definition, HasSubstr("arn:aws:sqs:eu-west-1:123456789012:Q"));
    std::filesystem::remove(out / "B.template.json");
    const auto alone = read_cdk_out(out.string(), arns, {});
    ASSERT_FALSE(alone);
    EXPECT_THAT(alone.error(), HasSubstr("no stack here exports 'B:FnArn'"));
    std::filesystem::remove_all(out);
}

// A template with one resource R, in a folder of its own.
class WrongTemplate : public testing::Test {
  protected:
    std::string trouble(const std::string& text, const Parameters& parameters = {}) {
        // A folder of this process: tests run beside each other.
        const auto own = std::filesystem::path{testing::TempDir()} / ("templates-" + std::to_string(getpid()));
        std::filesystem::create_directories(own);
        const auto path = own / "template.yaml";
        std::ofstream{path} << text;
        const auto read = read_sam(path.string(), arns, parameters);
        EXPECT_FALSE(read) << "it is in order";
        return read ? "" : read.error();
    }
    std::string trouble_with(const std::string& properties, const std::string& type = "AWS::Serverless::Function") {
        return trouble("Resources:\n  R:\n    Type: " + type + "\n    Properties: {" + properties + "}\n");
    }
};

TEST_F(WrongTemplate, SaysWhatIsWrong) {
    EXPECT_THAT(trouble("Resources: ["), HasSubstr("template.yaml:1:13: error INVALID_YAML_DESCRIPTION"));
    EXPECT_THAT(trouble("a: 1"), HasSubstr("the template has no Resources"));
    EXPECT_THAT(trouble_with("CodeUri: ., Handler: a.b, Runtime: java21"),
                HasSubstr("R: the runtime 'java21' can't be started here"));
    EXPECT_THAT(
        trouble_with("CodeUri: ., Handler: a.b, Runtime: python2.7"),
        HasSubstr("R: the runtime 'python2.7' can't be started here (python3.x, nodejsNN.x and provided.* can)"));
    EXPECT_THAT(trouble_with("InlineCode: '', Handler: index.b, Runtime: nodejs8.10"),
                HasSubstr("must be Python or Node.js (python3.x or nodejsNN.x), not 'nodejs8.10'"));
    EXPECT_THAT(trouble_with("CodeUri: ., Handler: nowhere.b, Runtime: python3.12"), HasSubstr("there is no file"));
    EXPECT_THAT(trouble_with("CodeUri: nowhere, Handler: a.b, Runtime: python3.12"), HasSubstr("there is no folder"));
    EXPECT_THAT(trouble_with("CodeUri: ., Handler: ab, Runtime: python3.12"),
                HasSubstr("Handler must be FILE.FUNCTION"));
    EXPECT_THAT(trouble_with("PackageType: Image"), HasSubstr("container image"));
    EXPECT_THAT(trouble_with("CodeUri: !ImportValue x"), HasSubstr("no stack here exports"));
    EXPECT_THAT(trouble_with("FunctionName: !Ref Rr, CodeUri: ."), HasSubstr("no parameter or resource 'Rr'"));
    EXPECT_THAT(trouble_with("FunctionName: !Ref R, CodeUri: ."), HasSubstr("refers to itself"));
    EXPECT_THAT(trouble_with("CodeUri: !Select [3, [a]]"), HasSubstr("Fn::Select: there is no element 3"));
    EXPECT_THAT(trouble_with("Name: x", "AWS::Serverless::StateMachine"),
                HasSubstr("the state machine has no definition"));
    EXPECT_THAT(trouble_with("DefinitionUri: nowhere.json", "AWS::Serverless::StateMachine"),
                HasSubstr("nowhere.json: can't be read"));
    EXPECT_THAT(trouble("Parameters: {P: {Type: String}}\nResources:\n  R:\n    Type: AWS::Serverless::Function\n"
                        "    Properties: {CodeUri: !Ref P}\n"),
                HasSubstr("the parameter 'P' has no default: give --parameter P=VALUE"));
}

TEST_F(WrongTemplate, AliasesThatAreNone) {
    const std::string machine = "  M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: !Ref ";
    const auto refers_to = [&](const std::string& name, const std::string& resources) {
        return trouble("Resources:\n" + machine + name + "}}\n" + resources);
    };
    const std::string function = "  F: {Type: AWS::Serverless::Function, Properties: {FunctionName: f}}\n";
    EXPECT_THAT(refers_to("F.Alias", function), HasSubstr("M: 'F.Alias' needs AutoPublishAlias of the function 'F'"));
    EXPECT_THAT(refers_to("FAliaslive", function), HasSubstr("no parameter or resource 'FAliaslive'"));
    EXPECT_THAT(refers_to("A", "  A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: f}}\n"),
                HasSubstr("'A' has no Name"));
    EXPECT_THAT(refers_to("A", "  A: {Type: AWS::Lambda::Version}\n"), HasSubstr("'A' has no FunctionName"));
    EXPECT_THAT(refers_to("A", "  A: {Type: AWS::Lambda::Version, Properties: {FunctionName: 'a b'}}\n"),
                HasSubstr("FunctionName of 'A' must name a function, not be 'a b'"));
    EXPECT_THAT(refers_to("A", "  A: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref A}}\n"),
                HasSubstr("refers to itself"));
}

TEST_F(WrongTemplate, SettingsThatCloudFormationRefuses) {
    EXPECT_THAT(trouble_with("CodeUri: ., Handler: a.b, Runtime: python3.12, MemorySize: much"),
                HasSubstr("MemorySize must be a number of megabytes, not much"));
    const auto machine = [&](const std::string& properties) {
        return trouble_with("Definition: {StartAt: A, States: {A: {Type: Succeed}}}, " + properties,
                            "AWS::Serverless::StateMachine");
    };
    EXPECT_THAT(machine("Logging: {Level: SOME}"),
                HasSubstr("R: Level must be ALL, ERROR, FATAL or OFF, not \"SOME\""));
    EXPECT_THAT(machine("Logging: {IncludeExecutionData: 1}"),
                HasSubstr("includeExecutionData must be true or false, not 1"));
    EXPECT_THAT(machine("Logging: {Destinations: {}}"), HasSubstr("Destinations must be a list"));
    EXPECT_THAT(machine("Logging: ALL"), HasSubstr("Logging must be an object"));
    EXPECT_THAT(machine("Tracing: {Enabled: x}"), HasSubstr("enabled must be true or false, not \"x\""));
}

// "LINE:COLUMN LOCATION" of what is wrong with the definitions of a template.
std::vector<std::string> places(const Application& application) {
    std::vector<std::string> found;
    for (const auto& machine : application.machines) {
        for (const auto& [severity, code, message, location, position, hint] : machine.diagnostics) {
            found.push_back(std::to_string(position.line) + ":" + std::to_string(position.column) + " " + location);
        }
    }
    return found;
}

class WrongDefinition : public testing::Test {
  protected:
    std::string write(const std::string& name, const std::string& text) {
        std::filesystem::create_directories(own_);
        std::ofstream{own_ / name} << text;
        return (own_ / name).string();
    }
    void TearDown() override { std::filesystem::remove_all(own_); }
    const std::filesystem::path own_ =
        std::filesystem::path{testing::TempDir()} / ("definitions-" + std::to_string(getpid()));
};

TEST_F(WrongDefinition, HasThePlacesOfTheTemplate) {
    const auto read = read_sam(write("template.yaml", R"(Parameters: {Stage: {Type: String, Default: dev}}
Conditions: {Yes: !Equals [!Ref Stage, dev]}
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: "Ünïcode"
      Definition:
        StartAt: A
        States:
          A:
            Comment: "«é»"
            Type: Tsak
          B: !If [Yes, {Type: Pass, Next: C}, {Type: Fail}]
          D: {Type: Wait, Seconds: !Ref Stage, End: true}
)"),
                               arns, {});
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->machines[0].file, own_ / "template.yaml");
    EXPECT_THAT(places(*read),
                testing::IsSupersetOf({"13:13 /States/A/Type", "14:11 /States/B/Next", "15:27 /States/D/Seconds"}));
}

TEST_F(WrongDefinition, HasThePlacesOfATemplateInJson) {
    const auto read = read_sam(write("template.json", R"({"Resources": {"a/b": {
  "Type": "AWS::StepFunctions::StateMachine", "Properties": {
    "Definition": {"StartAt": "A",
      "States": {"A": {"Type": "Tsak"}}}}}}})"),
                               arns, {});
    ASSERT_TRUE(read) << read.error();
    EXPECT_THAT(places(*read), ElementsAre("4:24 /States/A/Type"));
}

TEST_F(WrongDefinition, ThatIsATextHasThePlaceOfThisText) {
    const auto read = read_sam(write("template.yaml", R"(Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: |
        {"StartAt": "A",
         "States": {"A": {"Type": "Tsak"}}}
  N:
    Type: AWS::StepFunctions::StateMachine
    Properties: {DefinitionString: '{"StartAt": }'}
)"),
                               arns, {});
    ASSERT_TRUE(read) << read.error();
    EXPECT_THAT(places(*read), ElementsAre("5:7 /States/A/Type", "10:18 [line: 1, column: 14]"));
    EXPECT_THAT(machine(*read, "M")->diagnostics[0].message, testing::EndsWith("(in this text, at /States/A/Type)"));
}

TEST_F(WrongDefinition, OfCdkHasThePlacesOfItsFile) {
    write("A.template.json", R"({"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
        "DefinitionS3Location": {"Bucket": "b", "Key": "abc.json"}}}}})");
    const auto asset = write("asset.abc", "{\"StartAt\": \"A\",\n \"States\": {\"A\": {\"Type\": \"Tsak\"}}}");
    const auto read = read_cdk_out(own_.string(), arns, {});
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->machines[0].file, asset);
    EXPECT_THAT(places(*read), ElementsAre("2:19 /States/A/Type"));
}

TEST_F(WrongTemplate, MembersThatAreNoTexts) {
    EXPECT_THAT(trouble("Resources: {R: {Type: 5}}"),
                HasSubstr("template.yaml: the resource 'R': Type must be a text, not 5"));
    EXPECT_THAT(trouble("Resources: {R: {Type: null}}"), HasSubstr("'R': Type must be a text"));
    EXPECT_THAT(trouble("Resources: {R: {Type: A, Condition: [x]}}"), HasSubstr("'R': Condition must be a text"));
    EXPECT_THAT(trouble_with("FunctionName: x, Environment: {Variables: {A: {Ref: 5}}}, CodeUri: ."),
                HasSubstr("template.yaml: R: Ref takes a name"));
}

TEST_F(WrongTemplate, StacksOfCdkAreNamed) {
    const auto out = std::filesystem::path{testing::TempDir()} / ("odd.out-" + std::to_string(getpid()));
    std::filesystem::create_directories(out);
    std::ofstream{out / "A.template.json"} << R"({"Resources": {"R": {"Type": {"Ref": "x"}}}})";
    const auto read = read_cdk_out(out.string(), arns, {});
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error(), HasSubstr("A.template.json: the resource 'R': Type must be a text"));
    std::filesystem::remove_all(out);
}

TEST_F(WrongTemplate, ParametersThatItDoesNotHave) {
    const std::string text = "Parameters: {Stage: {Type: String, Default: a}}\nResources: {}\n";
    EXPECT_THAT(trouble(text, {{"Stgae", "b"}}),
                HasSubstr("--parameter Stgae: there is no such parameter in the template: did you mean 'Stage'?"));
    EXPECT_THAT(trouble(text, {{"Other", "b"}}), HasSubstr("its parameters are: Stage"));
    EXPECT_THAT(trouble("Resources: {}", {{"Other", "b"}}), HasSubstr("it has no parameters"));
    const auto cdk = read_cdk_out(folder + "/cdk.out", arns, {{"Nothing", "x"}});
    ASSERT_FALSE(cdk);
    EXPECT_THAT(cdk.error(), HasSubstr("--parameter Nothing"));
}

TEST_F(WrongTemplate, CodeInTheTemplate) {
    EXPECT_THAT(trouble_with("InlineCode: x, Handler: app.main, Runtime: python3.12"),
                HasSubstr("becomes the file index.py: Handler must be index.FUNCTION, not 'app.main'"));
    EXPECT_THAT(trouble_with("Code: {ZipFile: x}, Handler: index.main, Runtime: java21", "AWS::Lambda::Function"),
                HasSubstr("must be Python or Node.js (python3.x or nodejsNN.x), not 'java21'"));
    EXPECT_THAT(
        trouble_with("Code: {S3Bucket: b, S3Key: k}, Handler: a.b, Runtime: python3.12", "AWS::Lambda::Function"),
        HasSubstr("the code is in S3"));
}

}  // namespace
}  // namespace pawl::templates
