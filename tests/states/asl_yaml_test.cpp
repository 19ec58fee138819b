// Definitions in YAML: what they mean, where their problems are said to be, and what is refused.
#include <gtest/gtest.h>

#include <string>

#include "states/asl/definition.hpp"
#include "states/asl/yaml_value.hpp"

namespace pawl::asl {
namespace {

Parsed parse_text(const std::string& text) {
    ParseOptions options;
    options.syntax = Syntax::Yaml;
    return parse_definition(text, options);
}

std::string first_line(const Diagnostics& diagnostics) {
    return diagnostics.empty()
               ? ""
               : to_text(diagnostics.front(), "f.yaml").substr(0, to_text(diagnostics.front(), "f.yaml").find('\n'));
}

struct Meaning {
    std::string name;
    std::string yaml;
    std::string json;
};

class YamlValue : public testing::TestWithParam<Meaning> {};

TEST_P(YamlValue, MeansThisJson) {
    const auto value = read_yaml(GetParam().yaml);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(to_text(*value), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    CoreSchema, YamlValue,
    testing::Values(
        Meaning{"Nulls", "[~, null, Null, NULL, ]", "[null,null,null,null]"},
        Meaning{"EmptyValue", "a:\nb: ''", R"({"a":null,"b":""})"},
        Meaning{"Booleans", "[true, False, TRUE]", "[true,false,true]"},
        Meaning{"YesIsAText", "[yes, no, on, off, y]", R"(["yes","no","on","off","y"])"},
        Meaning{"Integers", "[0, -12, +5, 007, 0x1F, 0o17]", "[0,-12,5,7,31,15]"},
        Meaning{"Decimals", "[1.5, .5, 5., -0.25e2, 1E3]", "[1.5,0.5,5.0,-25.0,1000.0]"},
        Meaning{"NotNumbers", "[1.2.3, 1_000, '5', \"6\", 0x, e5, ., +]",
                R"(["1.2.3","1_000","5","6","0x","e5",".","+"])"},
        Meaning{"TimestampIsAText", "at: 2030-01-01T00:00:00Z", R"({"at":"2030-01-01T00:00:00Z"})"},
        Meaning{"KeysAreTexts", "1: a\ntrue: b", R"({"1":"a","true":"b"})"},
        Meaning{"Folded", "a: >-\n  one\n  two\nb: |\n  x\n  y\n", R"({"a":"one two","b":"x\ny\n"})"},
        Meaning{"Escapes", R"(["a\tb\u00e4", 'it''s'])", R"(["a\tbä","it's"])"},
        Meaning{"Aliases", "a: &x {n: 1}\nb: *x\nc: [*x, *x]", R"({"a":{"n":1},"b":{"n":1},"c":[{"n":1},{"n":1}]})"},
        Meaning{"AnchorAgain", "- &x 1\n- *x\n- &x 2\n- *x", "[1,1,2,2]"},
        Meaning{"Merge", "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3", R"({"a":{"x":1,"y":2},"b":{"x":1,"y":3}})"},
        Meaning{"MergeOfSeveral", "- &a {x: 1}\n- &b {x: 2, y: 2}\n- {<<: [*a, *b], z: 3}",
                R"([{"x":1},{"x":2,"y":2},{"x":1,"y":2,"z":3}])"},
        Meaning{"MergeOfMerged", "- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}",
                R"([{"x":1},{"x":1,"y":2},{"y":2,"x":1}])"},
        Meaning{"QuotedMergeKeyIsAKey", "'<<': 1", R"({"<<":1})"},
        Meaning{"JsonIsYaml", R"({"a": [1, "b", null]})", R"({"a":[1,"b",null]})"},
        Meaning{"Comments", "# one\na: 1 # two\n", R"({"a":1})"}, Meaning{"Empty", "# nothing\n", "null"}),
    [](const auto& test) { return test.param.name; });

struct Refusal {
    std::string name;
    std::string yaml;
    std::size_t line, column;
    std::string message;
};

class YamlRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(YamlRefusal, SaysWhereAndWhy) {
    const auto value = read_yaml(GetParam().yaml);
    ASSERT_FALSE(value) << to_text(*value);
    EXPECT_EQ(value.error().position, (Position{GetParam().line, GetParam().column}));
    EXPECT_NE(value.error().message.find(GetParam().message), std::string::npos) << value.error().message;
}

INSTANTIATE_TEST_SUITE_P(Yaml, YamlRefusal,
                         testing::Values(Refusal{"DuplicateKey", "a:\n  ä: 1\n  b: 2\n  ä: 3\n", 4, 3,
                                                 "The key 'ä' is in this mapping twice"},
                                         Refusal{"DuplicateByAlias", "? &k a\n: 1\n? *k\n: 2\n", 3, 3,
                                                 "The key 'a' is in this mapping twice"},
                                         Refusal{"SecondDocument", "a: 1\n---\nb: 2\n", 2, 1, "more than one document"},
                                         Refusal{"Tag", "a: 1\nb: !Sub x\n", 2, 4, "Tags such as '!Sub'"},
                                         Refusal{"CoreTag", "b: !!str 5\n", 1, 4, "Tags such as '!!str'"},
                                         Refusal{"UnknownAlias", "a: *b\n", 1, 4, "There is no anchor '&b'"},
                                         Refusal{"AliasWithinItself", "a: &a [1, *a]\n", 1, 11,
                                                 "stands within what it stands for"},
                                         Refusal{"KeyIsAMapping", "? {a: 1}\n: 2\n", 1, 3, "A key must be a text"},
                                         Refusal{"MergeOfAText", "a: 1\n<<: x\n", 2, 5, "'<<' merges mappings"},
                                         Refusal{"Infinity", "a: .inf\n", 1, 4, "JSON has no number"},
                                         Refusal{"Tab", "a:\n\tb: 1\n", 2, 1, "cannot start any token"},
                                         Refusal{"Syntax", "a: [1, 2\nb: 3\n", 2, 2, "did not find expected"}),
                         [](const auto& test) { return test.param.name; });

TEST(YamlLimits, StopAnAliasBomb) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 0; j < 8; ++j) bomb += ", " + before;
        bomb += "]\n";
    }
    const auto value = read_yaml(bomb);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().message, "The aliases of this document make it too large");
}

