// The conditions of Choice rules.
#include "states/data/choice_rule.hpp"

#include <gtest/gtest.h>

#include "states/error_names.hpp"
#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

Result<bool> holds(const std::string& rule, const std::string& input) {
    TestScope given{input};
    const auto compiled = ChoiceRule::compile(json(rule));
    if (!compiled) return AslError{"does not compile", compiled.error().front().message};
    return compiled->evaluate(given.scope());
}

// The operator against a value of the Variable: {"Variable": "$.v", OPERATOR: operand}.
struct OperatorCase {
    std::string op;
    std::string operand;
    std::string holds_for;  // JSON arrays of values
    std::string fails_for;
};

class ChoiceOperator : public testing::TestWithParam<OperatorCase> {};

TEST_P(ChoiceOperator, TellsValuesApart) {
    const auto& [op, operand, yes, no] = GetParam();
    const auto rule = R"({"Variable":"$.v",")" + op + "\":" + operand + ",\"Next\":\"N\"}";
    for (const bool expected : {true, false}) {
        for (const auto& value : json(expected ? yes : no)) {
            const auto result = holds(rule, to_text(Json{{"v", value}}));
            ASSERT_TRUE(result) << *result.error().cause;
            EXPECT_EQ(*result, expected) << rule << " of " << value;
        }
    }
}

const std::string others = R"([null,true,[],{},["b"],{"a":1}])";
const auto by_operator = [](const auto& test) { return test.param.op + "_" + std::to_string(test.index); };

INSTANTIATE_TEST_SUITE_P(
    Texts, ChoiceOperator,
    testing::Values(OperatorCase{"StringEquals", R"("b")", R"(["b"])", R"(["B","b ","",0,null,true,[],{},["b"]])"},
                    OperatorCase{"StringLessThan", R"("b")", R"(["a","","B","abc"])", R"(["b","ba","c","ä",1,null])"},
                    OperatorCase{"StringGreaterThan", R"("b")", R"(["ba","c","ä"])", R"(["b","a","",5,{}])"},
                    OperatorCase{"StringLessThanEquals", R"("b")", R"(["a","b"])", R"(["ba",1])"},
                    OperatorCase{"StringGreaterThanEquals", R"("b")", R"(["b","ba"])", R"(["a",9])"},
                    OperatorCase{"StringLessThan", R"("\uff5e")", R"(["a","\ud83d\ude00"])", R"(["\uffee"])"},
                    OperatorCase{"StringGreaterThan", R"("\ud83d\ude00")", R"(["\uff5e","\ud83d\ude01"])",
                                 R"(["\ud83d\ude00","\ud7ff"])"}),
    by_operator);

INSTANTIATE_TEST_SUITE_P(
    Patterns, ChoiceOperator,
    testing::Values(OperatorCase{"StringMatches", R"("log-*.txt")", R"(["log-.txt","log-a.txt","log-a.txt.txt"])",
                                 R"(["log-a.txtx","xlog-a.txt","LOG-a.txt",5,null])"},
                    OperatorCase{"StringMatches", R"("*")", R"(["","a","a\nb"])", R"([1,null,["a"]])"},
                    OperatorCase{"StringMatches", R"("")", R"([""])", R"(["a"])"},
                    OperatorCase{"StringMatches", R"("a*b*c")", R"(["abc","aXbYc","abbc","abcbc"])",
                                 R"(["ab","acb","abcd"])"},
                    OperatorCase{"StringMatches", R"("**a**")", R"(["a","xax"])", R"(["","b"])"},
                    OperatorCase{"StringMatches", R"("ab*ba")", R"(["abba","abXba"])", R"(["aba","ab"])"},
                    OperatorCase{"StringMatches", R"("a\\*b")", R"(["a*b"])", R"(["aXb","ab","a\\*b"])"},
                    OperatorCase{"StringMatches", R"("a\\\\*")", R"(["a\\","a\\b"])", R"(["a","ab"])"},
                    OperatorCase{"StringMatches", R"("a\\b")", R"(["a\\b"])", R"(["ab"])"},
                    OperatorCase{"StringMatches", R"("a.?[x]")", R"(["a.?[x]"])", R"(["ab?x"])"},
                    OperatorCase{"StringMatches", R"("*aab*")", R"(["aaab","xaaaab"])", R"(["aaa","abab"])"}),
    by_operator);

