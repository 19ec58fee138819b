// The language: paths, predicates, operators, constructors, functions as values. One row, one rule.
#include <gtest/gtest.h>

#include <string>

#include "states/jsonata/document.hpp"
#include "states/jsonata/jsonata.hpp"

namespace pawl::jsonata {
namespace {

// "undefined", "error CODE" or the result as JSON text.
std::string outcome(std::string_view expression, std::string_view input, const Options& options = {}) {
    const auto compiled = Expression::compile(expression, options);
    if (!compiled) return "error " + compiled.error().code;
    const Json data = input.empty() ? Json() : *parse_json(input);
    const auto result = compiled->evaluate(input.empty() ? nullptr : &data);
    Document document;
    if (!input.empty() && document.read(input)) return "no JSON";
    std::string memory;
    const auto text = compiled->evaluate_text(input.empty() ? nullptr : &document, memory);
    if (static_cast<bool>(result) != static_cast<bool>(text)) return "as text, something else";
    if (!result) return "error " + result.error().code;
    if (result->has_value() != text->has_value()) return "as text, something else";
    if (!*result) return "undefined";
    EXPECT_EQ(*parse_json(**text), *parse_json(to_text(**result))) << **text;
    return to_text(**result);
}

constexpr std::string_view shop = R"({
    "owner": {"name": "Ada", "address": {"city": "Turin"}},
    "orders": [
        {"id": 1, "customer": "Bo", "lines": [{"sku": "pen", "price": 2, "count": 3}, {"sku": "ink", "price": 7.5, "count": 1}]},
        {"id": 2, "customer": "Cy", "lines": [{"sku": "pen", "price": 2, "count": 10}]},
        {"id": 3, "customer": "Bo", "lines": []}
    ],
    "open": true, "note": null, "odd key": "yes", "matrix": [[1, 2], [3, 4]], "big": 9007199254740993
})";

struct Case {
    std::string_view expression;
    std::string_view expected;
};

class Language : public testing::TestWithParam<Case> {};

