// Paths that give nothing, texts that are no paths, and paths that ask for too much.
#include <gtest/gtest.h>

#include "states/data/json_path.hpp"
#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

using Kind = PathError::Kind;

struct ErrorCase {
    std::string name;
    std::string path;
    std::string input;
    Kind kind;
    std::string message;
};

class JsonPathError : public testing::TestWithParam<ErrorCase> {};

TEST_P(JsonPathError, SaysWhy) {
    const auto& test = GetParam();
    TestScope given{test.input};
    const auto path = JsonPath::compile(test.path);
    ASSERT_TRUE(path) << path.error();
    const auto selected = path->select(given.scope());
    ASSERT_FALSE(selected);
    EXPECT_EQ(selected.error().message, test.message);
    EXPECT_EQ(selected.error().kind, test.kind);
}

INSTANTIATE_TEST_SUITE_P(
    Jayway, JsonPathError,
    testing::Values(
        ErrorCase{"MissingLeaf", "$.x", "{}", Kind::missing, "No results for path: $['x']"},
        ErrorCase{"MissingLeafBelow", "$.a.x", R"({"a":{}})", Kind::missing, "No results for path: $['a']['x']"},
        ErrorCase{"MissingOnTheWay", "$.no.such.path", "{}", Kind::missing, "Missing property in path $['no']"},
        ErrorCase{"MissingFurtherOn", "$.a.no.x", R"({"a":{}})", Kind::missing,
                  "Missing property in path $['a']['no']"},
        ErrorCase{"PastTheEnd", "$.a[5]", R"({"a":[1]})", Kind::past_end, "No results for path: $['a'][5]"},
        ErrorCase{"BeforeTheStart", "$.a[-2]", R"({"a":[1]})", Kind::past_end, "No results for path: $['a'][-2]"},
        ErrorCase{"PastTheEndOnTheWay", "$.a[5].x", R"({"a":[1]})", Kind::missing,
                  "No results for path: $['a'][5]['x']"},
        ErrorCase{"NameOfAText", "$.a.b", R"({"a":"x"})", Kind::missing, "Property ['b'] not found in path $['a']"},
        ErrorCase{"NameOfAnArray", "$.a.b", R"({"a":[]})", Kind::missing, "Property ['b'] not found in path $['a']"},
        ErrorCase{"NameOfAScalarInput", "$.a", "3", Kind::missing, "Property ['a'] not found in path $"},
        ErrorCase{"IndexOfNull", "$.a[0]", R"({"a":null})", Kind::missing, "The path $['a'] is null"},
        ErrorCase{"IndexOfANumber", "$.a[0]", R"({"a":1})", Kind::inapplicable,
                  "Filter: [0] can only be applied to arrays. Current context is: 1"},
        ErrorCase{"IndexOfAnObject", "$.a[0].b", R"({"a":{"k":"v","l":[1]}})", Kind::inapplicable,
                  "Filter: [0]['b'] can only be applied to arrays. Current context is: {k=v, l=[1]}"},
        ErrorCase{"SliceOfAText", "$.a[1:]", R"({"a":"x"})", Kind::inapplicable,
                  "Filter: [1:] can only be applied to arrays. Current context is: x"},
        ErrorCase{"FilterOfANumber", "$.a[?(@.b)]", R"({"a":1})", Kind::inapplicable,
                  "Filter: [?] can not be applied to primitives. Current context is: 1"},
        ErrorCase{"NamesOnTheWay", "$['a', 'b'].v", R"({"a":1})", Kind::inapplicable,
                  "Multi properties can only be used as path leafs: $['a', 'b']"},
        ErrorCase{"ContextName", "$$.Nope", "{}", Kind::missing, "No results for path: $['Nope']"},
        ErrorCase{"UnknownVariable", "$nope", "{}", Kind::missing, "No results for path: $nope"},
        ErrorCase{"SumOfNothing", "$.sum()", "[]", Kind::inapplicable,
                  "Aggregation function attempted to calculate value using empty array"},
        ErrorCase{"FirstOfNothing", "$.first()", "[]", Kind::inapplicable,
                  "Aggregation function attempted to calculate value using empty array"},
        ErrorCase{"IndexFunctionPastTheEnd", "$.index(2)", "[1]", Kind::inapplicable,
                  "Target index:2 larger than object count:1"}),
    [](const auto& test) { return test.param.name; });

