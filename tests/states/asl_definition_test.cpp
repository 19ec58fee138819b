// What a definition holds once it is read, and how several problems are told together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "states/asl/definition.hpp"
#include "states/asl/diagnostic_text.hpp"

namespace pawl::asl {
namespace {

using testing::ElementsAre;

std::shared_ptr<const Definition> read(const std::string& text) {
    const auto parsed = parse_definition(text);
    for (const auto& diagnostic : parsed.diagnostics) ADD_FAILURE() << to_text(diagnostic, "definition");
    return parsed.definition;
}

// The state S of a machine made of it and of E.
std::shared_ptr<const Definition> read_state(const std::string& state) {
    return read(R"({"StartAt": "S", "States": {"S": )" + state + R"(, "E": {"Type": "Succeed"}}})");
}

template <class Kind>
const Kind& kind_of(const Definition& definition, std::string_view name = "S") {
    return std::get<Kind>(definition.find(name)->kind);
}

TEST(Definition, HoldsTheMachine) {
    const auto definition =
        read(R"({"Comment": "c", "Version": "1.0", "TimeoutSeconds": 60, "QueryLanguage": "JSONPath",
        "StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "A", "Comment": "first"}, "A": {"Type": "Succeed"}}})");
    ASSERT_TRUE(definition);
    EXPECT_EQ(definition->comment, "c");
    EXPECT_EQ(definition->timeout, std::chrono::seconds{60});
    EXPECT_EQ(definition->top.start_at, "B");
    ASSERT_EQ(definition->top.states.size(), 2U);
    EXPECT_EQ(definition->top.states[0]->name, "B");
    EXPECT_EQ(definition->top.states[1]->name, "A");
    EXPECT_EQ(definition->find("B"), definition->top.states[0]);
    EXPECT_EQ(definition->find("B")->comment, "first");
    EXPECT_EQ(definition->find("B")->next, "A");
    EXPECT_EQ(definition->find("B")->pointer, "/States/B");
    EXPECT_EQ(definition->find("A")->type(), StateType::Succeed);
    EXPECT_EQ(definition->find("A")->next, "");
    EXPECT_EQ(definition->find("C"), nullptr);
}

TEST(Definition, HasNoTimeoutWhenItIsZero) {
    const auto definition = read(R"({"TimeoutSeconds": 0, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})");
    ASSERT_TRUE(definition);
    EXPECT_FALSE(definition->timeout);
}

TEST(Definition, TellsNullPathsFromAbsentOnes) {
    const auto definition =
        read_state(R"({"Type": "Pass", "InputPath": null, "ResultPath": null, "OutputPath": "$.a[*]", "Next": "E"})");
    ASSERT_TRUE(definition);
    const auto& state = *definition->find("S");
    EXPECT_TRUE(state.input_path.null);
    EXPECT_FALSE(state.output_path.null);
    EXPECT_EQ(state.output_path.path->text(), "$.a[*]");
    EXPECT_TRUE(state.result_path.discard);
    EXPECT_FALSE(definition->find("E")->input_path.null);
    EXPECT_FALSE(definition->find("E")->input_path.path);
    EXPECT_FALSE(definition->find("E")->result_path.discard);
}

TEST(Definition, HoldsPass) {
    const auto definition = read_state(
        R"({"Type": "Pass", "Result": [1, null], "Parameters": {"a.$": "$.b"}, "ResultPath": "$.r", "Assign": {"v.$": "$"}, "Next": "E"})");
    ASSERT_TRUE(definition);
    EXPECT_EQ(kind_of<Pass>(*definition).result, (Json{1, nullptr}));
    const auto& state = *definition->find("S");
    EXPECT_EQ(state.parameters->source(), (Json{{"a.$", "$.b"}}));
    EXPECT_EQ(state.result_path.path->text(), "$.r");
    EXPECT_EQ(state.assign->source(), (Json{{"v.$", "$"}}));
}

TEST(Definition, KeepsAResultThatIsNull) {
    const auto definition = read_state(R"({"Type": "Pass", "Result": null, "Next": "E"})");
    ASSERT_TRUE(definition);
    EXPECT_EQ(kind_of<Pass>(*definition).result, Json(nullptr));
}

TEST(Definition, HoldsTask) {
    const auto definition = read_state(R"({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f"}, "ResultSelector": {"p.$": "$.Payload"}, "TimeoutSeconds": 30,
        "HeartbeatSecondsPath": "$.beat", "Credentials": {"RoleArn.$": "$.role"}, "Next": "E"})");
    ASSERT_TRUE(definition);
    const auto& task = kind_of<Task>(*definition);
    EXPECT_EQ(task.resource, "arn:aws:states:::lambda:invoke");
    EXPECT_EQ(*task.timeout_seconds.value(), 30);
    EXPECT_EQ(task.heartbeat_seconds.path()->text(), "$.beat");
    EXPECT_EQ(task.credentials->source(), (Json{{"RoleArn.$", "$.role"}}));
    EXPECT_EQ(definition->find("S")->result_selector->source(), (Json{{"p.$", "$.Payload"}}));
}

