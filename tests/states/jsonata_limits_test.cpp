// Every evaluation ends, with a typed error when it wants too much; and the answers of the line tool.
#include <gtest/gtest.h>

#include <string>

#include "states/decide.hpp"
#include "states/jsonata/lines.hpp"

namespace pawl::jsonata {
namespace {

std::string code_of(std::string_view expression, const Environment& environment = {}) {
    const auto compiled = Expression::compile(expression);
    if (!compiled) return compiled.error().code;
    const auto result = compiled->evaluate(nullptr, {}, environment);
    return result ? "ok" : result.error().code;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

TEST(JsonataLimits, EndTailRecursionThatNeverEnds) {
    EXPECT_EQ(code_of("($f := function($x){$f($x)}; $f(1))"), "U1001");
    EXPECT_EQ(code_of("($f := function($x){$f($x + 1)}; $f(1))"), "U1001");
}

TEST(JsonataLimits, EndDeepRecursionBeforeTheStackDoes) {
    EXPECT_EQ(code_of("($f := function($x){1 + $f($x)}; $f(1))"), "U1001");
    EXPECT_EQ(code_of("($f := function($x){$map([1], $f)}; $f(1))"), "U1001");
    EXPECT_EQ(code_of("($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(50))"), "ok");
}

TEST(JsonataLimits, CountDepthAsNestedEvaluations) {
    Environment environment;
    environment.limits.depth = 3;
    EXPECT_EQ(code_of("1 + 2 * 3", environment), "ok");
    EXPECT_EQ(code_of("1 + 2 * -nothing", environment), "U1001");
}

TEST(JsonataLimits, EndTextsAndArraysThatGrowExponentially) {
    EXPECT_EQ(code_of("($f := function($s, $n){$n = 0 ? $s : $f($s & $s, $n - 1)}; $f('abcdefgh', 60))"), "U1001");
    EXPECT_EQ(code_of("($f := function($a, $n){$n = 0 ? $a : $f([$a, $a], $n - 1)}; $f('a', 60))"), "U1001");
    EXPECT_EQ(code_of("($f := function($a, $n){$n = 0 ? $string($a) : $f({'x': $a, 'y': $a}, $n - 1)}; $f('a', 60))"), "U1001");
    EXPECT_EQ(code_of("$pad('x', 1e12)"), "U1001");
    EXPECT_EQ(code_of("$formatInteger(1e15, 'I')"), "U1001");
}

TEST(JsonataLimits, EndLargeRangesButNotLazyOnes) {
    EXPECT_EQ(code_of("[1..1e9]"), "D2014");
    EXPECT_EQ(code_of("[1..10000000]"), "U1001");
    EXPECT_EQ(code_of("$map([1..10000000], function($v){$v})"), "U1001");
    EXPECT_EQ(code_of("$count([1..10000000])"), "ok");
    EXPECT_EQ(code_of("$range(1, 1e9, 1)"), "U1001");
}

TEST(JsonataLimits, BoundTheItemsOfOneRange) {
    Environment environment;
    environment.limits.range_items = 10;
    EXPECT_EQ(code_of("[1..10]", environment), "ok");
    EXPECT_EQ(code_of("[[1..10], [1..10]]", environment), "ok");
    EXPECT_EQ(code_of("[1..11] ~> $count()", environment), "U1001");
}

TEST(JsonataLimits, BoundTheBytesOfOneText) {
    Environment environment;
    environment.limits.text_bytes = 10;
    EXPECT_EQ(code_of("'12345' & '67890'", environment), "ok");
    EXPECT_EQ(code_of("'12345' & '678901'", environment), "U1001");
    EXPECT_EQ(code_of("$length('123456' & 'ÄÖÜ')", environment), "U1001");
}

TEST(JsonataLimits, OfAWorkflowAreTheServices) {
    Environment environment;
    environment.limits = pawl::Limits{}.jsonata;
    const std::string doubled = "($p := function($s, $n){$n = 0 ? $s : $p($s & $s, $n - 1)}; $length($p('x', ";
    EXPECT_EQ(code_of("[1..873782] ~> $count()", environment), "ok");
    EXPECT_EQ(code_of("$sum([1..873782])", environment), "ok");
    EXPECT_EQ(code_of("[1..873783] ~> $count()", environment), "U1001");
    EXPECT_EQ(code_of("$range(1, 360145, 1) ~> $count()", environment), "ok");
    EXPECT_EQ(code_of(doubled + "22)))", environment), "ok");
    EXPECT_EQ(code_of(doubled + "23)))", environment), "U1001");
    EXPECT_EQ(code_of("$length($pad('', 4194304, 'x'))", environment), "ok");
    EXPECT_EQ(code_of("$length($pad('', 8388608, 'x'))", environment), "U1001");
    EXPECT_EQ(code_of("[$pad('', 4194304, 'x'), $pad('', 4194304, 'x'), $pad('', 4194304, 'x')]", environment), "U1001");
}

TEST(JsonataLimits, EndRegularExpressionsThatBacktrackForever) {
    EXPECT_EQ(code_of("$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)"), "U1001");
    EXPECT_EQ(code_of("$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a|aa)+$/)"), "U1001");
}

TEST(JsonataLimits, LeaveRoomForManyMatchesInALongText) {
    const std::string lines = "$pad('', 200000, 'a line of text\\n')";
    EXPECT_EQ(code_of("$count($split(" + lines + ", /\\n/)) = 13334 ? 1 : $error()"), "ok");
    EXPECT_EQ(code_of("$count($match(" + lines + ", /line/)) = 13333 ? 1 : $error()"), "ok");
    EXPECT_EQ(code_of("$length($replace(" + lines + ", /(l)ine/, '$1')) = 160001 ? 1 : $error()"), "ok");
    EXPECT_EQ(code_of("$length($replace(" + lines + ", /line/, function($m){$m.start > 199980 ? '!!' : '!'})) = 160002 ? 1 : $error()"), "ok");
}

TEST(JsonataLimits, RefuseTextsThatAreNestedTooDeeply) {
    EXPECT_EQ(code_of(repeated("(", 10'000) + "1" + repeated(")", 10'000)), "U1001");
    EXPECT_EQ(code_of(repeated("[", 10'000)), "U1001");
    EXPECT_EQ(code_of(repeated("-", 10'000) + "1"), "U1001");
    EXPECT_EQ(code_of("1" + repeated("+1", 10'000)), "U1001");
    EXPECT_EQ(code_of("a" + repeated(".a", 300)), "ok");
    EXPECT_EQ(code_of(repeated("(", 30) + "a" + repeated(" ?: b)", 30)), "U1001");
    EXPECT_EQ(code_of("1" + repeated("+1", 300)), "ok");
}

TEST(JsonataLimits, HoldForValuesThatAreNestedDeeply) {
    EXPECT_EQ(code_of("($f := function($n, $a){$n = 0 ? $a : $f($n - 1, {'a': $a})}; $f(20000, 1))"), "U1001");
    EXPECT_EQ(code_of("($f := function($n, $a){$n = 0 ? $a : $f($n - 1, {'a': $a})}; $string($f(50000, 1)))"), "U1001");
    EXPECT_EQ(code_of("($f := function($n, $g){$n = 0 ? $g : $f($n - 1, function(){$g})}; $f(20000, 1); 5)"), "ok");
    EXPECT_EQ(code_of("{'a': 1} ~> |$|{'self': $}|"), "U1001");
}

TEST(JsonataLimits, BoundFuelMemoryAndTime) {
    Environment little_fuel;
    little_fuel.limits.fuel = 1'000;
    EXPECT_EQ(code_of("$sum([1..100].($ * 2))", little_fuel), "ok");
    EXPECT_EQ(code_of("$sum([1..10000].($ * 2))", little_fuel), "U1001");

    Environment little_memory;
    little_memory.limits.memory_bytes = 100'000;
    EXPECT_EQ(code_of("$length($pad('', 20000))", little_memory), "ok");
    EXPECT_EQ(code_of("$pad('', 200000)", little_memory), "U1001");

    Environment clocked;
    std::chrono::milliseconds now{0};
    clocked.clock = [&now] { return now += std::chrono::milliseconds{1}; };  // a millisecond a look
    clocked.limits.time = std::chrono::milliseconds{20};
    EXPECT_EQ(code_of("$count([1..1000].($ + 1))", clocked), "ok");
    EXPECT_EQ(code_of("($f := function($x){$f($x)}; $f(1))", clocked), "U1001");
}

TEST(JsonataLimits, LeaveNothingBehindInClosuresThatReferToThemselves) {
    // Freed by the heap at its end: the leak checker of a sanitized build looks on.
    EXPECT_EQ(code_of("($even := function($n){$n = 0 ? true : $odd($n - 1)}; $odd := function($n){$n = 0 ? false : $even($n - 1)}; $even(100))"), "ok");
}

TEST(JsonataLines, AnswerWithResultUndefinedOrError) {
    EXPECT_EQ(answer_line(std::string_view{R"j({"expr": "a + $b", "data": {"a": 1}, "bindings": {"b": 2}})j"}), R"j({"result":3})j");
    EXPECT_EQ(answer_line(std::string_view{R"j({"expr": "$", "data": null})j"}), R"j({"result":null})j");
    EXPECT_EQ(answer_line(std::string_view{R"j({"expr": "$"})j"}), R"j({"undefined":true})j");
    EXPECT_EQ(answer_line(std::string_view{R"j({"expr": "1 +"})j"}),
              R"j({"error":{"code":"S0207","position":3,"token":"(end)","message":"Unexpected end of expression"}})j");
}

TEST(JsonataLines, KeepToDepthAndTime) {
    EXPECT_EQ(Json::parse(answer_line(std::string_view{R"j({"expr": "1 + (2 + (3 + 4))", "depth": 3})j"}))["error"]["code"], "U1001");
    EXPECT_EQ(Json::parse(answer_line(std::string_view{R"j({"expr": "1 + (2 + (3 + 4))", "depth": 8})j"}))["result"], 10);
}

TEST(JsonataLines, ReportRequestsThatAreWrong) {
    EXPECT_EQ(Json::parse(answer_line(std::string_view{"nonsense"}))["error"]["code"], "U1002");
    EXPECT_EQ(Json::parse(answer_line(std::string_view{"[]"}))["error"]["code"], "U1002");
    EXPECT_EQ(Json::parse(answer_line(std::string_view{R"j({"expr": 1})j"}))["error"]["code"], "U1002");
}

TEST(JsonataLines, TakeHalfASurrogatePairInAnExpression) {
    EXPECT_EQ(Json::parse(answer_line(std::string_view{R"j({"expr": "$encodeUrl('\ud800')"})j"}))["error"]["code"], "D3140");
    EXPECT_EQ(Json::parse(answer_line(std::string_view{R"j({"expr": "$length('\ud83d\ude00')"})j"}))["result"], 1);
}

}  // namespace
}  // namespace pawl::jsonata
