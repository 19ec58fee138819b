// One visit to a state outside of any execution: what a Map is tested on. The rest is tested through TestState.
#include "states/state_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl {
namespace {

using testing::HasSubstr;

constexpr std::string_view processor =
    R"("ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I",)"
    R"("States":{"I":{"Type":"Pass","End":true}}},"End":true)";
constexpr std::string_view reader =
    R"("ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},)"
    R"("ReaderConfig":{"InputType":"JSON")";

// `fields` are those of a distributed Map besides its processor, each with its comma.
StateTestReport tested(std::string_view fields, std::string_view input,
                       std::optional<std::string> reader_data = std::nullopt) {
    const auto text = R"({"Type":"Map",)" + std::string{fields} + std::string{processor} + "}";
    const auto parsed = asl::parse_state(text);
    EXPECT_TRUE(parsed.definition) << (parsed.diagnostics.empty() ? "" : parsed.diagnostics.front().message);
    StateTestRequest request;
    request.definition = parsed.definition;
    request.state = parsed.definition->top.start_at;
    request.input = Payload::from_text(std::string{input});
    request.context = Json::object();
    request.mock = Result<Payload>{Payload::from_text("[]")};
    if (reader_data) request.reader_data = Payload::from_text(*std::move(reader_data));
    StateTest test{std::move(request)};
    EXPECT_FALSE(test.enter());
    return test.finish();
}

// What a step came to; empty: it is not shown.
std::string step(const StateTestReport& report, std::string_view name) {
    for (const auto& [known, value] : report.steps) {
        if (known == name) return value.text();
    }
    return "";
}

std::string outcome(const StateTestReport& report) {
    return report.status == StateTestStatus::Succeeded ? "succeeded" : report.error.name.value_or("?");
}

constexpr std::string_view selector = R"("ItemSelector":{"k.$":"$$.Map.Item.Key","v.$":"$$.Map.Item.Value"},)";
constexpr std::string_view members = R"([{"k":"a","v":1},{"k":"b","v":2}])";

TEST(StateTest, MembersOfAnObjectAreItemsOfADistributedMap) {
    const auto report = tested(R"("ItemsPath":"$.o",)" + std::string{selector}, R"({"o":{"a":1,"b":2}})");
    EXPECT_EQ(outcome(report), "succeeded");
    EXPECT_EQ(step(report, "afterItemsPath"), R"({"a":1,"b":2})");
    EXPECT_EQ(step(report, "afterItemSelector"), members);
}

TEST(StateTest, MembersOfAnObjectAreItemsInJsonataToo) {
    const auto report =
        tested(R"("QueryLanguage":"JSONata","Items":"{% $states.input.o %}","ItemSelector":)"
               R"({"k":"{% $states.context.Map.Item.Key %}","v":"{% $states.context.Map.Item.Value %}"},)",
               R"({"o":{"a":1,"b":2}})");
    EXPECT_EQ(outcome(report), "succeeded");
    EXPECT_EQ(step(report, "afterItemSelector"), members);
}

TEST(StateTest, WhatIsNeitherAListNorAnObjectHasNoItems) {
    const auto report = tested(R"("ItemsPath":"$.o",)", R"({"o":1})");
    EXPECT_EQ(outcome(report), "States.Runtime");
    EXPECT_EQ(report.error.cause, R"(Reference path "$.o" must point to array.)");
}

TEST(StateTest, WhatAnItemsPointerLeadsToIsShown) {
    const auto fields = std::string{reader} + R"(,"ItemsPointer":"/o","MaxItems":1}},)" + std::string{selector};
    const auto report = tested(fields, "{}", R"({"a":1,"b":2})");
    EXPECT_EQ(outcome(report), "succeeded");
    EXPECT_EQ(step(report, "afterItemsPointer"), R"({"a":1,"b":2})");
    EXPECT_EQ(step(report, "afterItemSelector"), R"([{"k":"a","v":1}])");
    EXPECT_EQ(step(tested(std::string{reader} + "}},", "{}", "[1]"), "afterItemsPointer"), "");
}

// As a Map Run that reads it: the members of a whole file are no items.
TEST(StateTest, AnObjectThatIsReadAsAWholeHasNoItems) {
    const auto report = tested(std::string{reader} + "}},", "{}", R"({"a":1})");
    EXPECT_EQ(outcome(report), "States.ItemReaderFailed");
    EXPECT_EQ(report.error.cause, "Attempting to map over non-iterable node.");
}

TEST(StateTest, ReaderDataIsForMapsThatRead) {
    const auto report =
        tested(R"("ItemsPath":"$.v","ItemSelector":{"v.$":"$$.Map.Item.Value"},)", R"({"v":[1,2]})", "[7]");
    EXPECT_EQ(step(report, "afterItemSelector"), R"([{"v":1},{"v":2}])");
}

TEST(StateTest, BatchesAreShownAsTheirExecutionsGetThem) {
    const auto report = tested(R"("ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"by.$":"$.by"}},"ItemsPath":"$.v",)"
                               R"("ItemSelector":{"v.$":"$$.Map.Item.Value"},)",
                               R"({"by":"me","v":[1,2,3]})");
    EXPECT_EQ(outcome(report), "succeeded");
    EXPECT_EQ(step(report, "afterItemSelector"), R"([{"v":1},{"v":2},{"v":3}])");
    EXPECT_EQ(step(report, "afterItemBatcher"),
              R"([{"BatchInput":{"by":"me"},"Items":[{"v":1},{"v":2}]},{"BatchInput":{"by":"me"},"Items":[{"v":3}]}])");
}

TEST(StateTest, BatchesEndAtTheirBytesButHaveOneItemAtLeast) {
    const auto report = tested(R"("ItemBatcher":{"MaxInputBytesPerBatch":6},)", R"([10,20,"longer than that",30])");
    EXPECT_EQ(outcome(report), "succeeded");
    EXPECT_EQ(step(report, "afterItemBatcher"), R"([{"Items":[10,20]},{"Items":["longer than that"]},{"Items":[30]}])");
    EXPECT_EQ(step(report, "afterItemSelector"), "");
    EXPECT_EQ(step(tested(R"("ItemBatcher":{"MaxItemsPerBatch":2},)", "[]"), "afterItemBatcher"), "[]");
}

// 1,000 times 2,000 bytes: no batch is too large for its execution.
TEST(StateTest, BatchesThatAreTooLongTogetherAreNotShown) {
    Json input{{"by", std::string(2000, 'x')}, {"v", Json::array()}};
    for (int i = 0; i < 1000; ++i) input["v"].push_back(i);
    const auto report = tested(
        R"("ItemBatcher":{"MaxItemsPerBatch":1,"BatchInput":{"by.$":"$.by"}},"ItemsPath":"$.v",)", to_text(input));
    EXPECT_EQ(outcome(report), "succeeded");
    EXPECT_EQ(step(report, "afterItemBatcher"), "");
}

TEST(StateTest, ABatchThatIsTooLargeFailsTheMap) {
    const Json input{{"v", {std::string(200'000, 'x'), 1}}};  // twice in its batch
    const auto report =
        tested(R"("ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"all.$":"$"}},"ItemsPath":"$.v",)", to_text(input));
    EXPECT_EQ(outcome(report), "States.DataLimitExceeded");
    EXPECT_THAT(report.error.cause.value_or(""), HasSubstr("maximum number of bytes"));
}

}  // namespace
}  // namespace pawl
