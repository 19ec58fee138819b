// What may stand behind a key that ends in `.$`.
#include "states/data/expression.hpp"

#include <gtest/gtest.h>

#include "states/error_names.hpp"
#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

TEST(Expression, IsAPathOrACall) {
    EXPECT_NE(Expression::compile("$.a")->path(), nullptr);
    EXPECT_EQ(Expression::compile("States.UUID()")->path(), nullptr);
    EXPECT_EQ(Expression::compile("$.a")->text(), "$.a");
    EXPECT_EQ(Expression::compile("States.UUID()")->text(), "States.UUID()");
    for (const auto* text : {"", "a", "a.b", " $.a", "$.a[", "States.Nope()", "'text'", "1", "{% $x %}"}) {
        EXPECT_FALSE(Expression::compile(text)) << text;
    }
}

TEST(Expression, BorrowsWhatAPathSelects) {
    TestScope given{R"({"a":[1]})"};
    const auto value = Expression::compile("$.a")->evaluate(given.scope(), "v.$");
    EXPECT_EQ(&**value, &given.input["a"]);
}

TEST(Expression, GivesWhatACallMakes) {
    TestScope given{R"({"a":[1]})"};
    EXPECT_EQ(**Expression::compile("States.ArrayLength($.a)")->evaluate(given.scope(), "v.$"), 1);
}

TEST(Expression, SaysInTheWordsOfAwsWhatCouldNotBeFound) {
    TestScope given{R"({"n":1.0,"t":"é"})"};
    const auto missing = Expression::compile("$.x.y")->evaluate(given.scope(), "value.$");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().name, error::runtime);
    EXPECT_EQ(missing.error().cause,
              "The JSONPath '$.x.y' specified for the field 'value.$' could not be found in the input "
              R"('{"n":1.0,"t":"é"}')");
}

TEST(Expression, ShowsTheContextObjectForPathsIntoIt) {
    TestScope given;
    const auto missing = Expression::compile("$$.State.Nope")->evaluate(given.scope(), "CausePath");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().cause,
              "The JSONPath '$$.State.Nope' specified for the field 'CausePath' could not be found in the input '" +
                  to_text(given.context) + "'");
}

TEST(Expression, GivesNullForAnIndexPastTheEndAsAwsDoes) {
    TestScope given{R"({"a":[1]})"};
    const auto value = Expression::compile("$.a[5]")->evaluate(given.scope(), "v.$");
    ASSERT_TRUE(value);
    EXPECT_TRUE((*value)->is_null());
    EXPECT_FALSE(Expression::compile("$.a[5].b")->evaluate(given.scope(), "v.$"));
}

TEST(Expression, ShowsWhatAnIndexWasAppliedTo) {
    TestScope given{R"({"a":"x"})"};
    const auto value = Expression::compile("$.a[0]")->evaluate(given.scope(), "v.$");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error(),
              (AslError{"States.Runtime", "Filter: [0] can only be applied to arrays. Current context is: x"}));
}

TEST(Expression, PassesOnTheFailureOfACall) {
    TestScope given;
    const auto value = Expression::compile("States.StringToJson('[')")->evaluate(given.scope(), "v.$");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().name, error::intrinsic_failure);
    EXPECT_NE(value.error().cause.value_or("").find(
                  "not valid JSON: Unexpected end-of-input: expected close marker for Array"),
              std::string::npos)
        << *value.error().cause;
}

TEST(Expression, NamesItsPaths) {
    EXPECT_EQ(Expression::compile("$v.a")->paths().at(0).variable(), "v");
    EXPECT_EQ(Expression::compile("States.Array($v, $w)")->paths().at(1).variable(), "w");
    EXPECT_TRUE(Expression::compile("States.UUID()")->paths().empty());
}

}  // namespace
}  // namespace pawl::data