INSTANTIATE_TEST_SUITE_P(Numbers, ChoiceOperator,
                         testing::Values(OperatorCase{"NumericEquals", "1", "[1,1.0]",
                                                      R"([0,1.1,"1",true,null,[1],{}])"},
                                         OperatorCase{"NumericEquals", "2.5", "[2.5,25e-1]", "[2,3]"},
                                         OperatorCase{"NumericLessThan", "1", "[0,-5,0.99]", R"([1,2,"0",null])"},
                                         OperatorCase{"NumericGreaterThan", "1", "[2,1.01]", R"([1,0,"2"])"},
                                         OperatorCase{"NumericLessThanEquals", "1", "[1,1.0,0]", "[1.01]"},
                                         OperatorCase{"NumericGreaterThanEquals", "1", "[1,2]", "[0.99]"}),
                         by_operator);

INSTANTIATE_TEST_SUITE_P(
    Timestamps, ChoiceOperator,
    testing::Values(OperatorCase{"TimestampEquals", R"("2024-01-01T12:00:00Z")",
                                 R"(["2024-01-01T12:00:00Z","2024-01-01T12:00:00.000Z","2024-01-01T13:00:00+01:00"])",
                                 R"(["2024-01-01T12:00:01Z","2024-01-01T12:00:00","2024-01-01","x",5,null])"},
                    OperatorCase{"TimestampLessThan", R"("2024-01-01T12:00:00Z")",
                                 R"(["2024-01-01T11:59:59Z","2024-01-01T12:30:00+01:00"])",
                                 R"(["2024-01-01T12:00:00Z",1])"},
                    OperatorCase{"TimestampGreaterThan", R"("2024-01-01T12:00:00Z")", R"(["2024-01-01T12:00:00.001Z"])",
                                 R"(["2024-01-01T12:00:00Z","later"])"},
                    OperatorCase{"TimestampLessThanEquals", R"("2024-01-01T12:00:00Z")", R"(["2024-01-01T12:00:00Z"])",
                                 R"(["2024-01-01T12:00:01Z"])"},
                    OperatorCase{"TimestampGreaterThanEquals", R"("2024-01-01T12:00:00Z")",
                                 R"(["2024-01-01T12:00:00Z"])", R"(["2024-01-01T11:00:00Z"])"}),
    by_operator);

INSTANTIATE_TEST_SUITE_P(
    Tests, ChoiceOperator,
    testing::Values(OperatorCase{"BooleanEquals", "true", "[true]", R"([false,"true",1,null])"},
                    OperatorCase{"BooleanEquals", "false", "[false]", R"([true,"",0,null])"},
                    OperatorCase{"IsNull", "true", "[null]", R"([0,"",false,[],{}])"},
                    OperatorCase{"IsNull", "false", R"([0,"",false,[],{}])", "[null]"},
                    OperatorCase{"IsPresent", "true", R"([null,0,"",{}])", "[]"},
                    OperatorCase{"IsPresent", "false", "[]", R"([null,0,"",{}])"},
                    OperatorCase{"IsNumeric", "true", "[0,1.5,-1]", R"(["0",null,true,[]])"},
                    OperatorCase{"IsNumeric", "false", R"(["0",null,true,[]])", "[0,1.5]"},
                    OperatorCase{"IsString", "true", R"(["","a"])", "[0,null,true,[],{}]"},
                    OperatorCase{"IsBoolean", "true", "[true,false]", R"(["true",0,null])"},
                    OperatorCase{"IsBoolean", "false", R"(["true",0,null])", "[true,false]"},
                    OperatorCase{
                        "IsTimestamp", "true", R"(["2024-01-01T12:00:00Z","2024-01-01T12:00:00.5+01:00"])",
                        R"(["2024-01-01T12:00:00","2024-01-01","2024-13-01T12:00:00Z","2024-01-01t12:00:00z",5,null])"},
                    OperatorCase{"IsTimestamp", "false", R"(["2024-01-01",null,1])", R"(["2024-01-01T12:00:00Z"])"}),
    by_operator);

