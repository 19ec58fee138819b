// Calls that fail when they run, and texts that are refused before.
#include <gtest/gtest.h>

#include "states/data/expression.hpp"
#include "states/error_names.hpp"
#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

const char* const input = R"({"n":5,"t":"text","list":[1,2],"o":{"a":1}})";

AslError failure_of(const std::string& text) {
    TestScope given{input};
    const auto call = IntrinsicCall::compile(text);
    if (!call) return {"does not compile", call.error()};
    const auto value = call->evaluate(given.scope());
    return value ? AslError{"succeeds", to_text(*value)} : value.error();
}

TEST(IntrinsicFailure, HasItsOwnErrorName) {
    const char* const calls[] = {
        "States.Format('{}')",
        "States.Format('', 1)",
        "States.Format(1)",
        "States.Format($.n, 1)",
        "States.StringToJson('{')",
        "States.StringToJson('1 2')",
        "States.StringToJson($.n)",
        "States.JsonMerge($.o, $.list, false)",
        "States.JsonMerge($.n, $.o, false)",
        "States.JsonMerge($.o, $.o, true)",
        "States.JsonMerge($.o, $.o, 'false')",
        "States.ArrayPartition($.list, 0)",
        "States.ArrayPartition($.list, -1)",
        "States.ArrayPartition($.list, 'a')",
        "States.ArrayPartition($.n, 1)",
        "States.ArrayContains($.n, 1)",
        "States.ArrayRange(1, 10, 0)",
        "States.ArrayRange(1, 1001, 1)",
        "States.ArrayRange(-2147483648, 2147483647, 1)",
        "States.ArrayRange('a', 2, 1)",
        "States.ArrayGetItem($.list, 2)",
        "States.ArrayGetItem($.list, -1)",
        "States.ArrayGetItem($.list, 0.5)",
        "States.ArrayGetItem($.o, 0)",
        "States.ArrayLength($.t)",
        "States.ArrayUnique($.o)",
        "States.Base64Encode($.n)",
        "States.Base64Decode('A')",
        "States.Base64Decode('QQ=')",
        "States.Hash($.t, 'SHA-3')",
        "States.Hash($.t, 'md5')",
        "States.Hash($.n, 'MD5')",
        "States.MathAdd('1', 2)",
        "States.MathAdd(2147483647, 1)",
        "States.MathAdd(3000000000, 1)",
        "States.MathRandom(5, 5)",
        "States.MathRandom(5, 1)",
        "States.StringSplit($.n, ',')",
    };
    for (const auto* call : calls) EXPECT_EQ(failure_of(call).name, error::intrinsic_failure) << call;
}

TEST(IntrinsicFailure, NamesTheWholeCallAndTheReason) {
    EXPECT_EQ(failure_of("States.Array(States.ArrayGetItem($.list, 9))").cause,
              "The function 'States.Array(States.ArrayGetItem($.list, 9))' had the following error: "
              "Index 9 is out of bounds for an array of 2 items");
}