TEST(Definition, HoldsRetriersAndCatchers) {
    const auto definition =
        read_state(R"({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "Next": "E",
        "Retry": [{"ErrorEquals": ["A", "B"], "IntervalSeconds": 2, "MaxAttempts": 0, "BackoffRate": 1.5,
                   "MaxDelaySeconds": 9, "JitterStrategy": "FULL"}, {"ErrorEquals": ["States.ALL"]}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Assign": {"v": 1}, "Next": "E"}]})");
    ASSERT_TRUE(definition);
    const auto& state = *definition->find("S");
    ASSERT_EQ(state.retry.size(), 2U);
    EXPECT_THAT(state.retry[0].error_equals, ElementsAre("A", "B"));
    EXPECT_EQ(state.retry[0].interval, std::chrono::seconds{2});
    EXPECT_EQ(state.retry[0].max_attempts, 0);
    EXPECT_EQ(state.retry[0].backoff_rate, 1.5);
    EXPECT_EQ(state.retry[0].max_delay, std::chrono::seconds{9});
    EXPECT_TRUE(state.retry[0].full_jitter);
    EXPECT_EQ(state.retry[1].interval, std::chrono::seconds{1});
    EXPECT_EQ(state.retry[1].max_attempts, 3);
    EXPECT_EQ(state.retry[1].backoff_rate, 2.0);
    EXPECT_FALSE(state.retry[1].max_delay);
    EXPECT_FALSE(state.retry[1].full_jitter);
    ASSERT_EQ(state.catchers.size(), 1U);
    EXPECT_EQ(state.catchers[0].next, "E");
    EXPECT_EQ(state.catchers[0].result_path.path->text(), "$.e");
    EXPECT_TRUE(state.catchers[0].assign);
}

TEST(Definition, HoldsChoices) {
    const auto definition = read_state(R"({"Type": "Choice", "Default": "E", "Assign": {"d": 1}, "Choices": [
        {"And": [{"Variable": "$.n", "NumericGreaterThan": 3}, {"Not": {"Variable": "$.s", "StringMatches": "a*"}}], "Next": "E"},
        {"Variable": "$.x", "IsPresent": false, "Next": "E", "Assign": {"v": 1}, "Comment": "c"}]})");
    ASSERT_TRUE(definition);
    const auto& choice = kind_of<Choice>(*definition);
    EXPECT_EQ(choice.default_next, "E");
    ASSERT_EQ(choice.choices.size(), 2U);
    EXPECT_EQ(choice.choices[0].next, "E");
    EXPECT_EQ(choice.choices[0].text, "$.n > 3 and not ($.s matches \"a*\")");
    EXPECT_FALSE(choice.choices[0].assign);
    EXPECT_EQ(choice.choices[1].text, "$.x is not present");
    EXPECT_TRUE(choice.choices[1].assign);
    EXPECT_TRUE(definition->find("S")->assign);
}

TEST(Definition, HoldsWaits) {
    const auto definition = read(R"({"StartAt": "A", "States": {
        "A": {"Type": "Wait", "Seconds": 0, "Next": "B"}, "B": {"Type": "Wait", "SecondsPath": "$.s", "Next": "C"},
        "C": {"Type": "Wait", "Timestamp": "2030-01-31T00:00:00+01:00", "Next": "D"},
        "D": {"Type": "Wait", "TimestampPath": "$v.t", "End": true}}})");
    ASSERT_TRUE(definition);
    EXPECT_EQ(*kind_of<Wait>(*definition, "A").seconds.value(), 0);
    EXPECT_EQ(kind_of<Wait>(*definition, "B").seconds.path()->text(), "$.s");
    EXPECT_EQ(*kind_of<Wait>(*definition, "C").timestamp.value(), "2030-01-31T00:00:00+01:00");
    EXPECT_EQ(kind_of<Wait>(*definition, "D").timestamp.path()->variable(), "v");
    EXPECT_FALSE(kind_of<Wait>(*definition, "D").seconds.present());
}

