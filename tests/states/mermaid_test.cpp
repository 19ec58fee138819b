#include <gtest/gtest.h>

#include <string>

#include "states/asl/definition.hpp"

namespace pawl::asl {
namespace {

std::string chart(const std::string& text) {
    const auto parsed = parse_definition(text);
    if (parsed.definition) return to_mermaid(*parsed.definition);
    return parsed.diagnostics.empty() ? "nothing" : to_text(parsed.diagnostics.front(), "");
}

TEST(Mermaid, DrawsStatesAndTransitions) {
    EXPECT_EQ(
        chart(
            R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "W"}, "W": {"Type": "Wait", "Seconds": 1, "Next": "Z"},
                    "Z": {"Type": "Succeed"}}})"),
        "flowchart TD\n"
        "    start((\" \"))\n"
        "    s1(\"A\")\n"
        "    s2([\"W\"])\n"
        "    s3(((\"Z\")))\n"
        "    s1 --> s2\n"
        "    s2 --> s3\n"
        "    start --> s1\n");
}

TEST(Mermaid, LabelsChoicesWithTheirConditions) {
    const auto text = chart(R"({"StartAt": "C", "States": {"C": {"Type": "Choice", "Default": "F", "Choices": [
        {"Variable": "$.n", "NumericLessThanEquals": 3, "Next": "S"}, {"Or": [{"Variable": "$.a", "IsNull": true},
        {"Variable": "$.b", "StringEqualsPath": "$.c"}], "Next": "S"}]}, "S": {"Type": "Succeed"}, "F": {"Type": "Fail"}}})");
    EXPECT_NE(text.find("    s1{\"C\"}\n"), std::string::npos) << text;
    EXPECT_NE(text.find("    s3{{\"F\"}}\n"), std::string::npos) << text;
    EXPECT_NE(text.find(" -->|\"$.n #60;= 3\"| "), std::string::npos) << text;
    EXPECT_NE(text.find(" -->|\"$.a is null or $.b = $.c\"| "), std::string::npos) << text;
    EXPECT_NE(text.find(" -->|\"default\"| s3\n"), std::string::npos) << text;
}

TEST(Mermaid, CutsLongConditions) {
    const auto text = chart(R"({"StartAt": "C", "States": {"C": {"Type": "Choice", "Default": "S", "Choices": [
        {"Variable": "$.x", "StringEquals": "0123456789012345678901234567890123456789012345678901234567890123456789", "Next": "S"}]},
        "S": {"Type": "Succeed"}}})");
    EXPECT_NE(text.find("…\"| "), std::string::npos) << text;
    EXPECT_EQ(text.find("0123456789012345678901234567890123456789012345678901234567890"), std::string::npos) << text;
}

TEST(Mermaid, DrawsCatchersDotted) {
    const auto text = chart(
        R"({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "End": true,
        "Catch": [{"ErrorEquals": ["A", "B"], "Next": "F"}]}, "F": {"Type": "Fail"}}})");
    EXPECT_NE(text.find("    s1[\"T\"]\n"), std::string::npos) << text;
    EXPECT_NE(text.find("    s1 -.->|\"A, B\"| s2\n"), std::string::npos) << text;
}

TEST(Mermaid, DrawsBranchesAndProcessorsAsSubgraphs) {
    EXPECT_EQ(chart(R"({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Next": "M", "Branches": [
        {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]},
        "M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}}})"),
              "flowchart TD\n"
              "    start((\" \"))\n"
              "    subgraph s1[\"P\"]\n"
              "        subgraph s1_1[\"branch 1\"]\n"
              "            s1_1_start((\" \"))\n"
              "            s2(((\"A\")))\n"
              "        end\n"
              "        subgraph s1_2[\"branch 2\"]\n"
              "            s1_2_start((\" \"))\n"
              "            s3(((\"B\")))\n"
              "        end\n"
              "    end\n"
              "    subgraph s4[\"M\"]\n"
              "        s4_start((\" \"))\n"
              "        s5(((\"I\")))\n"
              "    end\n"
              "    s1_1_start --> s2\n"
              "    s1_2_start --> s3\n"
              "    s1 --> s4\n"
              "    s4_start --> s5\n"
              "    start --> s1\n");
}

TEST(Mermaid, EscapesWhateverANameMayHold) {
    const auto text = chart(
        R"json({"StartAt": "a\"]; end\nsubgraph <b>`%%{#&|\\()", "States": {"a\"]; end\nsubgraph <b>`%%{#&|\\()": {"Type": "Succeed"}}})json");
    EXPECT_NE(
        text.find("    s1(((\"a#34;#93;#59; end subgraph #60;b#62;#96;#37;#37;#123;#35;#38;#124;#92;#40;#41;\")))\n"),
        std::string::npos)
        << text;
}

}  // namespace
}  // namespace pawl::asl
