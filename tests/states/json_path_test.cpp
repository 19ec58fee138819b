// What paths select. Documents are small, so that a table shows the whole behaviour.
#include "states/data/json_path.hpp"

#include <gtest/gtest.h>

#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

struct PathCase {
    std::string name;
    std::string path;
    std::string input;
    std::string expected;
};

class JsonPathSelect : public testing::TestWithParam<PathCase> {};

TEST_P(JsonPathSelect, Gives) {
    const auto& test = GetParam();
    TestScope given{test.input};
    const auto path = JsonPath::compile(test.path);
    ASSERT_TRUE(path) << path.error();
    const auto selected = path->select(given.scope());
    ASSERT_TRUE(selected) << selected.error().message;
    EXPECT_EQ(to_text(**selected), to_text(json(test.expected)));
}

const auto named = [](const auto& test) { return test.param.name; };

const std::string book = R"({"store":{"books":[{"t":"A","p":8},{"t":"B","p":12},{"t":"C","p":9}],"bike":{"p":20}}})";
const std::string letters = R"(["a","b","c","d","e"])";

INSTANTIATE_TEST_SUITE_P(
    Names, JsonPathSelect,
    testing::Values(PathCase{"RootIsTheInput", "$", R"({"a":1})", R"({"a":1})"},
                    PathCase{"RootMayBeAScalar", "$", "7", "7"}, PathCase{"DotName", "$.a", R"({"a":1})", "1"},
                    PathCase{"DotNames", "$.a.b.c", R"({"a":{"b":{"c":true}}})", "true"},
                    PathCase{"NullIsAValue", "$.a", R"({"a":null})", "null"},
                    PathCase{"HyphenNeedsNoBrackets", "$.delivery-partner", R"({"delivery-partner":"x"})", R"("x")"},
                    PathCase{"UnicodeName", "$.größe", R"({"größe":3})", "3"},
                    PathCase{"DollarInsideAName", "$.a$b", R"({"a$b":3})", "3"},
                    PathCase{"DigitsAreANameToo", "$.0", R"({"0":"zero"})", R"("zero")"},
                    PathCase{"SingleQuotes", "$['a b']", R"({"a b":1})", "1"},
                    PathCase{"DoubleQuotes", "$[\"a b\"]", R"({"a b":1})", "1"},
                    PathCase{"BlanksInsideBrackets", "$[ 'a' ]", R"({"a":1})", "1"},
                    PathCase{"DotBeforeBracket", "$.a.['b']", R"({"a":{"b":1}})", "1"},
                    PathCase{"BracketsInARow", "$['a']['b'][0]", R"({"a":{"b":[5]}})", "5"},
                    PathCase{"SpecialCharactersInBrackets", "$['a.b[0]*']", R"({"a.b[0]*":1})", "1"},
                    PathCase{"EmptyName", "$['']", R"({"":1})", "1"},
                    PathCase{"BackslashKeepsTheQuote", R"($['it\'s'])", R"({"it's":1})", "1"},
                    PathCase{"BackslashIsItselfElsewhere", R"($['a\"b'])", R"({"a\\\"b":1})", "1"},
                    PathCase{"TwoBackslashesStay", R"($['a\\b'])", R"({"a\\\\b":1})", "1"},
                    PathCase{"SeveralNamesGiveAnObject", "$['a','c']", R"({"a":1,"b":2,"c":3})", R"({"a":1,"c":3})"},
                    PathCase{"SeveralNamesLeaveOutMissingOnes", "$['a', 'x']", R"({"a":1})", R"({"a":1})"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Arrays, JsonPathSelect,
    testing::Values(PathCase{"Index", "$[1]", letters, R"("b")"},
                    PathCase{"IndexFromTheEnd", "$[-1]", letters, R"("e")"},
                    PathCase{"LengthMinusOne", "$[(@.length-1)]", letters, R"("e")"},
                    PathCase{"SizeMinusTwo", "$[(@.size() - 2)]", letters, R"("d")"},
                    PathCase{"SeveralIndexes", "$[0,2]", letters, R"(["a","c"])"},
                    PathCase{"SeveralIndexesOutOfOrder", "$[2, 0, 9]", letters, R"(["c","a"])"},
                    PathCase{"SliceFrom", "$[3:]", letters, R"(["d","e"])"},
                    PathCase{"SliceTo", "$[:2]", letters, R"(["a","b"])"},
                    PathCase{"SliceBetween", "$[1:3]", letters, R"(["b","c"])"},
                    PathCase{"SliceOfTheLast", "$[-2:]", letters, R"(["d","e"])"},
                    PathCase{"SliceButTheLast", "$[:-2]", letters, R"(["a","b","c"])"},
                    PathCase{"SliceBetweenFromTheEnd", "$[-3:-1]", letters, R"(["c","d"])"},
                    PathCase{"MixedSliceIsEmptyInJayway", "$[1:-1]", letters, "[]"},
                    PathCase{"SlicePastTheEnd", "$[3:99]", letters, R"(["d","e"])"},
                    PathCase{"SliceBeforeTheStart", "$[-99:]", letters, R"(["a","b","c","d","e"])"},
                    PathCase{"EmptySlice", "$[4:2]", letters, "[]"},
                    PathCase{"StepIsIgnoredByJayway", "$[0:4:2]", letters, R"(["a","b","c","d"])"},
                    PathCase{"SliceAcrossTheStartGoesAroundInJayway", "$[-2:1]", letters, R"(["d","e","a"])"},
                    PathCase{"HugeBounds", "$[0:9223372036854775807]", letters, R"(["a","b","c","d","e"])"},
                    PathCase{"HugeNegativeBounds", "$[-9223372036854775808:-4]", letters, R"(["a"])"},
                    PathCase{"SliceOfAnEmptyArray", "$[1:]", "[]", "[]"},
                    PathCase{"ItemsOfASlice", "$[0:2].t", R"([{"t":1},{"u":2},{"t":3}])", "[1]"},
                    PathCase{"SliceOfASlice", "$[0:2][1:]", "[[1,2],[3,4],[5,6]]", "[2,4]"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Many, JsonPathSelect,
    testing::Values(PathCase{"WildcardOfAnArray", "$[*]", "[1,2]", "[1,2]"},
                    PathCase{"WildcardOfAnObject", "$.*", R"({"a":1,"b":[2]})", "[1,[2]]"},
                    PathCase{"WildcardOfAScalar", "$.a[*]", R"({"a":1})", "[]"},
                    PathCase{"NameBehindAWildcard", "$.store.books[*].t", book, R"(["A","B","C"])"},
                    PathCase{"MissingBehindAWildcardIsLeftOut", "$[*].a.b", R"([{"a":{"b":1}},{"a":{}},{},7])", "[1]"},
                    PathCase{"IndexBehindAWildcard", "$[*][0]", "[[1],[],[2],3]", "[1,2]"},
                    PathCase{"NamesBehindAWildcard", "$.store.books[*]['t','p']", book,
                             R"([{"t":"A","p":8},{"t":"B","p":12},{"t":"C","p":9}])"},
                    PathCase{"DeepName", "$..p", book, "[8,12,9,20]"},
                    PathCase{"DeepNameBelowANode", "$.store..t", book, R"(["A","B","C"])"},
                    PathCase{"DeepIndex", "$..books[1].t", book, R"(["B"])"},
                    PathCase{"DeepSlice", "$..books[-1:].t", book, R"(["C"])"},
                    PathCase{"DeepFindsNestedOnesToo", "$..a", R"({"a":{"a":{"a":1}}})",
                             R"([{"a":{"a":1}},{"a":1},1])"},
                    PathCase{"DeepWildcard", "$..*", R"({"a":[1,{"b":2}]})", R"([[1,{"b":2}],1,{"b":2},2])"},
                    PathCase{"DeepFirstItems", "$..[0]", R"({"a":[1,[2]]})", "[1,2]"},
                    PathCase{"DeepNames", "$..['t','p']", R"([{"t":1,"p":2},{"t":3}])", R"([{"t":1,"p":2}])"},
                    PathCase{"DeepBracketName", "$..['t']", book, R"(["A","B","C"])"},
                    PathCase{"DeepFindsNothing", "$..x", book, "[]"},
                    PathCase{"NullsAreFound", "$..a", R"([{"a":null}])", "[null]"}),
    named);

INSTANTIATE_TEST_SUITE_P(NothingFound, JsonPathSelect,
                         testing::Values(PathCase{"SliceOfAMissingName", "$.items[1:]", "{}", "[]"},
                                         PathCase{"SliceBelowMissingNames", "$.item.items[1:5].value", "{}", "[]"},
                                         PathCase{"WildcardOfAMissingName", "$.items[*]", "{}", "[]"},
                                         PathCase{"WildcardOfTheEmptyObject", "$[*].type", "{}", "[]"},
                                         PathCase{"FilterOfAMissingName", "$.items[?(@.a)]", "{}", "[]"},
                                         PathCase{"SliceOfNull", "$.items[1:]", R"({"items":null})", "[]"},
                                         PathCase{"IndexesPastTheEnd", "$[7,8]", letters, "[]"}),
                         named);

INSTANTIATE_TEST_SUITE_P(Functions, JsonPathSelect,
                         testing::Values(PathCase{"LengthOfAnArray", "$.a.length()", R"({"a":[1,2,3]})", "3"},
                                         PathCase{"SizeIsLength", "$.a.size()", R"({"a":[1]})", "1"},
                                         PathCase{"LengthOfAnObject", "$.length()", R"({"a":1,"b":2})", "2"},
                                         PathCase{"LengthOfATextIsNull", "$.a.length()", R"({"a":"abc"})", "null"},
                                         PathCase{"LengthOfAnArgument", "$.length($.a)", R"({"a":[1,2]})", "2"},
                                         PathCase{"LengthOfWhatAScanFinds", "$..p.length()", book, "4"},
                                         PathCase{"Sum", "$.sum()", "[1,2,3.5,\"x\"]", "6.5"},
                                         PathCase{"SumOfWhatAScanFinds", "$..p.sum()", book, "49.0"},
                                         PathCase{"SumWithArguments", "$.sum(10, $[0])", "[1]", "12.0"},
                                         PathCase{"Min", "$.min()", "[3,1,2]", "1.0"},
                                         PathCase{"Max", "$.max()", "[3,1,2]", "3.0"},
                                         PathCase{"Average", "$.avg()", "[1,2]", "1.5"},
                                         PathCase{"StandardDeviation", "$.stddev()", "[2,4,4,4,5,5,7,9]", "2.0"},
                                         PathCase{"Keys", "$.keys()", R"({"b":1,"a":2})", R"(["b","a"])"},
                                         PathCase{"KeysOfAnArrayIsNull", "$.keys()", "[1]", "null"},
                                         PathCase{"First", "$.first()", "[7,8]", "7"},
                                         PathCase{"Last", "$.last()", "[7,8]", "8"},
                                         PathCase{"IndexFunction", "$.index(1)", "[7,8]", "8"},
                                         PathCase{"IndexFunctionFromTheEnd", "$.index(-2)", "[7,8]", "7"},
                                         PathCase{"Concat", R"($.concat("-", $.b))", R"({"b":"x"})", R"("-x")"},
                                         PathCase{"ConcatOfAnArray", "$.concat()", R"(["a",1,"b"])", R"("ab")"},
                                         PathCase{"Append", R"($.append(3, {"a":1}))", "[1]", R"([1,3,{"a":1}])"},
                                         PathCase{"StepBehindAFunction", "$.keys()[0]", R"({"b":1})", R"("b")"}),
                         named);

INSTANTIATE_TEST_SUITE_P(OtherRoots, JsonPathSelect,
                         testing::Values(PathCase{"ContextObject", "$$.State", "{}", R"({"Name":"S"})"},
                                         PathCase{"ContextName", "$$.Execution.Input.n", "{}", "1"},
                                         PathCase{"ContextBracket", "$$['Execution']['Name']", "{}", R"("run")"},
                                         PathCase{"Variable", "$order", "{}",
                                                  R"({"id":7,"lines":[{"sku":"a"},{"sku":"b"}]})"},
                                         PathCase{"VariableName", "$order.id", "{}", "7"},
                                         PathCase{"VariableBracket", "$order['lines'][1].sku", "{}", R"("b")"},
                                         PathCase{"VariableWildcard", "$order.lines[*].sku", "{}", R"(["a","b"])"},
                                         PathCase{"VariableOfNull", "$none", "{}", "null"},
                                         PathCase{"FilterOfAVariableSeesItAsRoot",
                                                  "$order.lines[?(@.sku != $.lines[0].sku)].sku", "{}", R"(["b"])"}),
                         named);

TEST(JsonPath, BorrowsWhatADefinitePathSelects) {
    TestScope given{R"({"a":{"b":[1,2]}})"};
    const auto selected = JsonPath::compile("$.a.b")->select(given.scope());
    EXPECT_EQ(&**selected, &given.input["a"]["b"]);
}

TEST(JsonPath, KeepsWhatItMadeAliveInCopiesOfTheSelection) {
    TestScope given{R"({"a":[1,2]})"};
    auto copy = [&] { return *JsonPath::compile("$.a[*]")->select(given.scope()); }();
    given.input = nullptr;
    EXPECT_EQ(*copy, json("[1,2]"));
}

TEST(JsonPath, BuildsTheContextObjectOnlyForPathsThatReadIt) {
    TestScope given;
    auto scope = given.scope();
    scope.context = []() -> const Json& { throw std::logic_error{"built"}; };
    EXPECT_TRUE(JsonPath::compile("$")->select(scope));
    EXPECT_THROW((void)JsonPath::compile("$$.State")->select(scope), std::logic_error);
}

struct KindCase {
    std::string path;
    bool definite;
    bool single;
    bool reference;
};
TEST(JsonPath, KnowsWhatKindOfPathItIs) {
    const KindCase cases[] = {
        {"$", true, true, true},
        {"$.a.b", true, true, true},
        {"$['a'][0]", true, true, true},
        {"$.a[-1]", true, true, false},
        {"$$.a", true, true, false},
        {"$x.a", true, true, false},
        {"$.a[*]", false, false, false},
        {"$..a", false, false, false},
        {"$.a[1:]", false, false, false},
        {"$.a[0,1]", false, false, false},
        {"$.a[?(@.b)]", false, false, false},
        {"$['a','b']", true, false, false},
        {"$.a.length()", true, false, false},
        {"$..a.sum()", true, false, false},
    };
    for (const auto& [text, definite, single, reference] : cases) {
        const auto path = JsonPath::compile(text);
        ASSERT_TRUE(path) << text;
        EXPECT_EQ(path->definite(), definite) << text;
        EXPECT_EQ(path->single(), single) << text;
        EXPECT_EQ(path->reference(), reference) << text;
        EXPECT_EQ(path->text(), text);
    }
    EXPECT_TRUE(JsonPath::compile("$$.a")->reads_context());
    EXPECT_FALSE(JsonPath::compile("$.a")->reads_context());
    EXPECT_EQ(JsonPath::compile("$order.id")->variable(), "order");
    EXPECT_EQ(JsonPath::compile("$.order")->variable(), "");
}

}  // namespace
}  // namespace pawl::data
