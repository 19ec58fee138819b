#include <gtest/gtest.h>

#include <string>

#include "states/asl/source.hpp"
#include "states/asl/spelling.hpp"

namespace pawl::asl {
namespace {

TEST(PositionAt, CountsLinesAndCharactersFromOne) {
    const std::string_view text = "ab\ncd\r\n\xC3\xA4\xF0\x9F\x98\x80x";
    EXPECT_EQ(position_at(text, 0), (Position{1, 1}));
    EXPECT_EQ(position_at(text, 1), (Position{1, 2}));
    EXPECT_EQ(position_at(text, 3), (Position{2, 1}));
    EXPECT_EQ(position_at(text, 7), (Position{3, 1}));
    EXPECT_EQ(position_at(text, 9), (Position{3, 2}));
    EXPECT_EQ(position_at(text, 13), (Position{3, 3}));
}

TEST(PositionAt, StopsAtTheEnd) {
    EXPECT_EQ(position_at("ab", 99), (Position{1, 3}));
    EXPECT_EQ(position_at("", 5), (Position{1, 1}));
}

TEST(ChildPointer, EscapesTildesAndSlashes) {
    EXPECT_EQ(child_pointer("/States", "a/b~c"), "/States/a~1b~0c");
    EXPECT_EQ(child_pointer("", ""), "/");
    EXPECT_EQ(child_pointer("/a", std::size_t{12}), "/a/12");
}

constexpr std::string_view document = R"( {"a": 1,
  "b": [true, {"c": "}]\""}, [ 5 ]],
  "d/e~": null, "\u0066": {"f":  2},
  "a": 3})";

struct Located {
    std::string name;
    std::string pointer;
    Position expected;
};
class Locate : public testing::TestWithParam<Located> {};

TEST_P(Locate, FindsTheKeyOfAMemberAndTheStartOfAnElement) {
    EXPECT_EQ(locate(document, GetParam().pointer), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Pointers, Locate,
    testing::Values(Located{"Whole", "", {1, 2}}, Located{"LastOfTwoEqualKeys", "/a", {4, 3}},
                    Located{"Member", "/b", {2, 3}}, Located{"Element", "/b/0", {2, 9}},
                    Located{"MemberOfAnElement", "/b/1/c", {2, 16}}, Located{"ElementOfAnElement", "/b/2/0", {2, 32}},
                    Located{"EscapedPointer", "/d~1e~0", {3, 3}}, Located{"EscapedKey", "/f", {3, 17}},
                    Located{"MemberOfTheEscapedKey", "/f/f", {3, 28}},
                    Located{"NearestAncestorOfAMissingMember", "/b/1/x/y", {2, 15}},
                    Located{"NearestAncestorOfAMissingElement", "/b/7", {2, 3}},
                    Located{"IndexThatIsNone", "/b/x", {2, 3}}, Located{"NoSuchKey", "/zz", {1, 2}}),
    [](const auto& test) { return test.param.name; });

TEST(LocateAnything, AnswersForTextThatIsNotJson) {
    for (const std::string_view text : {"", "}", "]]]", "\"", "{\"a", "{\"a\":", "[[[", "\\", "{\"a\\"}) {
        EXPECT_GE(locate(text, "/a/b").line, 1U) << text;
    }
}

TEST(LocateAnything, SkipsAByteOrderMark) { EXPECT_EQ(locate("\xEF\xBB\xBF{\"a\": 1}", "/a"), (Position{1, 3})); }

TEST(DidYouMean, FindsTheNearestName) {
    constexpr std::string_view names[] = {"StartAt", "States", "Comment", "MaxConcurrency", "End"};
    EXPECT_EQ(did_you_mean("startat", names), "did you mean 'StartAt'?");
    EXPECT_EQ(did_you_mean("Satrt", names), "");
    EXPECT_EQ(did_you_mean("Sttaes", names), "did you mean 'States'?");
    EXPECT_EQ(did_you_mean("MaxConcurency", names), "did you mean 'MaxConcurrency'?");
    EXPECT_EQ(did_you_mean("Ed", names), "did you mean 'End'?");
    EXPECT_EQ(did_you_mean("Resource", names), "");
    EXPECT_EQ(did_you_mean("maxcon", names), "did you mean 'MaxConcurrency'?");
    EXPECT_EQ(did_you_mean("", names), "");
    EXPECT_EQ(did_you_mean(std::string(5000, 'x'), names), "");
}

}  // namespace
}  // namespace pawl::asl