TEST(ChoiceRule, ComparesWithWhatAPathSelects) {
    const std::tuple<const char*, const char*, bool> cases[] = {
        {"StringEqualsPath", R"({"v":"a","w":"a"})", true},
        {"StringEqualsPath", R"({"v":"a","w":1})", false},
        {"StringLessThanPath", R"({"v":"a","w":"b"})", true},
        {"StringGreaterThanPath", R"({"v":"a","w":"b"})", false},
        {"StringLessThanEqualsPath", R"({"v":"a","w":"a"})", true},
        {"StringGreaterThanEqualsPath", R"({"v":"a","w":"a"})", true},
        {"NumericEqualsPath", R"({"v":1,"w":1.0})", true},
        {"NumericEqualsPath", R"({"v":1,"w":"1"})", false},
        {"NumericLessThanPath", R"({"v":1,"w":2})", true},
        {"NumericGreaterThanPath", R"({"v":1,"w":2})", false},
        {"NumericLessThanEqualsPath", R"({"v":2,"w":2})", true},
        {"NumericGreaterThanEqualsPath", R"({"v":1,"w":2})", false},
        {"BooleanEqualsPath", R"({"v":true,"w":true})", true},
        {"BooleanEqualsPath", R"({"v":true,"w":null})", false},
        {"TimestampEqualsPath", R"({"v":"2024-01-01T01:00:00+01:00","w":"2024-01-01T00:00:00Z"})", true},
        {"TimestampEqualsPath", R"({"v":"2024-01-01T00:00:00Z","w":"soon"})", false},
        {"TimestampLessThanPath", R"({"v":"2024-01-01T00:00:00Z","w":"2024-01-02T00:00:00Z"})", true},
        {"TimestampGreaterThanPath", R"({"v":"2024-01-01T00:00:00Z","w":"2024-01-02T00:00:00Z"})", false},
        {"TimestampLessThanEqualsPath", R"({"v":"2024-01-01T00:00:00Z","w":"2024-01-01T00:00:00Z"})", true},
        {"TimestampGreaterThanEqualsPath", R"({"v":"2024-01-01T00:00:00Z","w":"2024-01-01T00:00:00Z"})", true},
    };
    for (const auto& [op, input, expected] : cases) {
        const auto result = holds(R"({"Variable":"$.v",")" + std::string{op} + R"(":"$.w"})", input);
        ASSERT_TRUE(result) << op << ": " << *result.error().cause;
        EXPECT_EQ(*result, expected) << op << " " << input;
    }
}

TEST(ChoiceRule, ReadsTheContextObjectAndVariables) {
    EXPECT_TRUE(*holds(R"({"Variable":"$$.Execution.Input.n","NumericEquals":1})", "{}"));
    EXPECT_TRUE(*holds(R"({"Variable":"$order.id","NumericEqualsPath":"$.n"})", R"({"n":7})"));
    EXPECT_TRUE(*holds(R"({"Variable":"$nope","IsPresent":false})", "{}"));
    EXPECT_TRUE(*holds(R"({"Variable":"$","StringEquals":"x"})", R"("x")"));
}

TEST(ChoiceRule, FailsForAPathThatSelectsNothing) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"Variable":"$.x","StringEquals":"a"})", "$.x"},
        {R"({"Variable":"$.x.y","IsNull":true})", "$.x.y"},
        {R"({"Variable":"$.list[3]","NumericEquals":1})", "$.list[3]"},
        {R"({"Variable":"$.t[0]","IsString":true})", "$.t[0]"},
        {R"({"Variable":"$.t","StringEqualsPath":"$.y"})", "$.y"},
        {R"({"Variable":"$nope","BooleanEquals":true})", "$nope"},
        {R"({"Not":{"Variable":"$.x","StringEquals":"a"}})", "$.x"},
        {R"({"And":[{"Variable":"$.t","IsString":true},{"Variable":"$.x","IsNull":true}]})", "$.x"},
    };
    for (const auto& [rule, path] : cases) {
        const auto result = holds(rule, R"({"t":"text","list":[1]})");
        ASSERT_FALSE(result) << rule;
        EXPECT_EQ(result.error(), (AslError{"States.Runtime",
                                            "Invalid path '" + std::string{path} +
                                                "': The choice state's condition path references an invalid value."}));
    }
}