TEST(Definition, HoldsFail) {
    const auto definition = read(R"j({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Oops",
        "CausePath": "States.Format('no {}', $.x)"}}})j");
    ASSERT_TRUE(definition);
    const auto& fail = kind_of<Fail>(*definition, "F");
    EXPECT_EQ(std::get<std::string>(fail.error), "Oops");
    EXPECT_EQ(std::get<data::Expression>(fail.cause).text(), "States.Format('no {}', $.x)");
}

TEST(Definition, HoldsBranchesWithTheirOwnStates) {
    const auto definition = read_state(R"({"Type": "Parallel", "Next": "E", "Branches": [
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
        {"StartAt": "B", "Comment": "b", "States": {"B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Fail"}}}]})");
    ASSERT_TRUE(definition);
    const auto& branches = kind_of<Parallel>(*definition).branches;
    ASSERT_EQ(branches.size(), 2U);
    EXPECT_EQ(branches[1].start_at, "B");
    EXPECT_EQ(branches[1].states[1], definition->find("C"));
    EXPECT_EQ(definition->find("C")->pointer, "/States/S/Branches/1/States/C");
    EXPECT_EQ(definition->top.states.size(), 2U);
}

TEST(Definition, HoldsInlineMaps) {
    const auto definition = read_state(R"({"Type": "Map", "Next": "E", "ItemsPath": "$$.Execution.Input.list",
        "MaxConcurrency": 2, "Parameters": {"i.$": "$$.Map.Item.Value"},
        "Iterator": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}})");
    ASSERT_TRUE(definition);
    const auto& map = kind_of<Map>(*definition);
    EXPECT_EQ(map.mode, MapMode::Inline);
    EXPECT_EQ(map.items_path->text(), "$$.Execution.Input.list");
    EXPECT_EQ(*map.max_concurrency.value(), 2);
    EXPECT_EQ(map.item_selector_field, "Parameters");
    EXPECT_TRUE(map.item_selector);
    EXPECT_FALSE(definition->find("S")->parameters);
    EXPECT_EQ(map.processor.start_at, "I");
    EXPECT_FALSE(map.item_reader);
}

TEST(Definition, HoldsDistributedMaps) {
    const auto definition = read_state(R"({"Type": "Map", "Next": "E", "Label": "my-label_1",
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "I",
                          "States": {"I": {"Type": "Succeed"}}},
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key.$": "$.k"},
                       "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a"], "MaxItemsPath": "$.m"}},
        "ItemSelector": {"i": 1}, "ItemBatcher": {"MaxItemsPerBatch": 10, "BatchInput": {"x.$": "$.x"}},
        "ResultWriter": {"Resource": "arn:aws-cn:states:::s3:putObject", "Parameters": {"Bucket": "b"}},
        "MaxConcurrencyPath": "$.c", "ToleratedFailurePercentage": 12.5, "ToleratedFailureCountPath": "$.t"})");
    ASSERT_TRUE(definition);
    const auto& map = kind_of<Map>(*definition);
    EXPECT_EQ(map.mode, MapMode::Distributed);
    EXPECT_EQ(map.execution_type, MachineType::Express);
    EXPECT_EQ(map.label, "my-label_1");
    EXPECT_EQ(map.item_reader->arguments->source()["Bucket"], "b");
    EXPECT_EQ(*map.item_batcher->max_items.value(), 10);
    EXPECT_EQ(map.result_writer->arguments->source()["Bucket"], "b");
    EXPECT_EQ(map.max_concurrency.path()->text(), "$.c");
    EXPECT_EQ(*map.tolerated_failure_percentage.value(), 12.5);
    EXPECT_EQ(map.tolerated_failure_count.path()->text(), "$.t");
    EXPECT_EQ(map.item_selector_field, "ItemSelector");
}

TEST(Definition, LetsADistributedMapAssignNamesOfOuterScopes) {
    EXPECT_TRUE(read_state(R"({"Type": "Map", "Next": "E", "Assign": {"v": 1}, "ItemProcessor": {"StartAt": "I",
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "States": {"I": {"Type": "Pass", "Assign": {"v": 2}, "End": true}}}})"));
}

TEST(Definition, LetsBranchesAssignTheSameName) {
    EXPECT_TRUE(read_state(R"({"Type": "Parallel", "Next": "E", "Branches": [
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"v": 1}, "End": true}}},
        {"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"v": 1}, "End": true}}}]})"));
}

