// Text that is not JSON: what is said, and where.
#include <gtest/gtest.h>

#include <string>

#include "states/asl/definition.hpp"
#include "states/asl/diagnostic_text.hpp"

namespace pawl::asl {
namespace {

struct Broken {
    std::string name;
    std::string text;
    std::string message;
    Position position;
    std::string location;
    std::string code = "INVALID_JSON_DESCRIPTION";
};
class Syntax : public testing::TestWithParam<Broken> {};

TEST_P(Syntax, SaysWhatWasFoundAndWhatWasExpected) {
    const auto& broken = GetParam();
    const auto parsed = parse_definition(broken.text);
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    const auto& found = parsed.diagnostics.front();
    EXPECT_EQ(found.code, broken.code);
    EXPECT_EQ(found.message, broken.message);
    EXPECT_EQ(found.position, broken.position);
    EXPECT_EQ(found.location, broken.location);
    EXPECT_EQ(parsed.definition, nullptr);
}

const std::string values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

// clang-format off
INSTANTIATE_TEST_SUITE_P(Texts, Syntax, testing::Values(
    Broken{"Empty", "", "Received a null or empty workflow input", {1, 1}, "", "MISSING_DESCRIPTION"},
    Broken{"Blank", " \n ", "No content to map due to end-of-input", {2, 2}, "[line: 2, column: 2]"},
    Broken{"Word", "not json", "Unrecognized token 'not': was expecting " + values, {1, 1}, "[line: 1, column: 4]"},
    Broken{"TrailingComma", "{\"a\": 1,}", "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", {1, 9}, "[line: 1, column: 10]"},
    Broken{"MissingComma", "{\"a\": 1\n \"b\": 2}", "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries", {2, 2}, "[line: 2, column: 3]"},
    Broken{"MissingColon", "{\"a\" 1}", "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", {1, 6}, "[line: 1, column: 7]"},
    Broken{"MissingValue", "[1,]", "Unexpected character (']' (code 93)): expected a valid value " + values, {1, 4}, "[line: 1, column: 5]"},
    Broken{"Placeholder", "{\"a\": ${Arn}}", "Unrecognized token '$': was expecting " + values, {1, 7}, "[line: 1, column: 8]"},
    Broken{"WrongCloser", "{\"a\": [1}", "Unexpected close marker '}': expected ']' (for Array starting at [line: 1, column: 7])", {1, 9}, "[line: 1, column: 10]"},
    Broken{"UnfinishedObject", "{\"a\": 1", "Unexpected end-of-input: expected close marker for Object (start marker at [line: 1, column: 1])", {1, 8}, "[line: 1, column: 8]"},
    Broken{"UnfinishedMember", "{\"a\":", "Unexpected end-of-input within/between Object entries", {1, 6}, "[line: 1, column: 6]"},
    Broken{"UnfinishedList", "[1, ", "Unexpected end-of-input within/between Array entries", {1, 5}, "[line: 1, column: 5]"},
    Broken{"UnfinishedString", "[\"a", "Unexpected end-of-input: was expecting closing quote for a string value", {1, 4}, "[line: 1, column: 4]"},
    Broken{"UnfinishedKey", "{\"a", "Unexpected end-of-input in field name", {1, 4}, "[line: 1, column: 4]"},
    Broken{"NewLineInAString", "[\"a\nb\"]", "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value", {1, 4}, "[line: 2, column: 1]"},
    Broken{"UnknownEscape", "[\"\\q\"]", "Unrecognized character escape 'q' (code 113)", {1, 4}, "[line: 1, column: 5]"},
    Broken{"ShortUnicodeEscape", "[\"\\u12\"]", "Unexpected character ('\"' (code 34)): expected a hex-digit for character escape sequence", {1, 7}, "[line: 1, column: 8]"},
    Broken{"LeadingZero", "[012]", "Invalid numeric value: Leading zeroes not allowed", {1, 3}, "[line: 1, column: 4]"},
    Broken{"OnlyAMinus", "[-x]", "Unexpected character ('x' (code 120)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value", {1, 3}, "[line: 1, column: 4]"},
    Broken{"NoFraction", "[1.]", "Unexpected character (']' (code 93)) in numeric value: Decimal point not followed by a digit", {1, 4}, "[line: 1, column: 5]"},
    Broken{"NoExponent", "[1e]", "Unexpected character (']' (code 93)) in numeric value: Exponent indicator not followed by a digit", {1, 4}, "[line: 1, column: 5]"},
    Broken{"BeyondDouble", "[1e999]", "Numeric value (1e999) out of range of double", {1, 2}, "[line: 1, column: 7]"},
    Broken{"SingleQuotes", "{'a': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", {1, 2}, "[line: 1, column: 3]"},
    Broken{"Twice", "{}\n{}", "Unexpected character ('{' (code 123)): expected no more after the end of the definition", {2, 1}, "[line: 2, column: 2]"},
    Broken{"ControlCharacter", std::string{"{\x01}", 3}, "Unexpected character ((CTRL-CHAR, code 1)): was expecting double-quote to start field name", {1, 2}, "[line: 1, column: 3]"},
    Broken{"NotUtf8", "[\"\xFF\"]", "Invalid UTF-8 start byte 0xff", {1, 3}, "[line: 1, column: 4]"},
    Broken{"NotUtf8InANumber", "[1.\xFF]", "Invalid UTF-8 start byte 0xff", {1, 4}, "[line: 1, column: 5]"},
    Broken{"Surrogate", "[\"\xED\xA0\x80\"]", "Invalid UTF-8 start byte 0xed", {1, 3}, "[line: 1, column: 4]"},
    Broken{"TooDeep", std::string(600, '[') + std::string(600, ']'), "nested more than 512 levels deep", {1, 513}, "[line: 1, column: 513]"}
), [](const auto& test) { return test.param.name; });
// clang-format on

TEST(SyntaxHint, ExplainsThatJsonHasNoComments) {
    const auto parsed = parse_definition("{\n  // the start\n  \"StartAt\": \"A\"}");
    EXPECT_EQ(parsed.diagnostics.front().hint, "JSON has no comments: use a Comment field");
}

TEST(Robustness, ANulCharacterEndsNoText) {
    for (const std::string& text : {std::string{"{}\0{", 4}, std::string{"9\0", 2}, std::string{"\0", 1}}) {
        EXPECT_FALSE(parse_json(text));
        EXPECT_EQ(parse_definition(text).definition, nullptr);
    }
    EXPECT_TRUE(parse_json(R"("\u0000")"));
}

TEST(Robustness, EveryPrefixOfADefinitionIsAnsweredWithDiagnostics) {
    const std::string text = R"({"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.a",)"
                             R"("NumericEquals": -1.5e3, "Next": "B"}], "Default": "B"}, "B": {"Type": "Fail"}}})";
    for (std::size_t length = 0; length < text.size(); ++length) {
        const auto parsed = parse_definition(text.substr(0, length));
        EXPECT_EQ(parsed.definition, nullptr);
        EXPECT_EQ(parsed.diagnostics.size(), 1U) << length;
    }
    EXPECT_NE(parse_definition(text).definition, nullptr);
}

TEST(Robustness, EveryByteReplacedIsAnswered) {
    const std::string text = R"({"StartAt":"A","States":{"A":{"Type":"Map","ItemProcessor":{"StartAt":"I","States":)"
                             R"({"I":{"Type":"Wait","Seconds":1,"End":true}}},"End":true}}})";
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char c : {'"', '{', '}', '[', ',', ':', '\\', '0', 'e', '\xFF', '\0'}) {
            std::string changed = text;
            changed[at] = c;
            const auto parsed = parse_definition(changed);
            EXPECT_TRUE(parsed.definition || !parsed.diagnostics.empty()) << changed;
        }
    }
}

