// Parameters, ResultSelector, ItemSelector, Assign.
#include "states/data/payload_template.hpp"

#include <gtest/gtest.h>

#include "states/error_names.hpp"
#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

struct TemplateCase {
    std::string name;
    std::string source;
    std::string expected;
};

class PayloadTemplateGives : public testing::TestWithParam<TemplateCase> {};

TEST_P(PayloadTemplateGives, TheExpected) {
    TestScope given{R"({"a":1,"list":[{"k":1},{"k":2}],"nul":null})"};
    const auto source = json(GetParam().source);
    const auto compiled = PayloadTemplate::compile(source);
    ASSERT_TRUE(compiled) << compiled.error().front().message;
    EXPECT_EQ(compiled->source(), source);
    const auto value = compiled->evaluate(given.scope());
    ASSERT_TRUE(value) << *value.error().cause;
    EXPECT_EQ(to_text(*value), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Spec, PayloadTemplateGives,
    testing::Values(
        TemplateCase{"Constants", R"({"x":1,"y":{"z":[true]}})", R"({"x":1,"y":{"z":[true]}})"},
        TemplateCase{"Path", R"({"x.$":"$.a"})", R"({"x":1})"},
        TemplateCase{"Intrinsic", R"j({"x.$":"States.Format('{}', $.a)"})j", R"({"x":"1"})"},
        TemplateCase{"Context", R"({"x.$":"$$.State.Name"})", R"({"x":"S"})"},
        TemplateCase{"Variable", R"({"x.$":"$order.id"})", R"({"x":7})"},
        TemplateCase{"Null", R"({"x.$":"$.nul"})", R"({"x":null})"},
        TemplateCase{"SeveralMatches", R"({"x.$":"$.list[*].k"})", R"({"x":[1,2]})"},
        TemplateCase{"NoMatchOfManyIsEmpty", R"({"x.$":"$.nope[*]"})", R"({"x":[]})"},
        TemplateCase{"NestedObjects", R"({"o":{"p":{"x.$":"$.a"}}})", R"({"o":{"p":{"x":1}}})"},
        TemplateCase{"ObjectsInArrays", R"({"l":[{"x.$":"$.a"},[{"y.$":"$.a"}],"$.a"]})",
                     R"({"l":[{"x":1},[{"y":1}],"$.a"]})"},
        TemplateCase{"KeysKeepTheirOrder", R"({"z":0,"m.$":"$.a","a":{"q.$":"$.a"}})", R"({"z":0,"m":1,"a":{"q":1}})"},
        TemplateCase{"PathsElsewhereAreTexts", R"({"x":"$.a","y.$":"$.a"})", R"({"x":"$.a","y":1})"},
        TemplateCase{"DotDollarAloneIsTheEmptyName", R"({".$":"$.a"})", R"({"":1})"},
        TemplateCase{"OnlyTheEndOfAKeyCounts", R"({"a.$.b":"$.a"})", R"({"a.$.b":"$.a"})"},
        TemplateCase{"ScalarTemplate", "5", "5"}, TemplateCase{"ArrayTemplate", R"([{"x.$":"$.a"}])", R"([{"x":1}])"},
        TemplateCase{"WholeInput", R"({"x.$":"$"})", R"({"x":{"a":1,"list":[{"k":1},{"k":2}],"nul":null}})"}),
    [](const auto& test) { return test.param.name; });

TEST(PayloadTemplate, ReportsAllProblemsWithTheirPlaces) {
    const auto compiled = PayloadTemplate::compile(json(
        R"j({"a.$":5,"b":{"c.$":"nope"},"d":[1,{"e~/f":{"g.$":"$.["}}],"h":1,"h.$":"$.x","i.$":"States.UUID(1)"})j"));
    ASSERT_FALSE(compiled);
    const auto& problems = compiled.error();
    ASSERT_EQ(problems.size(), 5u);
    EXPECT_EQ(problems[0].pointer, "");
    EXPECT_EQ(problems[0].key, "a.$");
    EXPECT_EQ(problems[0].message, "the value must be a string");
    EXPECT_EQ(problems[1].pointer, "/b");
    EXPECT_EQ(problems[1].key, "c.$");
    EXPECT_EQ(problems[2].pointer, "/d/1/e~0~1f");
    EXPECT_EQ(problems[3].key, "h.$");
    EXPECT_TRUE(problems[3].duplicate);
    EXPECT_EQ(problems[4].key, "i.$");
    EXPECT_FALSE(problems[4].duplicate);
}

TEST(PayloadTemplate, FailsWithTheFieldThatFailed) {
    TestScope given{R"({"int":0})"};
    const auto value = PayloadTemplate::compile(json(R"({"o":[{"value.$":"$.no"}]})"))->evaluate(given.scope());
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error(), (AslError{"States.Runtime",
                                       "The JSONPath '$.no' specified for the field 'value.$' could not "
                                       R"(be found in the input '{"int":0}')"}));
}

TEST(PayloadTemplate, NamesAllPaths) {
    const auto compiled = PayloadTemplate::compile(json(R"j({"a.$":"$x","b":[{"c.$":"States.Array($y, $z)"}]})j"));
    const auto paths = compiled->paths();
    ASSERT_EQ(paths.size(), 3u);
    EXPECT_EQ(paths[2].variable(), "z");
}

TEST(PayloadTemplate, RefusesToMakeTooMuch) {
    TestScope given;
    given.input = std::string(250'000, 'x');
    Json source = Json::object();
    for (int i = 0; i < 1'000; ++i) source["k" + std::to_string(i) + ".$"] = "$";
    const auto value = PayloadTemplate::compile(source)->evaluate(given.scope());
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().name, error::data_limit_exceeded);
}

TEST(PayloadTemplate, SharesItsWorkAmongItsExpressions) {
    TestScope given;
    given.input = Json::array();
    for (int i = 0; i < 10'000; ++i) given.input.push_back(i);
    Json source = Json::object();
    for (int i = 0; i < 5'000; ++i) source["k" + std::to_string(i) + ".$"] = "States.ArrayLength($..x)";
    EXPECT_FALSE(PayloadTemplate::compile(source)->evaluate(given.scope()));
}

TEST(PayloadTemplate, PointsToItsProblems) {
    const auto compiled = PayloadTemplate::compile(json(R"j({"a/b": [{}, {"~": {"x.$": 1}}], "ok": {"deep": [1, 2]}})j"));
    ASSERT_FALSE(compiled);
    ASSERT_EQ(compiled.error().size(), 1u);
    EXPECT_EQ(compiled.error()[0].pointer, "/a~1b/1/~0");
    EXPECT_EQ(compiled.error()[0].key, "x.$");
}

TEST(PayloadTemplate, BoundsWhatItSaysAboutAHostileText) {
    // Ten thousand problems behind a key of 300 KB: their pointers would take 3 GB.
    Json problems = Json::array();
    for (int i = 0; i < 10'000; ++i) problems.push_back({{"x.$", 1}});
    Json source = Json::object();
    source[std::string(300'000, 'k')] = problems;
    const auto compiled = PayloadTemplate::compile(source);
    ASSERT_FALSE(compiled);
    EXPECT_LT(compiled.error().size(), 10u);
    const auto flat = PayloadTemplate::compile(problems);
    ASSERT_FALSE(flat);
    EXPECT_EQ(flat.error().size(), 1'000u);
}

TEST(PayloadTemplate, RefusesToNestDeeperThanJsonMayBe) {
    TestScope given;
    for (std::size_t i = 0; i + 1 < max_json_depth; ++i) given.input = Json::array({std::move(given.input)});
    EXPECT_TRUE(PayloadTemplate::compile(json(R"({"a.$":"$[0]"})"))->evaluate(given.scope()));
    EXPECT_FALSE(PayloadTemplate::compile(json(R"([{"a.$":"$"}])"))->evaluate(given.scope()));
}

}  // namespace
}  // namespace pawl::data
