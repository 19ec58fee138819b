// Filters, `[?(…)]`: which items of an array they keep.
#include <gtest/gtest.h>

#include "states/data/json_path.hpp"
#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

struct FilterCase {
    std::string name;
    std::string condition;
    std::string items;
    std::string kept;
};

class JsonPathFilter : public testing::TestWithParam<FilterCase> {};

TEST_P(JsonPathFilter, Keeps) {
    const auto& test = GetParam();
    TestScope given{R"({"limit":10,"names":["x","y"],"items":)" + test.items + "}"};
    const auto path = JsonPath::compile("$.items[?(" + test.condition + ")]");
    ASSERT_TRUE(path) << path.error();
    const auto selected = path->select(given.scope());
    ASSERT_TRUE(selected) << selected.error().message;
    EXPECT_EQ(to_text(**selected), to_text(json(test.kept)));
}

const std::string priced = R"([{"p":8,"n":"x"},{"p":12,"n":"y"},{"n":"z"},{"p":null}])";
const auto named = [](const auto& test) { return test.param.name; };

INSTANTIATE_TEST_SUITE_P(
    Comparisons, JsonPathFilter,
    testing::Values(
        FilterCase{"Equal", "@.p == 8", priced, R"([{"p":8,"n":"x"}])"},
        FilterCase{"EqualText", "@.n == 'y'", priced, R"([{"p":12,"n":"y"}])"},
        FilterCase{"EqualDoubleQuotedText", "@.n == \"y\"", priced, R"([{"p":12,"n":"y"}])"},
        FilterCase{"NotEqualHoldsForMissing", "@.p != 8", priced, R"([{"p":12,"n":"y"},{"n":"z"},{"p":null}])"},
        FilterCase{"Less", "@.p < 10", priced, R"([{"p":8,"n":"x"}])"},
        FilterCase{"LessEqual", "@.p <= 8", priced, R"([{"p":8,"n":"x"}])"},
        FilterCase{"Greater", "@.p > 8", priced, R"([{"p":12,"n":"y"}])"},
        FilterCase{"GreaterEqual", "@.p >= 12.0", priced, R"([{"p":12,"n":"y"}])"},
        FilterCase{"NoBlanks", "@.p>8", priced, R"([{"p":12,"n":"y"}])"},
        FilterCase{"ValueOnTheLeft", "10 > @.p", priced, R"([{"p":8,"n":"x"}])"},
        FilterCase{"Null", "@.p == null", priced, R"([{"p":null}])"},
        FilterCase{"TheItemItself", "@ > 1", "[1,2,3]", "[2,3]"},
        FilterCase{"IndexOfTheItem", "@[0] == 1", "[[1],[2],[]]", "[[1]]"},
        FilterCase{"BracketName", "@['p'] == 8", priced, R"([{"p":8,"n":"x"}])"},
        FilterCase{"RootOfTheDocument", "@.p < $.limit", priced, R"([{"p":8,"n":"x"}])"},
        FilterCase{"Booleans", "@.a == true", R"([{"a":true},{"a":"true"},{"a":1}])", R"([{"a":true}])"},
        FilterCase{"ATextEqualsTheNumberItSpells", "@ == '5'", R"([5,"5",5.5])", R"([5,"5"])"},
        FilterCase{"TypeSafeEqualDoesNot", "@ === '5'", R"([5,"5"])", R"(["5"])"},
        FilterCase{"TypeSafeNotEqual", "@ !== '5'", R"([5,"5"])", "[5]"},
        FilterCase{"TextsInOrder", "@ < 'b'", R"(["a","b","c"])", R"(["a"])"},
        FilterCase{"WrongTypesAreNotOrdered", "@ < 5", R"([true,null,[1],{},4])", "[4]"},
        FilterCase{"LargeIntegersAreExact", "@ == 9007199254740993", "[9007199254740992,9007199254740993]",
                   "[9007199254740993]"},
        FilterCase{"IntegersBeyond63BitsAreOrdered", "@ > 5", "[18446744073709551615,-1,4]", "[18446744073709551615]"},
        FilterCase{"ArraysAreEqualDeeply", "@ == [1,'a',[2]]", R"([[1,"a",[2]],[1,"a",2]])", R"([[1,"a",[2]]])"},
        FilterCase{"ObjectsAreEqualDeeply", R"(@ == {"a":{"b":1}})", R"([{"a":{"b":1}},{"a":1}])",
                   R"([{"a":{"b":1}}])"},
        FilterCase{"EscapedQuote", R"(@ == 'it\'s')", R"(["it's","its"])", R"(["it's"])"},
        FilterCase{"ParenthesisInAText", "@ == ')'", "[\")\",\"(\"]", "[\")\"]"},
        FilterCase{"FunctionOfThePath", "@.length() > 1", "[[1],[1,2]]", "[[1,2]]"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Logic, JsonPathFilter,
    testing::Values(FilterCase{"Exists", "@.p", priced, R"([{"p":8,"n":"x"},{"p":12,"n":"y"},{"p":null}])"},
                    FilterCase{"DoesNotExist", "!@.p", priced, R"([{"n":"z"}])"},
                    FilterCase{"And", "@.p && @.n == 'x'", priced, R"([{"p":8,"n":"x"}])"},
                    FilterCase{"Or", "@.n == 'x' || @.n == 'z'", priced, R"([{"p":8,"n":"x"},{"n":"z"}])"},
                    FilterCase{"AndBindsTighter", "@ == 1 || @ > 2 && @ < 4", "[1,2,3,4]", "[1,3]"},
                    FilterCase{"Parentheses", "(@ == 1 || @ > 2) && @ < 4", "[1,2,3,4]", "[1,3]"},
                    FilterCase{"ParenthesesFirst", "(@ == 4 || @ > 2) && @ > 3", "[1,2,3,4]", "[4]"},
                    FilterCase{"NotOfParentheses", "!(@ > 2)", "[1,2,3]", "[1,2]"},
                    FilterCase{"NotNot", "!(!(@ > 2))", "[1,2,3]", "[3]"},
                    FilterCase{"ManyFindNothing", "@.a[*]", R"([{"a":[]},{"a":[1]},{}])", R"([{"a":[1]}])"},
                    FilterCase{"FilterInAFilter", "@.a[?(@ > 1)]", R"([{"a":[1]},{"a":[1,2]}])", R"([{"a":[1,2]}])"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Lists, JsonPathFilter,
    testing::Values(FilterCase{"In", "@ in ['a', 'b']", R"(["a","c"])", R"(["a"])"},
                    FilterCase{"InAPath", "@ in $.names", R"(["x","z"])", R"(["x"])"},
                    FilterCase{"WordsInAnyCase", "@ IN [1]", "[1,2]", "[1]"},
                    FilterCase{"NotIn", "@ nin [1]", "[1,2]", "[2]"},
                    FilterCase{"SubsetOf", "@ subsetof [1,2,3]", "[[1,2],[1,4],[],5]", "[[1,2],[]]"},
                    FilterCase{"AnyOf", "@ anyof [1,2]", "[[1,9],[8]]", "[[1,9]]"},
                    FilterCase{"NoneOf", "@ noneof [1,2]", "[[1,9],[8]]", "[[8]]"},
                    FilterCase{"All", "@ all [1,2]", "[[2,1,3],[1]]", "[[2,1,3]]"},
                    FilterCase{"ContainsItem", "@ contains 1", "[[1],[2]]", "[[1]]"},
                    FilterCase{"ContainsText", "@ contains 'ell'", R"(["hello","world"])", R"(["hello"])"},
                    FilterCase{"SizeOfArrays", "@ size 2", R"([[1,2],[1],"ab","abc"])", R"([[1,2],"ab"])"},
                    FilterCase{"SizeOfATextCountsCharacters", "@ size 2", R"(["äö","ä"])", R"(["äö"])"},
                    FilterCase{"Empty", "@ empty true", R"([[],[1],"","a",{},5])", R"([[],"",{}])"},
                    FilterCase{"NotEmpty", "@ empty false", R"([[],[1],"","a",{},5])", R"([[1],"a"])"}),
    named);

INSTANTIATE_TEST_SUITE_P(RegularExpressions, JsonPathFilter,
                         testing::Values(FilterCase{"MatchesTheWhole", "@ =~ /a.c/", R"(["abc","abcd"])", R"(["abc"])"},
                                         FilterCase{"IgnoresCase", "@ =~ /ABC/i", R"(["abc"])", R"(["abc"])"},
                                         FilterCase{"EscapedSlash", R"(@ =~ /a\/b/)", R"(["a/b","ab"])", R"(["a/b"])"},
                                         FilterCase{"EscapedClass", R"(@ =~ /\d+/)", R"(["12","x"])", R"(["12"])"},
                                         FilterCase{"OnTheLeft", "/x+/ =~ @", R"(["xx","y"])", R"(["xx"])"},
                                         FilterCase{"OfNumbers", "@ =~ /1\\d/", "[12,21]", "[12]"},
                                         FilterCase{"AnyItemOfAnArray", "@ =~ /b/", R"([["a","b"],["c"]])",
                                                    R"([["a","b"]])"},
                                         FilterCase{"OneThatExplodesIsNoMatch", "@ =~ /(a+)+$/",
                                                    R"(["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"])", "[]"}),
                         named);

TEST(JsonPathFilter, OfAnObjectKeepsTheObjectItself) {
    TestScope given{R"({"o":{"a":1}})"};
    EXPECT_EQ(**JsonPath::compile("$.o[?(@.a == 1)]")->select(given.scope()), json(R"([{"a":1}])"));
    EXPECT_EQ(**JsonPath::compile("$.o[?(@.a == 2)]")->select(given.scope()), json("[]"));
}

TEST(JsonPathFilter, FindsObjectsAtAnyDepth) {
    TestScope given{R"({"a":[{"id":1,"b":{"id":2}},{"id":3}]})"};
    EXPECT_EQ(**JsonPath::compile("$..[?(@.id > 1)].id")->select(given.scope()), json("[2,3]"));
}

}  // namespace
}  // namespace pawl::data