TEST(YamlLimits, StopABombOfMerges) {
    std::string bomb = "- &m0 {a: 1}\n";
    for (int i = 1; i < 30; ++i) {
        const auto before = "*m" + std::to_string(i - 1);
        bomb += "- &m" + std::to_string(i) + " {<<: [" + before + ", " + before + "]}\n";
    }
    const auto value = read_yaml(bomb);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().message, "The aliases of this document make it too large");
}

TEST(YamlLimits, StopDeepNesting) {
    EXPECT_FALSE(read_yaml(std::string(100'000, '[')));
    std::string chain = "- &a0 [x]\n";  // each alias nests one level deeper
    for (int i = 1; i < 2000; ++i) chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
    EXPECT_FALSE(read_yaml(chain));
    EXPECT_FALSE(read_yaml(std::string(max_yaml_bytes + 1, ' ')));
}

constexpr auto machine = R"(# An order is worked on.
StartAt: Make
States:
  Make:
    Type: Task
    Resource: arn:aws:lambda:us-east-1:000000000000:function:work
    Retry: &twice
      - ErrorEquals: [States.ALL]
        MaxAttempts: 2
    Next: Check
  Check:
    Type: Task
    Resource: arn:aws:lambda:us-east-1:000000000000:function:check
    Retry: *twice
    End: true
)";

TEST(YamlDefinition, IsReadLikeJson) {
    const auto parsed = parse_text(machine);
    ASSERT_TRUE(parsed.definition) << first_line(parsed.diagnostics);
    ASSERT_TRUE(parsed.definition->find("Check"));
    EXPECT_EQ(parsed.definition->find("Check")->retry.at(0).max_attempts, 2);
    const auto again = parse_definition(parsed.json);
    EXPECT_TRUE(again.definition);
}

TEST(YamlDefinition, ProblemsAreWhereTheyStandInYaml) {
    std::string text = machine;
    text.replace(text.find("Next: Check"), 11, "Next: Chekc");
    const auto parsed = parse_text(text);
    ASSERT_FALSE(parsed.definition);
    EXPECT_EQ(first_line(parsed.diagnostics),
              "f.yaml:10:5: error MISSING_TRANSITION_TARGET: Missing 'Next' target: Chekc");
    EXPECT_EQ(parsed.diagnostics.front().location, "/States/Make/Next");
    EXPECT_EQ(parsed.diagnostics.front().hint, "did you mean 'Check'?");
}

TEST(YamlDefinition, ProblemsOfAnAliasAreAtItsAnchor) {
    std::string text = machine;
    text.replace(text.find("MaxAttempts: 2"), 14, "MaxAttempts: x");
    const auto parsed = parse_text(text);
    ASSERT_EQ(parsed.diagnostics.size(), 2U);
    EXPECT_EQ(parsed.diagnostics[0].position, (Position{9, 9}));
    EXPECT_EQ(parsed.diagnostics[1].position, (Position{9, 9}));
}

TEST(YamlDefinition, SaysWhatItIsNot) {
    EXPECT_EQ(first_line(parse_text("").diagnostics),
              "f.yaml:1:1: error MISSING_DESCRIPTION: Received a null or empty workflow input");
    EXPECT_EQ(first_line(parse_text("just a text").diagnostics),
              "f.yaml:1:1: error SCHEMA_VALIDATION_FAILED: Expected value of type Object");
    EXPECT_EQ(parse_text("a: 1\na: 2").diagnostics.front().code, "DUPLICATE_FIELD");
    EXPECT_EQ(parse_text("a: [").diagnostics.front().code, "INVALID_YAML_DESCRIPTION");
}

TEST(GuessSyntax, GoesByTheFirstCharacter) {
    EXPECT_EQ(guess_syntax("\n  {\"StartAt\": 1}"), Syntax::Json);
    EXPECT_EQ(guess_syntax("StartAt: A"), Syntax::Yaml);
    EXPECT_EQ(guess_syntax(""), Syntax::Json);
}

TEST(CloudFormationTags, AreFunctions) {
    const auto value =
        read_yaml("a: !Ref X\nb: !GetAtt F.Arn\nc: !Join ['', [a, !Sub '${X}']]\nd: !Condition C\ne: !GetAtt [F, Arn]",
                  {.cloudformation_tags = true});
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(to_text(*value),
              R"({"a":{"Ref":"X"},"b":{"Fn::GetAtt":["F","Arn"]},"c":{"Fn::Join":["",["a",{"Fn::Sub":"${X}"}]]},)"
              R"("d":{"Condition":"C"},"e":{"Fn::GetAtt":["F","Arn"]}})");
}

}  // namespace
}  // namespace pawl::asl
