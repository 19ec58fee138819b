// What the intrinsic functions give.
#include <gtest/gtest.h>

#include <regex>

#include "states/data/expression.hpp"
#include "states/error_names.hpp"
#include "tests/states/expression_scope.hpp"

namespace pawl::data {
namespace {

const char* const input = R"({"n":5,"x":1.5,"t":"text","nul":null,"yes":true,"list":[1,2,3,4,5],"o":{"a":1,"b":[]},
    "tpl":"n={}, t={}","json":"{\"k\":[1,2]}","csv":"a,b;c","mixed":[1,1.0,"1",true,null,[1],{"a":1}]})";

struct IntrinsicCase {
    std::string name;
    std::string call;
    std::string expected;
};

class Intrinsic : public testing::TestWithParam<IntrinsicCase> {};

TEST_P(Intrinsic, Gives) {
    TestScope given{input};
    const auto call = IntrinsicCall::compile(GetParam().call);
    ASSERT_TRUE(call) << call.error();
    const auto value = call->evaluate(given.scope());
    ASSERT_TRUE(value) << *value.error().cause;
    EXPECT_EQ(to_text(*value), GetParam().expected);
}

const auto named = [](const auto& test) { return test.param.name; };

INSTANTIATE_TEST_SUITE_P(
    Format, Intrinsic,
    testing::Values(IntrinsicCase{"NoPlaceholder", "States.Format('plain')", R"("plain")"},
                    IntrinsicCase{"OneText", "States.Format('Hello {}!', $.t)", R"("Hello text!")"},
                    IntrinsicCase{"SeveralInOrder", "States.Format('{}-{}-{}', 1, 'b', $.n)", R"("1-b-5")"},
                    IntrinsicCase{"TemplateByPath", "States.Format($.tpl, $.n, $.t)", R"("n=5, t=text")"},
                    IntrinsicCase{"NullIsWrittenOut", "States.Format('{}', $.nul)", R"("null")"},
                    IntrinsicCase{"NullLiteral", "States.Format('{}', null)", R"("null")"},
                    IntrinsicCase{"Booleans", "States.Format('{} {}', true, $.yes)", R"("true true")"},
                    IntrinsicCase{"Fraction", "States.Format('{}', $.x)", R"("1.5")"},
                    IntrinsicCase{"WholeFractionKeepsItsZero", "States.Format('{}', 2.0)", R"("2.0")"},
                    IntrinsicCase{"LargeFractionAsJavaPrintsIt", "States.Format('{} {}', 12345678.5, 1e21)",
                                  R"("1.23456785E7 1.0E21")"},
                    IntrinsicCase{"SmallFractionAsJavaPrintsIt", "States.Format('{} {} {}', 0.001, 0.00012, -0.25)",
                                  R"("0.001 1.2E-4 -0.25")"},
                    IntrinsicCase{"LargeIntegerStays", "States.Format('{}', 9007199254740993)",
                                  R"("9007199254740993")"},
                    IntrinsicCase{"ObjectsAsJavaPrintsThem", "States.Format('{}', $.o)", R"("{a=1, b=[]}")"},
                    IntrinsicCase{"ArraysAsJavaPrintsThem", "States.Format('{}', $.list)", R"("[1, 2, 3, 4, 5]")"},
                    IntrinsicCase{"EscapedQuote", R"(States.Format('it\'s {}', 1))", R"("it's 1")"},
                    IntrinsicCase{"EscapedBracesAreNoPlaceholder", R"(States.Format('\{\} {}', 1))", R"("{} 1")"},
                    IntrinsicCase{"EscapedBackslash", R"(States.Format('a\\b'))", R"("a\\b")"},
                    IntrinsicCase{"BracesThatAreNotEmptyStay", R"(States.Format('{"a": {}}', 1))", R"("{\"a\": 1}")"},
                    IntrinsicCase{"PlaceholderInAnArgumentStays", "States.Format('{}', '{}')", R"("{}")"},
                    IntrinsicCase{"DoubleQuotesNeedNoEscape", R"(States.Format('"{}"', 1))", R"("\"1\"")"},
                    IntrinsicCase{"NonAscii", "States.Format('größe {}', 'ß')", R"("größe ß")"},
                    IntrinsicCase{"CommaAndParenthesisInAText", "States.Format('a,(b) {}', 1)", R"("a,(b) 1")"},
                    IntrinsicCase{"ContextObject", "States.Format('{}', $$.Execution.Name)", R"("run")"},
                    IntrinsicCase{"Variable", "States.Format('{}', $order.id)", R"("7")"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Json, Intrinsic,
    testing::Values(
        IntrinsicCase{"StringToJson", "States.StringToJson($.json)", R"({"k":[1,2]})"},
        IntrinsicCase{"StringToJsonOfALiteral", R"(States.StringToJson('{"a": "b"}'))", R"({"a":"b"})"},
        IntrinsicCase{"StringToJsonOfAScalar", "States.StringToJson(' 1.5 ')", "1.5"},
        IntrinsicCase{"StringToJsonOfMinusZero", "States.StringToJson('-0')", "0"},
        IntrinsicCase{"StringToJsonOfNothing", "States.StringToJson('')", "null"},
        IntrinsicCase{"StringToJsonOfBlanks", "States.StringToJson('  ')", "null"},
        IntrinsicCase{"JsonToString", "States.JsonToString($.o)", R"("{\"a\":1,\"b\":[]}")"},
        IntrinsicCase{"JsonToStringOfAText", "States.JsonToString($.t)", R"("\"text\"")"},
        IntrinsicCase{"JsonToStringOfNull", "States.JsonToString($.nul)", R"("null")"},
        IntrinsicCase{"JsonToStringOfFractions", "States.JsonToString(1e10)", R"("1.0E10")"},
        IntrinsicCase{"JsonToStringOfTheInput", "States.JsonToString($order.lines)",
                      R"("[{\"sku\":\"a\"},{\"sku\":\"b\"}]")"},
        IntrinsicCase{"JsonToStringUndoesStringToJson", "States.StringToJson(States.JsonToString($.o))",
                      R"({"a":1,"b":[]})"},
        IntrinsicCase{"JsonMerge", R"(States.JsonMerge($.o, States.StringToJson('{"b":2,"c":3}'), false))",
                      R"({"a":1,"b":2,"c":3})"},
        IntrinsicCase{
            "JsonMergeIsShallow",
            R"(States.JsonMerge(States.StringToJson('{"x":{"a":1}}'), States.StringToJson('{"x":{"b":2}}'), false))",
            R"({"x":{"b":2}})"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Arrays, Intrinsic,
    testing::Values(
        IntrinsicCase{"ArrayOfNothing", "States.Array()", "[]"},
        IntrinsicCase{"ArrayOfAnything", "States.Array(1, 'a', true, null, $.o, -2.5)",
                      R"([1,"a",true,null,{"a":1,"b":[]},-2.5])"},
        IntrinsicCase{"Partition", "States.ArrayPartition($.list, 2)", "[[1,2],[3,4],[5]]"},
        IntrinsicCase{"PartitionRounds", "States.ArrayPartition($.list, 2.5)", "[[1,2,3],[4,5]]"},
        IntrinsicCase{"PartitionLargerThanTheArray", "States.ArrayPartition($.list, 9)", "[[1,2,3,4,5]]"},
        IntrinsicCase{"PartitionOfNothing", "States.ArrayPartition(States.Array(), 2)", "[]"},
        IntrinsicCase{"Contains", "States.ArrayContains($.list, 3)", "true"},
        IntrinsicCase{"ContainsNot", "States.ArrayContains($.list, 9)", "false"},
        IntrinsicCase{"ContainsTellsTypesApart", "States.ArrayContains($.list, '3')", "false"},
        IntrinsicCase{"ContainsObject", "States.ArrayContains($.mixed, States.StringToJson('{\"a\":1}'))", "true"},
        IntrinsicCase{"ContainsNull", "States.ArrayContains($.mixed, $.nul)", "true"},
        IntrinsicCase{"Range", "States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]"},
        IntrinsicCase{"RangeStopsBeforeTheEnd", "States.ArrayRange(0, 5, 3)", "[0,3]"},
        IntrinsicCase{"RangeDownwards", "States.ArrayRange(3, -1, -2)", "[3,1,-1]"},
        IntrinsicCase{"RangeOfOne", "States.ArrayRange(4, 4, -1)", "[4]"},
        IntrinsicCase{"RangeTheWrongWay", "States.ArrayRange(1, 5, -1)", "[]"},
        IntrinsicCase{"RangeRounds", "States.ArrayRange(0.5, 2.4, 1)", "[1,2]"},
        IntrinsicCase{"GetItem", "States.ArrayGetItem($.list, 0)", "1"},
        IntrinsicCase{"GetItemOfMixed", "States.ArrayGetItem($.mixed, 6)", R"({"a":1})"},
        IntrinsicCase{"Length", "States.ArrayLength($.list)", "5"},
        IntrinsicCase{"LengthOfWhatSelectsNothing", "States.ArrayLength($.nope[*])", "0"},
        IntrinsicCase{"Unique", "States.ArrayUnique(States.Array(1, 2, 1, 'a', 'a', null, null, true))",
                      R"([1,2,"a",null,true])"},
        IntrinsicCase{"UniqueTellsTypesApart", "States.ArrayUnique($.mixed)", R"([1,1.0,"1",true,null,[1],{"a":1}])"},
        IntrinsicCase{"UniqueIgnoresTheOrderOfMembers",
                      R"(States.ArrayUnique(States.StringToJson('[{"a":1,"b":2},{"b":2,"a":1},[1,2],[2,1]]')))",
                      R"([{"a":1,"b":2},[1,2],[2,1]])"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Encoding, Intrinsic,
    testing::Values(
        IntrinsicCase{"Base64", "States.Base64Encode('Data to encode')", R"("RGF0YSB0byBlbmNvZGU=")"},
        IntrinsicCase{"Base64OfNothing", "States.Base64Encode('')", R"("")"},
        IntrinsicCase{"Base64OfUtf8", "States.Base64Encode('ß')", R"("w58=")"},
        IntrinsicCase{"Base64UsesPlusAndSlash", "States.Base64Encode('>>>aa?')", R"("Pj4+YWE/")"},
        IntrinsicCase{"Base64Decode", "States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", R"("Data to encode")"},
        IntrinsicCase{"Base64DecodeOfNothing", "States.Base64Decode('')", R"("")"},
        IntrinsicCase{"Base64DecodeNeedsNoPadding", "States.Base64Decode('YQ')", R"("a")"},
        IntrinsicCase{"Base64DecodeOfTwoBytes", "States.Base64Decode('YWI=')", R"("ab")"},
        IntrinsicCase{"Base64DecodePassesOverLineBreaks", "States.Base64Decode('YW\r\nJj')", R"("abc")"},
        IntrinsicCase{"Base64DecodeOfBytesThatAreNoText", "States.Base64Decode('/w==')", "\"\xef\xbf\xbd\""},
        IntrinsicCase{"Md5", "States.Hash('abc', 'MD5')", R"("900150983cd24fb0d6963f7d28e17f72")"},
        IntrinsicCase{"Sha1", "States.Hash('abc', 'SHA-1')", R"("a9993e364706816aba3e25717850c26c9cd0d89d")"},
        IntrinsicCase{"Sha256", "States.Hash('abc', 'SHA-256')",
                      R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")"},
        IntrinsicCase{
            "Sha384", "States.Hash('abc', 'SHA-384')",
            R"("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")"},
        IntrinsicCase{
            "Sha512", "States.Hash('abc', 'SHA-512')",
            R"("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    StringsAndNumbers, Intrinsic,
    testing::Values(IntrinsicCase{"Split", "States.StringSplit('1,2,3', ',')", R"(["1","2","3"])"},
                    IntrinsicCase{"SplitAtAnyOfSeveral", "States.StringSplit($.csv, ',;')", R"(["a","b","c"])"},
                    IntrinsicCase{"SplitLeavesOutWhatIsEmpty", "States.StringSplit(',,a,,b,', ',')", R"(["a","b"])"},
                    IntrinsicCase{"SplitOfOnlySeparators", "States.StringSplit('...', '.')", "[]"},
                    IntrinsicCase{"SplitOfNothing", "States.StringSplit('', ',')", "[]"},
                    IntrinsicCase{"SplitAtNothing", "States.StringSplit('abc', '')", R"(["abc"])"},
                    IntrinsicCase{"SplitAtWholeCharacters", "States.StringSplit('aéb', 'é')", R"(["a","b"])"},
                    IntrinsicCase{"SplitDoesNotCutCharacters", "States.StringSplit('aéb', 'è')", R"(["aéb"])"},
                    IntrinsicCase{"Add", "States.MathAdd(111, -1)", "110"},
                    IntrinsicCase{"AddRoundsEach", "States.MathAdd(1.5, 1.51)", "4"},
                    IntrinsicCase{"AddRoundsHalvesUp", "States.MathAdd(-1.5, 0)", "-1"},
                    IntrinsicCase{"AddToTheLimit", "States.MathAdd(2147483646, 1)", "2147483647"},
                    IntrinsicCase{"RandomWithASeedIsJavas", "States.MathRandom(0, 100, 42)", "30"},
                    IntrinsicCase{"RandomOfAPowerOfTwo", "States.MathRandom(0, 64, 42)", "46"},
                    IntrinsicCase{"RandomOfARangeOfOne", "States.MathRandom(7, 8)", "7"}),
    named);

INSTANTIATE_TEST_SUITE_P(
    Nested, Intrinsic,
    testing::Values(IntrinsicCase{"LastItem",
                                  "States.ArrayGetItem($.list, States.MathAdd(States.ArrayLength($.list), -1))", "5"},
                    IntrinsicCase{"PathWithAFilter", "States.ArrayLength($.list[?(@ > 2 && @ != 4)])", "2"},
                    IntrinsicCase{"PathWithTextInBrackets", "States.Format('{}', $['t'])", R"("text")"},
                    IntrinsicCase{"PathWithAFunction", "States.MathAdd($.list.length(), 1)", "6"},
                    IntrinsicCase{"BlanksAnywhere", " States.Format ( 'a{}' ,\n 1 ) ", R"("a1")"}),
    named);

TEST(Intrinsic, UuidIsOneOfVersion4) {
    TestScope given;
    const auto call = *IntrinsicCall::compile("States.UUID()");
    const auto first = *call.evaluate(given.scope());
    const std::regex version4{"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
    EXPECT_TRUE(std::regex_match(first.get<std::string>(), version4)) << first;
    EXPECT_NE(first, *call.evaluate(given.scope()));
}

TEST(Intrinsic, RandomStaysInItsRange) {
    TestScope given;
    const auto call = *IntrinsicCall::compile("States.MathRandom(-3, 3)");
    for (int i = 0; i < 200; ++i) {
        const auto value = call.evaluate(given.scope())->get<int>();
        EXPECT_GE(value, -3);
        EXPECT_LT(value, 3);
    }
}

TEST(Intrinsic, TheSameSeedOfTheStimulusGivesTheSameNumbers) {
    TestScope one;
    TestScope other;
    const auto call = *IntrinsicCall::compile("States.Array(States.UUID(), States.MathRandom(0, 1000000))");
    EXPECT_EQ(*call.evaluate(one.scope()), *call.evaluate(other.scope()));
}

TEST(Intrinsic, NamesThePathsInIt) {
    const auto call = *IntrinsicCall::compile("States.Format('{}{}', $.a, States.ArrayLength($v.b[*]))");
    const auto paths = call.paths();
    ASSERT_EQ(paths.size(), 2u);
    EXPECT_EQ(paths[0].text(), "$.a");
    EXPECT_EQ(paths[1].variable(), "v");
}

}  // namespace
}  // namespace pawl::data
