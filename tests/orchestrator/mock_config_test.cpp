// Mock configuration files: what is read, and which words tell what is wrong.
#include "orchestrator/mocks/mock_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto local_file = R"({
  "StateMachines": {"Shop": {"TestCases": {
    "Happy": {"Pay": "Paid"},
    "Retries": {"Pay": "BusyThenPaid", "Ship": "Paid"}}}},
  "MockedResponses": {
    "Paid": {"0": {"Return": {"ok": true}}},
    "BusyThenPaid": {"0": {"Throw": {"Error": "Busy", "Cause": "later"}}, "1-2": {"Throw": {"Error": "Gone"}}, "3": {"Return": 7}}}})";

TEST(MockConfig, ReadsTheFileOfStepFunctionsLocal) {
    const auto config = MockConfig::parse(local_file);
    ASSERT_TRUE(config) << config.error();
    EXPECT_THAT(config->cases_of("Shop"), ElementsAre("Happy", "Retries"));
    EXPECT_EQ(config->find("Shop#Nope"), nullptr);
    const auto* states = config->find("Shop#Retries");
    ASSERT_NE(states, nullptr);
    const auto& pay = states->at("Pay");
    EXPECT_EQ(pay.ranges_text(), "0, 1-2, 3");
    EXPECT_EQ(pay.answer(0)->error(), (AslError{"Busy", "later"}));
    EXPECT_EQ(pay.answer(1)->error(), (AslError{"Gone", std::nullopt}));
    EXPECT_EQ(pay.answer(2)->error().name, "Gone");
    EXPECT_EQ((*pay.answer(3))->text(), "7");
    EXPECT_EQ(pay.answer(4), nullptr);
}

TEST(MockConfig, KeepsMachinesApartWhoseNamesBeginAlike) {
    MockConfig config;
    config.add("a", "one", {});
    config.add("a-b", "two", {});
    EXPECT_THAT(config.cases_of("a"), ElementsAre("one"));
}

struct Wrong {
    const char* name;
    const char* text;
    const char* told;
};
class MockConfigErrors : public testing::TestWithParam<Wrong> {};

TEST_P(MockConfigErrors, AreTold) {
    const auto config = MockConfig::parse(GetParam().text);
    ASSERT_FALSE(config);
    EXPECT_THAT(config.error(), HasSubstr(GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    All, MockConfigErrors,
    testing::Values(
        Wrong{"NoJson", "{", "not JSON"}, Wrong{"NoObject", "[]", "not a JSON object"},
        Wrong{"NoResponses", R"({"StateMachines": {}})", "no member 'MockedResponses'"},
        Wrong{"NoMachines", R"({"MockedResponses": {}})", "no member 'StateMachines'"},
        Wrong{"UnknownResponse", R"({"StateMachines": {"m": {"TestCases": {"c": {"S": "R"}}}}, "MockedResponses": {}})",
              "StateMachines.m.TestCases.c.S: there is no mocked response 'R'"},
        Wrong{"NoName", R"({"StateMachines": {"m": {"TestCases": {"c": {"S": 1}}}}, "MockedResponses": {}})",
              "is not the name of a mocked response"},
        Wrong{"Range", R"({"StateMachines": {}, "MockedResponses": {"R": {"3-2": {"Return": 1}}}})", "'3-2'"},
        Wrong{"NegativeRange", R"({"StateMachines": {}, "MockedResponses": {"R": {"-1": {"Return": 1}}}})", "'-1'"},
        Wrong{"Overlap",
              R"({"StateMachines": {}, "MockedResponses": {"R": {"0-2": {"Return": 1}, "2": {"Return": 1}}}})",
              "invocation 2 is given twice"},
        Wrong{"Both", R"({"StateMachines": {}, "MockedResponses": {"R": {"0": {"Return": 1, "Throw": {}}}}})",
              "MockedResponses.R.0 is to be"},
        Wrong{"ThrowWithoutError",
              R"({"StateMachines": {}, "MockedResponses": {"R": {"0": {"Throw": {"Cause": "c"}}}}})",
              "MockedResponses.R.0.Throw"}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace pawl
