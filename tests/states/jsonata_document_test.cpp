// Input as an index into its text: the same texts are JSON as for parse_json, and they mean the same.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "states/jsonata/document.hpp"
#include "states/jsonata/jsonata.hpp"

namespace pawl::jsonata {
namespace {

std::string evaluated(std::string_view expression, const Document& document) {
    const auto compiled = Expression::compile(expression);
    if (!compiled) return "error " + compiled.error().code;
    std::string memory;
    const auto result = compiled->evaluate_text(&document, memory);
    if (!result) return "error " + result.error().code;
    return std::string{result->value_or("undefined")};
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string object_of(std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) text += "\"key" + std::to_string(i) + "\": " + std::to_string(i) + ", ";
    return text + "\"key3\": \"last\"}";
}

const std::vector<std::string>& texts() {
    using namespace std::string_literals;
    static const std::vector<std::string> all{
        "",
        " ",
        "1",
        " 1 ",
        "-",
        "-0",
        "-0.0",
        "0.0",
        "01",
        "1.",
        ".5",
        "+1",
        "1e5",
        "1E+2",
        "1e",
        "1e999",
        "-1e999",
        "1e-400",
        "0.1",
        "123456789012345",
        "1234567890123456",
        "9007199254740993",
        "-9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "0.30000000000000004",
        "12345678901234.5",
        "123456789.123456789",
        "1 2",
        "1,",
        "[1 2]",
        "1a",
        "1\"a\"",
        "true",
        "false",
        "null",
        "tru",
        "truex",
        "nul",
        "nulll",
        "[true,false,null]",
        "[truefalse]",
        "true\"x\"",
        "True",
        "\"\"",
        "\"a",
        "a\"",
        "\"a\"b",
        "\"a\"\"b\"",
        "\"\\\"\"",
        "\"\\\\\"",
        "\"\\",
        "\"\\x\"",
        "\"\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ude00\\ud83d\"",
        "\"\\u12\"",
        "\"\\n\\t\\/\"",
        "\"tab\there\"",
        "\"\x7f\"",
        "\"é😀\"",
        "\"\xc3\"",
        "\"\xed\xa0\x80\"",
        "\xef\xbb\xbf[1]",
        "[1]\xef\xbb\xbf",
        "[",
        "]",
        "{",
        "}",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        "[,]",
        "[1,]",
        "[,1]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{1:1}",
        "[1:2]",
        "{\"a\":1]",
        "[1}",
        "[[]",
        "[]]",
        "{\"a\":{}}}",
        "{\"a\":1 \"b\":2}",
        "{\"a\"::1}",
        "{\"a\":1,,\"b\":2}",
        "[1]x",
        "[1] [2]",
        "[\"a\" : 1]",
        "{\"a\":1,\"b\":2,\"a\":3}",
        "{\"\\u0061\":1,\"a\":2}",
        "{\"\":1,\"\":2}",
        "{ \"a\" : [ 1 , { \"b\" : \"c\" } ] , \"d\" : \"e\" }",
        "\t[\r\n1\n,\t\"a\" ]\n",
        "[1]\0"s,
        "[1\0]"s,
        "1\0"s,
        "\0"s,
        "\"a\0b\""s,
        "[1,2\v]",
        "[1,\f2]",
        nested(512),
        nested(513),
        object_of(15),
        object_of(16),
        object_of(17),
        object_of(40),
        object_of(500),
        "[" + object_of(20) + "," + object_of(33) + "]",
        "[[1,2],[],[[3]],{\"a\":[4,{\"b\":[]}]},\"x\"]",
    };
    return all;
}

// Texts of random values, some with a byte too many, too few or another one; and random tokens in a row.
class RandomTexts {
  public:
    std::string next() {
        std::string text;
        if (below(3) == 0) {
            for (std::size_t tokens = 1 + below(10); tokens > 0; --tokens) text += any_of(tokens_);
            return text;
        }
        text = value(4);
        for (std::size_t changes = below(3); changes > 0 && !text.empty(); --changes) {
            const std::size_t at = below(text.size());
            text.replace(at, below(2), below(3) == 0 ? "" : any_of(tokens_));
        }
        return text;
    }

  private:
    std::string value(std::size_t depth) {
        if (depth == 0 || below(2) == 0) return any_of(scalars_);
        std::string members;
        const bool is_object = below(2) == 0;
        for (std::size_t count = below(5); count > 0; --count) {
            if (is_object) members += any_of(keys_) + (below(5) == 0 ? " : " : ":");
            members += value(depth - 1) + (count > 1 ? "," : "");
        }
        return is_object ? "{" + members + "}" : "[" + members + " ]";
    }
    std::string any_of(const std::vector<std::string>& these) { return these[below(these.size())]; }
    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_); }

    std::mt19937 random_{20261123};
    const std::vector<std::string> scalars_{"1",        "\"a\"", "true", "null",     "-15e-1",
                                            "\"b\\n\"", "12.25", "\"\"", "100000000"};
    const std::vector<std::string> keys_{"\"a\"", "\"b\"", "\"ab\"", "\"a\\u0062\"", "\"\"", "\"x\" "};
    const std::vector<std::string> tokens_{"[", "]", "{",    "}", ",",      ":",  "\"a\"", "1",
                                           "7", ".", "true", " ", "\"a\":", "{}", "[]"};
};

