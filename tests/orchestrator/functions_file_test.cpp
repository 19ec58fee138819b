#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/function_pool.hpp"
#include "tests/orchestrator/function_support.hpp"

namespace pawl::test {
namespace {

TEST(FunctionsFile, ReadsAFunction) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path("sub"));
    const auto read = parse_functions(R"({"functions": {
        "charge": {"command": ["sh", "charge.sh"]},
        "resize-2": {"command": ["sh", "-c", "x"], "working_directory": "sub", "environment": {"SIZE": "512"},
                     "timeout_seconds": 30, "max_concurrency": 8, "idle_stop_seconds": 60}
    }})",
                                      folder.path("functions.json"));
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->size(), 2U);
    const auto& plain = (*read)[0];
    EXPECT_EQ(plain.name, "charge");
    EXPECT_EQ(plain.command, (std::vector<std::string>{"sh", "charge.sh"}));
    EXPECT_EQ(plain.working_directory, folder.path());
    EXPECT_EQ(plain.timeout, 900s);
    const auto& full = (*read)[1];
    EXPECT_EQ(full.name, "resize-2");
    EXPECT_EQ(full.working_directory, folder.path("sub"));
    EXPECT_EQ(full.environment.at("SIZE"), "512");
    EXPECT_EQ(full.timeout, 30s);
    EXPECT_EQ(full.max_concurrency, 8U);
    EXPECT_EQ(full.idle_stop, 60s);
}

TEST(FunctionsFile, FindsProgramsBesideItself) {
    const TemporaryFolder folder;
    for (const auto* name : {"bootstrap", "plain"}) std::ofstream{folder.path(name)} << "#!/bin/sh\n";
    chmod(folder.path("bootstrap").c_str(), 0755);
    for (const auto* program : {"bootstrap", "./bootstrap"}) {
        const auto text = R"({"functions":{"f":{"command":[")" + std::string{program} + R"("]}}})";
        const auto read = parse_functions(text, folder.path("functions.json"));
        ASSERT_TRUE(read) << read.error();
        EXPECT_TRUE(std::filesystem::equivalent((*read)[0].command[0], folder.path("bootstrap")));
    }
    const auto plain = parse_functions(R"({"functions":{"f":{"command":["plain"]}}})", folder.path("functions.json"));
    ASSERT_FALSE(plain);
    EXPECT_NE(plain.error().find("is not executable"), std::string::npos) << plain.error();
}

TEST(FunctionsFile, ReadsFromDisk) {
    const TemporaryFolder folder;
    EXPECT_EQ(read_functions_file(folder.path("none.json")).error(), folder.path("none.json") + ": can't be read");
    EXPECT_EQ(read_functions_file(folder.path()).error(), folder.path() + ": can't be read");
    std::ofstream{folder.path("functions.json")} << R"({"functions": {}})";
    const auto read = read_functions_file(folder.path("functions.json"));
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(read->empty());
}

struct BadFile {
    std::string name;
    std::string text;
    std::string error;  // what the message begins with
};

class BadFunctionsFile : public testing::TestWithParam<BadFile> {};

TEST_P(BadFunctionsFile, IsExplained) {
    const auto read = parse_functions(GetParam().text, "f.json");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().substr(0, GetParam().error.size()), GetParam().error) << read.error();
}