TEST(IntrinsicFailure, BoundsTextsOfEncodingsByCharacters) {
    for (const auto* function : {"States.Base64Encode($.s)", "States.Hash($.s, 'MD5')"}) {
        TestScope given;
        const auto call = *IntrinsicCall::compile(function);
        std::string text;
        for (int i = 0; i < 10'000; ++i) text += "ß";
        given.input = Json{{"s", text}};
        EXPECT_TRUE(call.evaluate(given.scope())) << function;
        given.input = Json{{"s", text + "ß"}};
        EXPECT_FALSE(call.evaluate(given.scope())) << function;
    }
}

struct MissingCase {
    std::string call;
    std::string path;
};
TEST(IntrinsicFailure, OfAPathThatSelectsNothingIsARuntimeErrorInTheWordsOfAws) {
    const MissingCase cases[] = {
        {"States.Format('{}', $.nope)", "$.nope"},       {"States.Format('{}',$.n.nope)", "$.n.nope"},
        {"States.Format('{} {}', $.n, $.a.b)", "$.a.b"}, {"States.Format('{}', States.Format('{}', $.nope))", "$.nope"},
        {"States.ArrayLength($.list[7])", "$.list[7]"},  {"States.Format('{}', $$.Nope.Deep)", "$.Nope.Deep"},
    };
    for (const auto& [call, path] : cases) {
        const auto failure = failure_of(call);
        EXPECT_EQ(failure.name, error::runtime) << call;
        EXPECT_EQ(failure.cause, "The function '" + call +
                                     "' had the following error: The JsonPath argument for the field '" + path +
                                     "' could not be found in the input '" + to_text(json(input)) + "'");
    }
}

TEST(IntrinsicFailure, OfAnIndexIntoNoArrayShowsWhatWasThere) {
    const auto failure = failure_of("States.Format('{}', $.n[0])");
    EXPECT_EQ(failure.name, error::runtime);
    EXPECT_EQ(failure.cause,
              "The function 'States.Format('{}', $.n[0])' had the following error: "
              "Filter: [0] can only be applied to arrays. Current context is: 5");
}

TEST(IntrinsicSyntax, RefusesWhatIsNoCall) {
    const char* const texts[] = {
        "",
        "States.",
        "States.Format",
        "States.Format(",
        "States.Format)",
        "States.Format()",
        "States.Nope(1)",
        "states.Format('a')",
        "States.format('a')",
        "Format('a')",
        "States.Format('a'",
        "States.Format('a') x",
        "States.Format('a',)",
        "States.Format(, 'a')",
        "States.Format('a' 'b')",
        "States.Format(\"a\")",
        "States.Format('a",
        R"(States.Format('a\'))",
        R"(States.Format('\"'))",
        R"(States.Format('\n'))",
        R"(States.Format('He said, \"Hello, {}!\"', 'x'))",
        "States.Array(a)",
        "States.Array(1 2)",
        "States.Array([1])",
        "States.Array({})",
        "States.Array(01)",
        "States.Array(1.)",
        "States.Array(True)",
        "States.Array($.)",
        "States.Array($.a[)",
        "States.Array($.a b)",
        "States.Array(States.Format)",
        "States.Array(()",
        "States.UUID(1)",
        "States.ArrayLength()",
        "States.ArrayLength(1, 2)",
        "States.ArrayRange(1, 2)",
        "States.JsonMerge($.a, $.b)",
        "States.MathRandom(1)",
        "States.MathRandom(1, 2, 3, 4)",
        "States.MathAdd(1)",
        "States.Hash('a')",
        "States.StringSplit('a')",
        "States.StringToJson()",
        "States.JsonToString($.a, $.b)",
    };
    for (const auto* text : texts) EXPECT_FALSE(IntrinsicCall::compile(text)) << text;
}

TEST(IntrinsicSyntax, SaysWhatIsWrong) {
    EXPECT_EQ(IntrinsicCall::compile("States.MathAdd(1)").error(),
              "States.MathAdd takes 2 arguments, not 1 at position 17");
    EXPECT_EQ(IntrinsicCall::compile("States.Nope()").error(),
              "there is no intrinsic function 'States.Nope' at position 11");
}

std::string nested(int calls) {
    std::string text = "1";
    for (int i = 0; i < calls; ++i) text = "States.Array(" + text + ")";
    return text;
}
TEST(IntrinsicSyntax, AllowsTenNestedCalls) {
    EXPECT_TRUE(IntrinsicCall::compile(nested(10)));
    EXPECT_FALSE(IntrinsicCall::compile(nested(11)));
    EXPECT_FALSE(IntrinsicCall::compile(nested(10'000)));
}

TEST(IntrinsicLimits, RefusesToMakeTooMuch) {
    TestScope given;
    given.input = std::string(250'000, 'x');
    std::string placeholders;
    for (int i = 0; i < 1'000; ++i) placeholders += "{}";
    for (auto call : {std::string{"States.Array("}, "States.Format('" + placeholders + "',"}) {
        for (int i = 0; i < 1'000; ++i) call += i == 0 ? "$" : ",$";
        const auto compiled = IntrinsicCall::compile(call + ")");
        ASSERT_TRUE(compiled) << compiled.error();
        const auto value = compiled->evaluate(given.scope());
        ASSERT_FALSE(value);
        EXPECT_EQ(value.error().name, error::intrinsic_failure);
    }
}

}  // namespace
}  // namespace pawl::data