TEST(JsonataDocument, AnyTextMeansWhatItMeansAsJson) {
    const std::vector<std::string> looks{"$", "a", "b", "ab", "a.b", "$.a[0]", "$.*", "**.a", "$keys($)", "$count($)"};
    std::vector<Expression> expressions;
    for (const std::string& look : looks) expressions.push_back(*Expression::compile(look));
    RandomTexts texts;
    Document document;
    std::string memory;
    int read = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = texts.next();
        const auto parsed = parse_json(text);
        const std::vector<char> exact(text.begin(), text.end());  // with nothing behind it, so that a sanitizer sees
        ASSERT_EQ(!document.read({exact.data(), exact.size()}), static_cast<bool>(parsed)) << text;
        if (!parsed) continue;
        ++read;
        for (std::size_t look = 0; look < looks.size(); ++look) {
            const auto value = *expressions[look].evaluate(&*parsed);
            const auto printed = *expressions[look].evaluate_text(&document, memory);
            ASSERT_EQ(printed.has_value(), value.has_value()) << looks[look] << " of " << text;
            if (!value) continue;
            ASSERT_EQ(*parse_json(*printed), *value) << looks[look] << " of " << text;
        }
    }
    EXPECT_GT(read, 5'000);
}

TEST(JsonataDocument, MeansWhatParseJsonSays) {
    const auto whole = *Expression::compile("$");
    Document document;  // the same for all: what one text leaves behind must not show in the next
    for (const std::string& text : texts()) {
        const auto parsed = parse_json(text);
        const auto wrong = document.read(text);
        ASSERT_EQ(!wrong, static_cast<bool>(parsed)) << text;
        if (wrong) {
            EXPECT_EQ(wrong->offset, parsed.error().offset) << text;
            EXPECT_EQ(wrong->message, parsed.error().message) << text;
            continue;
        }
        for (int round = 0; round < 2; ++round) {  // the second finds what the first has noted
            const auto printed = parse_json(evaluated("$", document));
            ASSERT_TRUE(printed) << text;
            EXPECT_EQ(*printed, *parsed) << text;
            EXPECT_EQ(to_text(*printed), to_text(**whole.evaluate(&*parsed))) << text;  // the order of keys as well
        }
    }
}

TEST(JsonataDocument, FindsTheLastOfEqualNames) {
    Document document;
    for (const std::size_t members : {10, 16, 17, 18, 300}) {
        const std::string text = object_of(members);
        ASSERT_FALSE(document.read(text));
        EXPECT_EQ(evaluated("key3", document), "\"last\"");
        EXPECT_EQ(evaluated("$count($keys($))", document), std::to_string(members));
        EXPECT_EQ(evaluated("$lookup($, 'key9')", document), "9");
        EXPECT_EQ(evaluated("$exists(key" + std::to_string(members) + ")", document), "false");
    }
}

TEST(JsonataDocument, ReadsThroughItemsAndMembers) {
    Document document;
    ASSERT_FALSE(
        document.read(R"({"a\u0062": [{"n": 1, "s": "x\ty"}, {"n": 2.5}, {"n": 12345678901234567890}], "e": {}})"));
    EXPECT_EQ(evaluated("ab.n", document), "[1,2.5,12345678901234567890]");
    EXPECT_EQ(evaluated("ab[1].n + 1", document), "3.5");
    EXPECT_EQ(evaluated("ab[0].s", document), R"("x\ty")");
    EXPECT_EQ(evaluated("ab[-1] = ab[2]", document), "true");
    EXPECT_EQ(evaluated("ab[0] in ab", document), "true");  // the very same place
    EXPECT_EQ(evaluated("$merge([e, ab[0]]).n", document), "1");
    EXPECT_EQ(evaluated("$type(e)", document), R"("object")");
    EXPECT_EQ(evaluated("nothing", document), "undefined");
}

TEST(JsonataDocument, PrintsLikeJsonStringify) {
    Document document;
    ASSERT_FALSE(document.read("[]"));
    EXPECT_EQ(evaluated("[0.1 + 0.2, 1/3, 100, -0.5, 1e-7, 1e21, 1e20, 123456789012345680, 2.5e-5]", document),
              "[0.30000000000000004,0.3333333333333333,100,-0.5,1e-7,1e+21,100000000000000000000,123456789012345680,0."
              "000025]");
    EXPECT_EQ(evaluated("{'a\"\\\\\\n\\u0001': '\\ud800é'}", document), "{\"a\\\"\\\\\\n\\u0001\":\"\uFFFDé\"}");
    EXPECT_EQ(evaluated("[$sum, 1]", document), "[null,1]");
    EXPECT_EQ(evaluated("{'f': $sum, 'u': nothing, 'x': null}", document), "{\"x\":null}");
    EXPECT_EQ(evaluated("$sum", document), "undefined");
    EXPECT_EQ(evaluated("1/0", document), "error D1001");
    EXPECT_EQ(evaluated("'\xff'", document), "\"\uFFFD\"");
}

}  // namespace
}  // namespace pawl::jsonata