TEST(Definition, TakesNamesOf80CharactersWhateverTheirBytes) {
    std::string name;
    for (int i = 0; i < 80; ++i) name += "ä";
    EXPECT_TRUE(read("{\"StartAt\": \"" + name + "\", \"States\": {\"" + name + "\": {\"Type\": \"Succeed\"}}}"));
    const auto parsed =
        parse_definition("{\"StartAt\": \"" + name + "x\", \"States\": {\"" + name + "x\": {\"Type\": \"Succeed\"}}}");
    ASSERT_FALSE(parsed.diagnostics.empty());
    EXPECT_EQ(parsed.diagnostics.back().code, "INVALID_STATE_NAME");
    EXPECT_NE(parsed.diagnostics.back().message.find("exceeds the 80-character limit"), std::string::npos);
}

TEST(Definition, RefusesEqualLabels) {
    const auto map = [](const std::string& name, const std::string& next) {
        return "\"" + name +
               R"(": {"Type": "Map", "Label": "L", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED",
            "ExecutionType": "STANDARD"}, "StartAt": "I)" +
               name + R"(", "States": {"I)" + name + R"(": {"Type": "Succeed"}}}, )" + next + "}";
    };
    const auto parsed = parse_definition("{\"StartAt\": \"A\", \"States\": {" + map("A", R"("Next": "B")") + ", " +
                                         map("B", R"("End": true)") + "}}");
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    EXPECT_EQ(parsed.diagnostics[0].code, "DUPLICATE_LABEL_NAME");
    EXPECT_EQ(parsed.diagnostics[0].message, "Duplicate Label name: L");
}

TEST(UnsupportedResource, IsReportedAtTheResource) {
    ParseOptions options;
    options.unsupported_resource = [](std::string_view resource) -> std::optional<std::string> {
        if (resource == "arn:good") return std::nullopt;
        return "no such thing as " + std::string{resource};
    };
    const auto parsed =
        parse_definition(R"({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:good", "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:bad", "End": true}}})",
                         options);
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    EXPECT_EQ(parsed.diagnostics[0].message, "no such thing as arn:bad");
    EXPECT_EQ(parsed.diagnostics[0].location, "/States/B/Resource");
    EXPECT_EQ(parsed.diagnostics[0].code, "SCHEMA_VALIDATION_FAILED");
}

TEST(UnsupportedResource, IsPerhapsAPlaceholderThatWasLeftIn) {
    ParseOptions options;
    options.unsupported_resource = [](std::string_view) { return "nothing runs it"; };
    const auto hint = [&](const std::string& resource) {
        const auto parsed = parse_definition(
            R"({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": ")" + resource + R"(", "End": true}}})",
            options);
        return parsed.diagnostics.size() == 1 ? parsed.diagnostics[0].hint : "no diagnostic";
    };
    EXPECT_EQ(
        hint("${FnArn}"),
        "this is a placeholder of a template: give its value by --substitutions FILE, or run the template by --sam");
    EXPECT_EQ(hint("arn:other"), "");
}

TEST(ParseState, ReadsAStateWithoutItsMachine) {
    const auto parsed = parse_state(R"({"Type": "Pass", "Next": "Elsewhere"})");
    ASSERT_TRUE(parsed.definition);
    EXPECT_EQ(parsed.definition->top.start_at, "StateName");
    EXPECT_EQ(parsed.definition->top.states[0]->next, "Elsewhere");
    EXPECT_TRUE(parsed.diagnostics.empty());
}

TEST(ParseState, ChecksWhatIsInside) {
    const auto parsed = parse_state(R"({"Type": "Parallel", "End": true,
  "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "C": {"Type": "Succeed"}}}]})");
    ASSERT_EQ(parsed.diagnostics.size(), 2U);
    EXPECT_EQ(parsed.diagnostics[0].location, "/States/StateName/Branches[0]/States/A/Next");
    EXPECT_EQ(parsed.diagnostics[0].position, (Position{2, 66}));
    EXPECT_EQ(parsed.diagnostics[1].location, "/States/StateName/Branches[0]/States/C");
}

TEST(Diagnostics, ComeAllAtOnceInTheOrderOfTheText) {
    const auto parsed = parse_definition(R"({
  "StartAt": "A",
  "States": {
    "B": {"Type": "Pass", "Next": "Z", "Colour": 1},
    "A": {"Type": "Wait", "Next": "B"}
  },
  "Extra": true
})");
    std::vector<std::string> lines;
    for (const auto& diagnostic : parsed.diagnostics) lines.push_back(to_text(diagnostic, "f.json"));
    EXPECT_THAT(
        lines,
        ElementsAre(
            "f.json:4:27: error MISSING_TRANSITION_TARGET: Missing 'Next' target: Z",
            "f.json:4:40: error SCHEMA_VALIDATION_FAILED: Field 'Colour' is not supported",
            "f.json:5:5: error SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: "
            "[SecondsPath, Seconds, TimestampPath, Timestamp]",
            "f.json:7:3: error SCHEMA_VALIDATION_FAILED: Field 'Extra' is not supported",
            "f.json:3:3: error MISSING_END_STATE: Workflow has no terminal state\n"
            "    hint: give one state \"End\": true, or add a Succeed or Fail state"));
}