INSTANTIATE_TEST_SUITE_P(
    Texts, BadFunctionsFile,
    testing::Values(
        BadFile{"NotJson", "{\n  \"functions\": {,}}", "f.json:2:17: not JSON: "},
        BadFile{"NoObject", "[]", "f.json:1:1: a functions file must be an object, not an array"},
        BadFile{"Empty", "{}", "f.json:1:1: expected {\"functions\""},
        BadFile{"UnknownTop", R"({"function": {}})", "f.json:1:2: unknown field 'function': did you mean 'functions'?"},
        BadFile{"FunctionsNoObject", R"({"functions": 7})", "f.json:1:2: 'functions' must be an object, not a number"},
        BadFile{"BadName", R"({"functions": {"a b": {}}})", "f.json:1:16: a function's name has letters"},
        BadFile{"FunctionNoObject", R"({"functions": {"f": []}})", "f.json:1:16: the function 'f' must be an object"},
        BadFile{"NoCommand", R"({"functions": {"f": {}}})", "f.json:1:16: the function 'f' needs a 'command'"},
        BadFile{"Misspelt", "{\"functions\": {\"f\":\n{\"comand\": [\"sh\"]}}}",
                "f.json:2:2: unknown field 'comand': did you mean 'command'?"},
        BadFile{"BeginningOfAField", R"({"functions": {"f": {"timeout": 1}}})",
                "f.json:1:22: unknown field 'timeout': did you mean 'timeout_seconds'?"},
        BadFile{"UnknownField", R"({"functions": {"f": {"colour": 1}}})",
                "f.json:1:22: unknown field 'colour'; known are: command"},
        BadFile{"UnknownRuntime", R"({"functions": {"f": {"runtime": "java21", "handler": "a.B"}}})",
                "f.json:1:22: there is no runtime 'java21' here: known are python3.x"},
        BadFile{"OldRuntime", R"({"functions": {"f": {"runtime": "python2.7", "handler": "a.b"}}})",
                "f.json:1:22: there is no runtime 'python2.7' here: known are python3.x"},
        BadFile{"NoHandler", R"({"functions": {"f": {"runtime": "python3.11"}}})",
                "f.json:1:16: the runtime 'python3.11' needs a 'handler'"},
        BadFile{"HandlerWithoutModule", R"({"functions": {"f": {"runtime": "python3.11", "handler": "main"}}})",
                "f.json:1:47: a handler is MODULE.FUNCTION, not 'main'"},
        BadFile{"TwoWays", R"({"functions": {"f": {"command": ["sh"], "url": "http://h"}}})",
                "f.json:1:41: 'command' and 'url' exclude each other"},
        BadFile{"NoBootstrap", R"({"functions": {"f": {"runtime": "provided.al2023", "code": "/"}}})",
                "f.json:1:22: there is no program '//bootstrap': build it first"},
        BadFile{"OtherScheme", R"({"functions": {"f": {"url": "ftp://h"}}})",
                "f.json:1:22: a 'url' begins with http:// or https://"},
        BadFile{"NoCodeFolder",
                R"({"functions": {"f": {"runtime": "python3.11", "handler": "a.b", "code": "/no/such"}}})",
                "f.json:1:65: there is no folder '/no/such'"},
        BadFile{"ReloadNoBool", R"({"functions": {"f": {"command": ["sh"], "hot_reload": 1}}})",
                "f.json:1:41: 'hot_reload' must be true or false"},
        BadFile{"CommandNoArray", R"({"functions": {"f": {"command": "sh"}}})",
                "f.json:1:22: 'command' must be an array of texts, not a text"},
        BadFile{"CommandEmpty", R"({"functions": {"f": {"command": []}}})", "f.json:1:22: 'command' is empty"},
        BadFile{"CommandPart", R"({"functions": {"f": {"command": ["sh", 1]}}})",
                "f.json:1:40: a part of 'command' must be a text, not a number"},
        BadFile{"NoSuchProgram", R"({"functions": {"f": {"command": ["no-such-program"]}}})",
                "f.json:1:34: there is no program 'no-such-program', neither in PATH nor in '"},
        BadFile{"NoSuchFile", R"({"functions": {"f": {"command": ["./none"]}}})", "f.json:1:34: there is no program '"},
        BadFile{"NoSuchFolder", R"({"functions": {"f": {"command": ["sh"], "working_directory": "none"}}})",
                "f.json:1:41: there is no folder '"},
        BadFile{"Timeout", R"({"functions": {"f": {"command": ["sh"], "timeout_seconds": 0}}})",
                "f.json:1:41: 'timeout_seconds' must be a whole number from 1 to 604800, not 0"},
        BadFile{"TimeoutHuge", R"({"functions": {"f": {"command": ["sh"], "timeout_seconds": 18446744073709551615}}})",
                "f.json:1:41: 'timeout_seconds' must be a whole number"},
        BadFile{"Concurrency", R"({"functions": {"f": {"command": ["sh"], "max_concurrency": "2"}}})",
                "f.json:1:41: 'max_concurrency' must be a whole number from 1 to 1000, not \"2\""},
        BadFile{"Environment", R"({"functions": {"f": {"command": ["sh"], "environment": {"A": 1}}}})",
                "f.json:1:57: the environment variable 'A' must be a text, not a number"},
        BadFile{"EnvironmentName", R"({"functions": {"f": {"command": ["sh"], "environment": {"A=B": "1"}}}})",
                "f.json:1:57: 'A=B' is no name for an environment variable"},
        BadFile{"Twice", "{\"functions\": {\"f\": {},\n \"f\": {}}}", "f.json:2:2: 'f' is there twice"}),
    [](const auto& test) { return test.param.name; });

struct Named {
    std::string text;
    std::optional<FunctionName> expected;
};

TEST(FunctionNames, AreReadInAllTheirForms) {
    const std::vector<Named> cases{
        {"f", FunctionName{"f", ""}},
        {"f:prod", FunctionName{"f", "prod"}},
        {"f:$LATEST", FunctionName{"f", "$LATEST"}},
        {"000000000000:function:f", FunctionName{"f", ""}},
        {"000000000000:function:f:7", FunctionName{"f", "7"}},
        {"arn:aws:lambda:us-east-1:000000000000:function:f", FunctionName{"f", ""}},
        {"arn:aws-cn:lambda:cn-north-1:000000000000:function:f:prod", FunctionName{"f", "prod"}},
        {"", std::nullopt},
        {"a b", std::nullopt},
        {"f:", std::nullopt},
        {"f:a:b", std::nullopt},
        {"arn:aws:lambda:us-east-1:000000000000:f", std::nullopt},
        {"arn:aws:lambda:us-east-1:000000000000:function:", std::nullopt},
        {"arn:aws:lambda:us-east-1:000000000000:function:f:a:b", std::nullopt},
        {"arn:aws:states:us-east-1:000000000000:function:f", std::nullopt},
        {std::string(65, 'f'), std::nullopt},
    };
    for (const auto& one : cases) EXPECT_EQ(parse_function_name(one.text), one.expected) << one.text;
    EXPECT_FALSE(parse_function_arn("f"));
}

TEST(FunctionsFile, ARuntimeHasAHandlerAndItsCode) {
    const auto read = parse_functions(
        R"({"functions": {"f": {"runtime": "python3.12", "handler": "app.main", "code": "/tmp", "memory_megabytes": 64}}})",
        "f.json");
    ASSERT_TRUE(read) << read.error();
    const auto& function = read->at(0);
    EXPECT_EQ(function.runtime, "python3.12");
    EXPECT_EQ(function.handler, "app.main");
    EXPECT_EQ(function.code_folder, "/tmp");
    EXPECT_EQ(function.memory_megabytes, 64U);
    EXPECT_TRUE(function.hot_reload);
    EXPECT_TRUE(function.command.empty());
}

TEST(FunctionsFile, AUrlNeedsNothingElse) {
    const auto read = parse_functions(R"({"functions": {"f": {"url": "http://127.0.0.1:9/score"}}})", "f.json");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->at(0).url, "http://127.0.0.1:9/score");
    EXPECT_FALSE(read->at(0).hot_reload);
}

}  // namespace
}  // namespace pawl::test