TEST_P(Language, GivesWhatTheReferenceGives) { EXPECT_EQ(outcome(GetParam().expression, shop), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(Paths, Language, testing::Values(
    Case{"owner.name", R"("Ada")"},
    Case{"owner.address.city", R"("Turin")"},
    Case{"owner.phone", "undefined"},
    Case{"owner.name.first", "undefined"},
    Case{"note", "null"},
    Case{"note.anything", "undefined"},
    Case{"`odd key`", R"("yes")"},
    Case{"$.\"odd key\"", R"("yes")"},
    Case{"orders.id", "[1,2,3]"},
    Case{"orders.lines.sku", R"(["pen","ink","pen"])"},
    Case{"orders.nothing", "undefined"},
    Case{"matrix", "[[1,2],[3,4]]"},
    Case{"matrix.$", "[1,2,3,4]"},
    Case{"$.matrix[0]", "[1,2]"},
    Case{"matrix[0][1]", "2"},
    Case{"big", "9007199254740993"},
    Case{"$$.open", "true"},
    Case{"orders[id=2].customer", R"("Cy")"},
    Case{"orders[id=2].customer[]", R"(["Cy"])"},
    Case{"orders[id=9].customer[]", "undefined"},
    Case{"owner.*", R"(["Ada",{"city":"Turin"}])"},
    Case{"owner.**.city", R"("Turin")"},
    Case{"**.sku", R"(["pen","ink","pen"])"},
    Case{"$count(**[price = 2])", "2"},
    Case{"orders.lines.%.id", "[1,1,2]"},
    Case{"orders.lines[sku='ink'].%.customer", R"("Bo")"}));

INSTANTIATE_TEST_SUITE_P(Predicates, Language, testing::Values(
    Case{"orders[0].id", "1"},
    Case{"orders[-1].id", "3"},
    Case{"orders[7].id", "undefined"},
    Case{"orders[1.9].id", "2"},
    Case{"orders.lines[0].sku", R"(["pen","pen"])"},
    Case{"(orders.lines)[0].sku", R"("pen")"},
    Case{"orders[[0,2]].id", "[1,3]"},
    Case{"orders[[0..1]].id", "[1,2]"},
    Case{"orders[customer='Bo'].id", "[1,3]"},
    Case{"orders[customer='Bo'][1].id", "3"},
    Case{"orders[lines].id", "[1,2]"},
    Case{"orders.lines[price > 2].sku", R"("ink")"},
    Case{"[1,2,3,4][$ % 2 = 0]", "[2,4]"},
    Case{"\"text\"[0]", R"("text")"},
    Case{"\"text\"[1]", "undefined"}));

INSTANTIATE_TEST_SUITE_P(Operators, Language, testing::Values(
    Case{"1 + 2 * 3", "7"},
    Case{"(1 + 2) * 3", "9"},
    Case{"7 / 2", "3.5"},
    Case{"7 % 4", "3"},
    Case{"-7 % 4", "-3"},
    Case{"0.1 + 0.2", "0.30000000000000004"},
    Case{"1 + nothing", "undefined"},
    Case{"10 - 2 - 3", "5"},
    Case{"-(3)", "-3"},
    Case{"- nothing", "undefined"},
    Case{"1e3", "1000"},
    Case{"2 = 2.0", "true"},
    Case{"'a' < 'b'", "true"},
    Case{"3 >= nothing", "undefined"},
    Case{"nothing = nothing", "false"},
    Case{"nothing != 1", "false"},
    Case{"[1,2] = [1,2]", "true"},
    Case{"{'a':1,'b':2} = {'b':2,'a':1}", "true"},
    Case{"2 in [1,2]", "true"},
    Case{"'pen' in orders.lines.sku", "true"},
    Case{"'x' in nothing", "false"},
    Case{"true and 0", "false"},
    Case{"'' or [0, 3]", "true"},
    Case{"and and or", "false"},
    Case{"'a' & 1 & true & null & nothing", R"("a1truenull")"},
    Case{"'x' & [1, 'y'] & {'k': 1.50}", R"("x[1,\"y\"]{\"k\":1.5}")"},
    Case{"[1..4]", "[1,2,3,4]"},
    Case{"[-1..1, 5..6]", "[-1,0,1,5,6]"},
    Case{"[3..1]", "[]"},
    Case{"open ? 'yes' : 'no'", R"("yes")"},
    Case{"nothing ? 'yes'", "undefined"},
    Case{"nothing ?? 4", "4"},
    Case{"note ?? 4", "null"},
    Case{"note ?: 4", "4"},
    Case{"0 ?: 'zero'", R"("zero")"},
    Case{"owner.name ?: 'nobody'", R"("Ada")"},
    Case{"/* a comment */ 1 /* and another */ + 1", "2"}));

INSTANTIATE_TEST_SUITE_P(Constructors, Language, testing::Values(
    Case{"[]", "[]"},
    Case{"[1, [2, 3], nothing]", "[1,[2,3]]"},
    Case{"[orders.id, 9]", "[1,2,3,9]"},
    Case{"orders.[id]", "[[1],[2],[3]]"},
    Case{"[[1,2],[3]].$", "[1,2,3]"},
    Case{"{}", "{}"},
    Case{"{'a': nothing, 'b': 1}", R"({"b":1})"},
    Case{"orders.{'no': id}", R"([{"no":1},{"no":2},{"no":3}])"},
    Case{"orders[0].lines.{sku: price}", R"([{"pen":2},{"ink":7.5}])"},
    Case{"orders{customer: id}", R"({"Bo":[1,3],"Cy":2})"},
    Case{"orders{customer: $count($)}", R"({"Bo":2,"Cy":1})"},
    Case{"orders.lines{sku: $sum(count)}", R"({"pen":13,"ink":1})"},
    Case{"orders{customer: $.lines.sku[]}", R"({"Bo":["pen","ink"],"Cy":["pen"]})"},
    Case{"orders.[id]{'all': $}", R"({"all":[1,2,3]})"},
    Case{"orders[0].[id]{'all': $}", R"({"all":1})"},
    Case{"owner.[name, 'and']{'all': $}", R"({"all":["Ada","and"]})"},
    Case{"owner.[name]{$: 1}", R"({"Ada":1})"},
    Case{"owner.[name][]", R"([["Ada"]])"},
    Case{"{'z': 1, 'a': 2}", R"({"z":1,"a":2})"}));

INSTANTIATE_TEST_SUITE_P(Ordering, Language, testing::Values(
    Case{"orders^(customer, >id).id", "[3,1,2]"},
    Case{"orders.lines^(>price, sku).sku", R"(["ink","pen","pen"])"},
    Case{"[3,1,2]^($)", "[1,2,3]"},
    Case{"['b','a']^(>$)", R"(["b","a"])"},
    Case{"[{'k':1},{},{'k':0}]^(k)", R"([{"k":0},{"k":1},{}])"},
    Case{"[{'k':1},{},{'k':0}]^(>k)", R"([{"k":1},{"k":0},{}])"}));

INSTANTIATE_TEST_SUITE_P(Bindings, Language, testing::Values(
    Case{"($x := 2; $x * 3)", "6"},
    Case{"($x := 1; ($x := 2; $x); $x)", "1"},
    Case{"($x := $y := 4; $x + $y)", "8"},
    Case{"()", "undefined"},
    Case{"orders#$i[$i > 0].id", "[2,3]"},
    Case{"orders#$i.{'at': $i, 'id': id}", R"([{"at":0,"id":1},{"at":1,"id":2},{"at":2,"id":3}])"},
    Case{"orders@$o.lines@$l.{'o': $o.id, 's': $l.sku}", "undefined"},
    Case{"orders@$.id", "[1,2,3]"},
    Case{"orders@$o.$o.lines.{'o': $o.id, 's': sku}", R"([{"o":1,"s":"pen"},{"o":1,"s":"ink"},{"o":2,"s":"pen"}])"},
    Case{"orders.lines@$l.{'s': $l.sku, 'id': id}", R"([{"s":"pen","id":1},{"s":"ink","id":1},{"s":"pen","id":2}])"}));

INSTANTIATE_TEST_SUITE_P(Functions, Language, testing::Values(
    Case{"function($a, $b){$a - $b}(5, 3)", "2"},
    Case{"λ($a){$a}(1)", "1"},
    Case{"($add := function($a){function($b){$a + $b}}; $add(1)(2))", "3"},
    Case{"($f := function($n){$n <= 1 ? 1 : $n * $f($n - 1)}; $f(10))", "3628800"},
    Case{"($f := function($n, $s){$n = 0 ? $s : $f($n - 1, $s + $n)}; $f(20000, 0))", "200010000"},
    Case{"($p := $substring(?, 0, 2); $p('abcdef'))", R"("ab")"},
    Case{"($twice := function($f){function($x){$f($f($x))}}; $twice(function($x){$x * 3})(2))", "18"},
    Case{"'a b' ~> $uppercase ~> $split(' ')", R"(["A","B"])"},
    Case{"($both := $trim ~> $uppercase; $both('  x '))", R"("X")"},
    Case{"[1..3] ~> $map(function($v, $i){$v * $i}) ~> $sum", "8"},
    Case{"$map([1,2], function($v, $i, $a){$a[$i] = $v})", "[true,true]"},
    Case{"orders.lines.$uppercase(sku)", R"(["PEN","INK","PEN"])"},
    Case{"orders.$string(id)", R"(["1","2","3"])"},
    Case{"function($x)<n:n>{$x}(4)", "4"},
    Case{"function($x)<a:a>{$x}(4)", "[4]"},
    Case{"$type(/a/)", R"("function")"},
    Case{"$exists($sum)", "true"}));

INSTANTIATE_TEST_SUITE_P(Transforms, Language, testing::Values(
    Case{"owner ~> |$|{'age': 36}|", R"({"name":"Ada","address":{"city":"Turin"},"age":36})"},
    Case{"owner ~> |address|{'zip': 1}, 'city'|", R"({"name":"Ada","address":{"zip":1}})"},
    Case{"$count(($ ~> |orders|{}, ['lines', 'id']|).orders.id)", "0"},
    Case{"(owner ~> |$|{'name': 'Eve'}|; owner.name)", R"("Ada")"}));

INSTANTIATE_TEST_SUITE_P(Errors, Language, testing::Values(
    Case{"'a' + 1", "error T2001"},
    Case{"1 + 'a'", "error T2002"},
    Case{"-'a'", "error D1002"},
    Case{"1 < 'a'", "error T2009"},
    Case{"1 < true", "error T2010"},
    Case{"[1..'a']", "error T2004"},
    Case{"[1..1e8]", "error D2014"},
    Case{"1 / 0 + 1", "error D1001"},
    Case{"1 / 0", "error D1001"},
    Case{"owner()", "error T1006"},
    Case{"sum(1)", "error T1005"},
    Case{"owner(?)", "error T1008"},
    Case{"1 ~> 2", "error T2006"},
    Case{"{1: 2}", "error T1003"},
    Case{"{'a': 1, 'a': 2}", "error D1009"},
    Case{"orders^(lines)", "error T2008"},
    Case{"[1,'a']^($)", "error T2007"},
    Case{"owner ~> |$|1|", "error T2011"},
    Case{"$sum('x')", "error T0412"},
    Case{"$uppercase(1)", "error T0410"},
    Case{"\"open", "error S0101"},
    Case{"1e999", "error S0102"},
    Case{"'\\q'", "error S0103"},
    Case{"'\\u12'", "error S0104"},
    Case{"`open", "error S0105"},
    Case{"/* open", "error S0106"},
    Case{"1 2", "error S0201"},
    Case{"[1, 2", "error S0203"},
    Case{"(1]", "error S0202"},
    Case{"a !", "error S0204"},
    Case{"1 +", "error S0207"},
    Case{"", "error S0207"},
    Case{"function(a){1}", "error S0208"},
    Case{"a{b:c}{d:e}", "error S0210"},
    Case{")", "error S0211"},
    Case{"a := 1", "error S0212"},
    Case{"a.1", "error S0213"},
    Case{"a@b", "error S0214"},
    Case{"a[0]@$x", "error S0215"},
    Case{"a^(b)@$x", "error S0216"},
    Case{"%", "error S0217"},
    Case{"$match('a', //)", "error S0301"},
    Case{"$match('a', /a", "error S0302"},
    Case{"$match('a', /(/)", "error S0302"},
    Case{"$match('a', /a**/)", "error S0303"},
    Case{"function($x)<n<n>>{1}", "error S0401"},
    Case{"function($x)<(n<n>)>{1}", "error S0402"}));

TEST(JsonataError, SaysWherePositionsCountUtf16Units) {
    const auto compiled = Expression::compile("'\U0001F600' + 1");
    ASSERT_TRUE(compiled);
    const auto result = compiled->evaluate(nullptr);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "T2001");
    EXPECT_EQ(result.error().position, 6u);
    EXPECT_EQ(result.error().token, Json("+"));
    EXPECT_EQ(result.error().message, "The left side of the \"+\" operator must evaluate to a number");
}

TEST(JsonataError, SaysWhereATextEndsWithinAnEscape) {
    const auto compiled = Expression::compile(R"("\u12)");
    ASSERT_FALSE(compiled);
    EXPECT_EQ(compiled.error().code, "S0101");
    EXPECT_EQ(compiled.error().position, 7u);  // where four digits would end, as the reference
}

TEST(JsonataError, ShowsARegularExpressionAsAnEmptyObject) {
    const auto compiled = Expression::compile("function(/a/){1}");
    ASSERT_FALSE(compiled);
    EXPECT_EQ(compiled.error().code, "S0208");
    EXPECT_EQ(compiled.error().token, Json::object());
}

TEST(JsonataError, NamesTheFunctionAndTheArgument) {
    const auto compiled = Expression::compile("$join([1, 2])");
    ASSERT_TRUE(compiled);
    const auto result = compiled->evaluate(nullptr);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "T0412");
    EXPECT_EQ(result.error().token, Json("join"));
    EXPECT_EQ(result.error().message, "Argument 1 of function \"join\" must be an array of \"strings\"");
}

TEST(JsonataOptions, SwitchOperatorsAndFunctions) {
    EXPECT_EQ(outcome("1 ?? 2", "", {.coalescing_operators = false}), "error S0211");
    EXPECT_EQ(outcome("$eval('1+1')", ""), "2");
    EXPECT_EQ(outcome("$eval('1+1')", "", {.eval = false}), "error T1006");
    EXPECT_EQ(outcome("$uuid()", "", {.aws_functions = false}), "error T1006");
}

TEST(JsonataInput, MayBeAnArrayThatIsOneInput) {
    EXPECT_EQ(outcome("$count($)", "[1,2,3]"), "3");
    EXPECT_EQ(outcome("$[0]", "[1,2,3]"), "1");
    EXPECT_EQ(outcome("$string($)", "[1,2]"), R"("[1,2]")");
    EXPECT_EQ(outcome("$", "[]"), "[]");
    EXPECT_EQ(outcome("$", ""), "undefined");
}

TEST(JsonataBindings, AreVariablesAndTheLastOfANameWins) {
    const Json one = 1;
    const Json two = 2;
    const Binding bindings[]{{"x", &one}, {"x", &two}, {"count", &one}};
    const auto compiled = Expression::compile("[$x, $count, $missing]");
    ASSERT_TRUE(compiled);
    const auto result = compiled->evaluate(nullptr, bindings);
    ASSERT_TRUE(result);
    EXPECT_EQ(to_text(**result), "[2,1]");
}

TEST(JsonataResults, SpellInfinitiesWhereThatIsAsked) {
    Environment environment;
    environment.non_finite = NonFinite::as_text;
    const auto compiled = Expression::compile("[1/0, {'k': -1/0}, 0/0, 1.5]");
    ASSERT_TRUE(compiled);
    constexpr std::string_view expected = R"(["Infinity",{"k":"-Infinity"},"NaN",1.5])";
    EXPECT_EQ(to_text(**compiled->evaluate(nullptr, {}, environment)), expected);
    std::string memory;
    EXPECT_EQ(**compiled->evaluate_text(nullptr, memory, {}, environment), expected);
    EXPECT_EQ(compiled->evaluate(nullptr).error().code, "D1001");
    EXPECT_EQ(compiled->evaluate_text(nullptr, memory).error().code, "D1001");
    const auto reckoned = Expression::compile("1/0 + 1")->evaluate(nullptr, {}, environment);
    ASSERT_FALSE(reckoned);
    EXPECT_EQ(reckoned.error().code, "D1001");
}

TEST(JsonataReferences, AreWhatTheExpressionTakesFromOutside) {
    const auto compiled = Expression::compile(
        "($local := $states.input.a.b; $f := function($p){$p + $local + $other}; $f($states.result[0].x) ~> $sum)");
    ASSERT_TRUE(compiled);
    const auto references = compiled->references();
    ASSERT_EQ(references.size(), 3u);
    EXPECT_EQ(references[0].name, "states");
    EXPECT_EQ(references[0].path, (std::vector<std::string>{"input", "a", "b"}));
    EXPECT_EQ(references[1].name, "other");
    EXPECT_EQ(references[2].path, (std::vector<std::string>{"result"}));
}

TEST(JsonataReferences, CountTheContextOnlyWhereItIsTheInput) {
    const auto names = [](std::string_view text) {
        std::vector<std::string> found;
        const auto compiled = Expression::compile(text);
        for (const Reference& reference : compiled->references()) found.push_back(reference.name);
        return found;
    };
    EXPECT_EQ(names("$states.input[price > $limit].{'n': name}"), (std::vector<std::string>{"states", "limit"}));
    EXPECT_EQ(names("$.a & $$.b"), (std::vector<std::string>{"", "$"}));
    EXPECT_EQ(Expression::compile("$.a")->references()[0].path, std::vector<std::string>{});
    EXPECT_EQ(Expression::compile("a.b")->references()[0].path, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(names("[1,2].($ + 1)"), std::vector<std::string>{});
    EXPECT_EQ(names("$states.input@$i.{'x': $i}"), std::vector<std::string>{"states"});
}

}  // namespace
}  // namespace pawl::jsonata