TEST(Robustness, StatesInStatesHaveALimit) {
    std::string text = R"({"Type": "Succeed"})";
    for (int i = 0; i < 40; ++i) {
        const std::string name = "N" + std::to_string(i);
        text = R"({"Type": "Parallel", "End": true, "Branches": [{"StartAt": ")" + name + R"(", "States": {")" + name +
               "\": " + text + "}}]}";
    }
    const auto parsed = parse_definition(R"({"StartAt": "S", "States": {"S": )" + text + "}}");
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    EXPECT_EQ(parsed.diagnostics.front().code, "TOO_DEEPLY_NESTED");
    EXPECT_EQ(parsed.diagnostics.front().message, "The states are too deeply nested");
}

TEST(Robustness, DiagnosticsHaveALimit) {
    std::string states = R"("S": {"Type": "Pass", "Next": "E"}, "E": {"Type": "Succeed"})";
    for (int i = 0; i < 5000; ++i)
        states += ", \"X" + std::to_string(i) + R"(": {"Type": "Pass", "Next": "Gone", "Nextt": 1})";
    const auto parsed = parse_definition(R"({"StartAt": "S", "States": {)" + states + "}}");
    EXPECT_EQ(parsed.diagnostics.size(), 1000U);
}

}  // namespace
}  // namespace pawl::asl