TEST(Diagnostics, CutKeysThatAreNoNames) {
    const std::string key(5000, 'k');
    const auto parsed =
        parse_state("{\"Type\": \"Pass\", \"End\": true,\n\"Parameters\": {\"" + key + R"(": {"a.$": "b"}}})");
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    EXPECT_LT(parsed.diagnostics[0].location.size(), 1100U);
    EXPECT_EQ(parsed.diagnostics[0].position, (Position{2, 1}));
}

std::string hint_of(const std::string& text) {
    const auto parsed = parse_definition(text);
    return parsed.diagnostics.empty() ? "no diagnostic" : parsed.diagnostics.front().hint;
}

TEST(Hints, NameWhatWasProbablyMeant) {
    EXPECT_EQ(hint_of(R"({"StartAt": "A", "Staets": {}, "States": {"A": {"Type": "Succeed"}}})"),
              "did you mean 'States'?");
    EXPECT_EQ(hint_of(R"({"StartAt": "A", "States": {"A": {"Type": "succeed"}}})"), "did you mean 'Succeed'?");
    EXPECT_EQ(hint_of(R"({"StartAt": "Frist", "States": {"First": {"Type": "Succeed"}}})"), "did you mean 'First'?");
    EXPECT_EQ(
        hint_of(R"({"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B", "Choices": [{"Variable": "$",
        "NumericGreterThan": 1, "Next": "B"}]}, "B": {"Type": "Succeed"}}})"),
        "did you mean 'NumericGreaterThan'?");
    EXPECT_EQ(hint_of(R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Output": 1, "End": true}}})"),
              "in JSONPath use 'ResultSelector', 'ResultPath' and 'OutputPath'");
}

TEST(Hints, SayThatATargetIsInAnotherBlock) {
    EXPECT_EQ(
        hint_of(R"({"StartAt": "A", "States": {"A": {"Type": "Parallel", "Next": "B", "Branches": [{"StartAt": "I",
        "States": {"I": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "B"}], "Default": "J"},
        "J": {"Type": "Succeed"}}}]}, "B": {"Type": "Succeed"}}})"),
        "the state 'B' is in another block: no transition leads into or out of a branch or an item processor");
}

TEST(DefinitionErrorText, JoinsAllErrorsAsTheServiceDoes) {
    const Diagnostics diagnostics = {
        {Severity::Error, "MISSING_TRANSITION_TARGET", "Missing 'Next' target: B", "/States/A/Next", {}, ""},
        {Severity::Warning, "NO_PATH", "a doubt", "/States/A", {}, ""},
        {Severity::Error, "MISSING_END_STATE", "Workflow has no terminal state", "", {}, ""}};
    EXPECT_EQ(
        definition_error_text(diagnostics, "{}"),
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, "
        "MISSING_END_STATE: Workflow has no terminal state at null'");
}

TEST(DefinitionErrorText, QuotesTheDefinitionOfAWrongLabel) {
    const auto text = [](std::string message) {
        return definition_error_text(
            {{Severity::Error, "INVALID_LABEL_NAME", std::move(message), "/States/M/Label", {}, ""}}, "{…}");
    };
    EXPECT_EQ(text("Label cannot exceed 40 characters"),
              "Error=ValueError Args=['Label cannot exceed 40 characters'] in definition '{…}'.");
    EXPECT_EQ(text("bad: '#'"), "Error=ValueError Args=[\"bad: '#'\"] in definition '{…}'.");
    EXPECT_EQ(text("bad: '\"'"), "Error=ValueError Args=['bad: \\'\"\\''] in definition '{…}'.");
    EXPECT_EQ(text("bad: '\\x80'"), "Error=ValueError Args=[\"bad: '\\\\x80'\"] in definition '{…}'.");
}

TEST(ToText, PutsTheHintOnALineOfItsOwn) {
    const Diagnostic diagnostic{Severity::Warning, "NO_PATH", "a doubt", "/States/A", {3, 7}, "do this"};
    EXPECT_EQ(to_text(diagnostic, "a.json"), "a.json:3:7: warning NO_PATH: a doubt\n    hint: do this");
}

}  // namespace
}  // namespace pawl::asl
