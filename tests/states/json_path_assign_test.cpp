// Writing where a reference path points, as ResultPath does.
#include <gtest/gtest.h>

#include "states/data/json_path.hpp"
#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

struct AssignCase {
    std::string name;
    std::string path;
    std::string into;
    std::string expected;  // with 9 put there
};

class JsonPathAssign : public testing::TestWithParam<AssignCase> {};

TEST_P(JsonPathAssign, Gives) {
    const auto& test = GetParam();
    const auto path = JsonPath::compile(test.path);
    ASSERT_TRUE(path) << path.error();
    const auto result = path->assign(json(test.into), 9);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(to_text(*result), test.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Spec, JsonPathAssign,
    testing::Values(AssignCase{"RootReplacesAll", "$", R"({"a":1})", "9"}, AssignCase{"RootOfAScalar", "$", "1", "9"},
                    AssignCase{"NewMemberComesLast", "$.r", R"({"z":1,"a":2})", R"({"z":1,"a":2,"r":9})"},
                    AssignCase{"OldMemberKeepsItsPlace", "$.z", R"({"z":1,"a":2})", R"({"z":9,"a":2})"},
                    AssignCase{"ParentsAreMade", "$.a.b.c", "{}", R"({"a":{"b":{"c":9}}})"},
                    AssignCase{"SiblingsStay", "$.a.b", R"({"a":{"x":1}})", R"({"a":{"x":1,"b":9}})"},
                    AssignCase{"ArrayItem", "$.a[1]", R"({"a":[1,2,3]})", R"({"a":[1,9,3]})"},
                    AssignCase{"BelowAnArrayItem", "$.a[0].b", R"({"a":[{}]})", R"({"a":[{"b":9}]})"},
                    AssignCase{"ArrayAtTheRoot", "$[0]", "[1]", "[9]"},
                    AssignCase{"BracketName", "$['a b']", "{}", R"({"a b":9})"}),
    [](const auto& test) { return test.param.name; });

TEST(JsonPathAssign, FailsWhereThereIsNoWay) {
    const std::pair<const char*, const char*> cases[] = {
        {"$.a", "3"},
        {"$.a", "[]"},
        {"$.a.b", R"({"a":1})"},
        {"$.a.b", R"({"a":null})"},
        {"$[0]", "{}"},
        {"$.a[1]", R"({"a":[1]})"},
        {"$.a[0]", "{}"},
        {"$.a[0]", R"({"a":{}})"},
    };
    for (const auto& [text, into] : cases) EXPECT_FALSE(JsonPath::compile(text)->assign(json(into), 9)) << text << into;
    EXPECT_EQ(JsonPath::compile("$.a.b")->assign(json(R"({"a":"x"})"), 9).error().message,
              R"(Unable to apply step "b" to input "x")");
}

TEST(JsonPathAssign, NeedsAReferencePath) {
    for (const auto* text : {"$.a[*]", "$..a", "$$.a", "$v.a", "$.a[-1]", "$['a','b']", "$.a.length()"}) {
        EXPECT_FALSE(JsonPath::compile(text)->assign(json(R"({"a":[1]})"), 9)) << text;
    }
}

TEST(JsonPathAssign, RefusesToNestDeeperThanJsonMayBe) {
    Json deep = 1;
    for (std::size_t i = 0; i < max_json_depth; ++i) deep = Json::array({std::move(deep)});
    EXPECT_TRUE(JsonPath::compile("$")->assign(Json::object(), deep));
    EXPECT_FALSE(JsonPath::compile("$.a")->assign(Json::object(), deep));
}

}  // namespace
}  // namespace pawl::data