TEST(ChoiceRule, IsPresentAsksWithoutFailing) {
    for (const auto* path : {"$.x", "$.x.y", "$.list[3]", "$.t[0]", "$.t.a", "$nope"}) {
        const auto rule = R"({"Variable":")" + std::string{path} + R"(","IsPresent":)";
        EXPECT_FALSE(*holds(rule + "true}", R"({"t":"text","list":[1]})")) << path;
        EXPECT_TRUE(*holds(rule + "false}", R"({"t":"text","list":[1]})")) << path;
    }
}

TEST(ChoiceRule, JoinsRules) {
    const std::string one = R"({"Variable":"$.a","NumericEquals":1})";
    const std::string two = R"({"Variable":"$.b","NumericEquals":2})";
    const auto both = [&](const std::string& how) { return "{\"" + how + "\":[" + one + "," + two + "]}"; };
    EXPECT_TRUE(*holds(both("And"), R"({"a":1,"b":2})"));
    EXPECT_FALSE(*holds(both("And"), R"({"a":1,"b":3})"));
    EXPECT_TRUE(*holds(both("Or"), R"({"a":0,"b":2})"));
    EXPECT_FALSE(*holds(both("Or"), R"({"a":0,"b":0})"));
    EXPECT_TRUE(*holds("{\"Not\":" + one + "}", R"({"a":0})"));
    EXPECT_TRUE(*holds("{\"Not\":{\"And\":[" + one + ",{\"Not\":" + two + "}]}}", R"({"a":1,"b":2})"));
}

TEST(ChoiceRule, StopsAsSoonAsTheAnswerIsKnown) {
    EXPECT_FALSE(*holds(R"({"And":[{"Variable":"$.a","IsPresent":true},{"Variable":"$.a","IsNull":true}]})", "{}"));
    EXPECT_TRUE(*holds(R"({"Or":[{"Variable":"$.a","IsPresent":false},{"Variable":"$.a","IsNull":true}]})", "{}"));
}

TEST(ChoiceRule, LeavesTheCallersFieldsAlone) {
    EXPECT_TRUE(
        *holds(R"({"Comment":"c","Assign":{"x":1},"Next":"N","Variable":"$.a","IsNull":true})", R"({"a":null})"));
}