TEST(JsonPathSyntax, RefusesWhatIsNoPath) {
    const char* const texts[] = {
        "",
        "a",
        "@.a",
        " $.a",
        "$.",
        "$..",
        "$.a.",
        "$.a..",
        "$...a",
        "$a b",
        "$.a b",
        "$[",
        "$[]",
        "$['a",
        "$['a'",
        "$['a]",
        "$['a',]",
        "$['a' 'b']",
        "$[a]",
        "$[0",
        "$[0 1]",
        "$[1,]",
        "$[:]",
        "$[::2]",
        "$[1:2:3:4]",
        "$[*",
        "$[**]",
        "$.a]",
        "$.a)",
        "$.a(",
        "$.a'b'",
        "$.nope()",
        "$.length(",
        "$.sum(1",
        "$.sum({)",
        "$.index(nope)",
        "$[?]",
        "$[?()]",
        "$[?(@.a]",
        "$[?(@.a)",
        "$[?(@.a ==)]",
        "$[?(@.a = 1)]",
        "$[?(@.a == 'x)]",
        "$[?(@.a foo 1)]",
        "$[?(1)]",
        "$[?(@.a && )]",
        "$[?(@.a =~ /x)]",
        "$[?(@.a =~ /(/)]",
        "$[?(@.a =~ /x/q)]",
        "$[?(@.a in [1)]",
        "$[?(@.a == {)]",
        "$[(@.length)]",
        "$[(@.length-0)]",
        "$[(@.other-1)]",
        "$$a",
        "$$$",
        "$0",
        "$[99999999999999999999]",
        "$.a\\b",
        "$.a,b",
        "$[?(@.a)",
        "$[? @.a]",
    };
    for (const auto* text : texts) EXPECT_FALSE(JsonPath::compile(text)) << text;
}

TEST(JsonPathSyntax, SaysWhereItStopped) {
    EXPECT_EQ(JsonPath::compile("$.a.").error(), "a path must not end with a '.' at position 4");
    EXPECT_EQ(JsonPath::compile("$.a[x]").error(),
              "'[' must be followed by a quoted name, a number, '*' or '?(' at position 4");
}

TEST(JsonPathSyntax, BoundsLengthStepsAndNesting) {
    std::string names = "$";
    for (int i = 0; i < 200; ++i) names += ".a";
    EXPECT_TRUE(JsonPath::compile(names));
    EXPECT_FALSE(JsonPath::compile(names + ".a"));
    EXPECT_FALSE(JsonPath::compile("$." + std::string(20'000, 'a')));
    EXPECT_FALSE(JsonPath::compile("$[?(" + std::string(4'000, '(') + "@.a" + std::string(4'000, ')') + ")]"));
    EXPECT_FALSE(JsonPath::compile("$[?(" + std::string(9'000, '!') + "@.a)]"));
    EXPECT_FALSE(JsonPath::compile("$[?(@.a in " + std::string(4'000, '[') + std::string(4'000, ']') + ")]"));
    std::string filters = "@.a";
    for (int i = 0; i < 30; ++i) filters = "@[?(" + filters + ")]";
    EXPECT_FALSE(JsonPath::compile("$[?(" + filters + ")]"));
    std::string calls = "$";
    for (int i = 0; i < 500; ++i) calls = "$.length(" + calls + ")";
    EXPECT_FALSE(JsonPath::compile(calls));
    EXPECT_TRUE(JsonPath::compile("$" + std::string(80, 'v')));
    EXPECT_FALSE(JsonPath::compile("$" + std::string(81, 'v')));
}

TEST(JsonPathLimits, RefusesASearchThatExplodes) {
    TestScope given;
    for (int i = 0; i < 200; ++i) given.input = Json{{"a", std::move(given.input)}};
    for (const auto* text : {"$..*..*..*..*..*", "$..[?(@..[?(@..*)])]"}) {
        const auto selected = JsonPath::compile(text)->select(given.scope());
        ASSERT_FALSE(selected) << text;
        EXPECT_EQ(selected.error().kind, Kind::inapplicable);
    }
}

TEST(JsonPathLimits, RefusesToCopyTooMuch) {
    Json nested = std::string(1'000'000, 'x');
    for (int i = 0; i < 200; ++i) nested = Json{{"a", std::move(nested)}};
    TestScope given;
    given.input = std::move(nested);
    EXPECT_FALSE(JsonPath::compile("$..a")->select(given.scope()));
    EXPECT_TRUE(JsonPath::compile("$.a")->select(given.scope()));
}

}  // namespace
}  // namespace pawl::data