struct ProblemCase {
    std::string rule;
    std::string pointer;
    std::string message;
};
TEST(ChoiceRule, ReportsWhatIsWrongAndWhere) {
    const ProblemCase cases[] = {
        {"5", "", "a rule must be a JSON object"},
        {"{}", "", "a rule must have a Variable"},
        {R"({"Variable":"$.a"})", "", "a rule must have a comparison operator"},
        {R"({"IsNull":true})", "", "a rule must have a Variable"},
        {R"({"Variable":"$.a","IsNull":true,"IsString":true})", "", "a rule must have exactly one comparison operator"},
        {R"({"Variable":"$.a","StringMatchesPath":"$.b"})", "/StringMatchesPath",
         "the field 'StringMatchesPath' is not known"},
        {R"({"Variable":"$.a","Condition":"x","IsNull":true})", "/Condition", "the field 'Condition' is not known"},
        {R"({"Variable":5,"IsNull":true})", "/Variable", "must be a string that holds a reference path"},
        {R"({"Variable":"a","IsNull":true})", "/Variable",
         "Value is not a Reference Path: a path must start with '$' at position 0"},
        {R"({"Variable":"$.a[*]","IsNull":true})", "/Variable",
         "Value is not a Reference Path: it may select several values"},
        {R"({"Variable":"$.a","StringEquals":5})", "/StringEquals", "must be a string"},
        {R"({"Variable":"$.a","StringMatches":true})", "/StringMatches", "must be a string"},
        {R"({"Variable":"$.a","NumericEquals":"5"})", "/NumericEquals", "must be a number"},
        {R"({"Variable":"$.a","BooleanEquals":"true"})", "/BooleanEquals", "must be a boolean"},
        {R"({"Variable":"$.a","IsPresent":1})", "/IsPresent", "must be a boolean"},
        {R"({"Variable":"$.a","TimestampEquals":"2024-01-01"})", "/TimestampEquals",
         "String does not match RFC3339 timestamp"},
        {R"({"Variable":"$.a","StringEqualsPath":5})", "/StringEqualsPath",
         "must be a string that holds a reference path"},
        {R"({"Variable":"$.a","NumericEqualsPath":"$.b[1:]"})", "/NumericEqualsPath",
         "Value is not a Reference Path: it may select several values"},
        {R"({"And":[]})", "/And", "And must be an array of at least one rule"},
        {R"({"Or":{}})", "/Or", "Or must be an array of at least one rule"},
        {R"({"Not":[]})", "/Not", "a rule must be a JSON object"},
        {R"({"And":[{"Variable":"$.a","IsNull":true},{}]})", "/And/1", "a rule must have a Variable"},
        {R"({"Not":{"Or":[{"Variable":"$.a","IsNull":3}]}})", "/Not/Or/0/IsNull", "must be a boolean"},
        {R"({"Variable":"$.a","IsNull":true,"Not":{}})", "", "a rule must have exactly one comparison, And, Or or Not"},
        {R"({"And":[],"Or":[]})", "", "a rule must have exactly one comparison, And, Or or Not"},
    };
    for (const auto& [rule, pointer, message] : cases) {
        const auto compiled = ChoiceRule::compile(json(rule));
        ASSERT_FALSE(compiled) << rule;
        EXPECT_EQ(compiled.error().front().pointer, pointer) << rule;
        EXPECT_EQ(compiled.error().front().message, message) << rule;
    }
}

TEST(ChoiceRule, ReportsAllProblems) {
    const auto compiled = ChoiceRule::compile(
        json(R"({"And":[{"Variable":"x","IsNull":1},{"Variable":"$.a","Foo":1},{"Variable":"$.a","IsNull":true}]})"));
    ASSERT_FALSE(compiled);
    EXPECT_EQ(compiled.error().size(), 4u);
}

TEST(ChoiceRule, KnowsThe39OperatorsOfTheSpec) {
    int known = 0;
    for (const auto* kind : {"String", "Numeric", "Timestamp"}) {
        for (const auto* order : {"Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"}) {
            for (const auto* twin : {"", "Path"}) known += is_choice_operator(std::string{kind} + order + twin) ? 1 : 0;
        }
    }
    for (const auto* name : {"StringMatches", "BooleanEquals", "BooleanEqualsPath", "IsNull", "IsPresent", "IsNumeric",
                             "IsString", "IsBoolean", "IsTimestamp"}) {
        known += is_choice_operator(name) ? 1 : 0;
    }
    EXPECT_EQ(known, 39);
    for (const auto* name : {"And", "Or", "Not", "Variable", "Next", "IsPresentPath", "stringEquals", ""}) {
        EXPECT_FALSE(is_choice_operator(name)) << name;
    }
}

TEST(ChoiceRule, NamesItsPaths) {
    const auto rule = ChoiceRule::compile(
        json(R"({"Or":[{"Not":{"Variable":"$v","IsNull":true}},{"Variable":"$.a","StringEqualsPath":"$w.b"}]})"));
    const auto paths = rule->paths();
    ASSERT_EQ(paths.size(), 3u);
    EXPECT_EQ(paths[0].variable(), "v");
    EXPECT_EQ(paths[2].variable(), "w");
}

TEST(ChoiceRule, MatchesPatternsInLinearTime) {
    std::string pattern;
    for (int i = 0; i < 30; ++i) pattern += "*" + std::string(1'000, 'a') + "b";
    const auto text = std::string(250'000, 'a');
    EXPECT_FALSE(*holds(R"({"Variable":"$","StringMatches":")" + pattern + "\"}", "\"" + text + "\""));
    EXPECT_TRUE(*holds(R"({"Variable":"$","StringMatches":"*a*a*a*a*a*a*a*a*a*"})", "\"" + text + "\""));
}

}  // namespace
}  // namespace pawl::data
