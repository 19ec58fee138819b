// Arguments, Output, Assign and the like: JSON with JSONata expressions in it.
#include <gtest/gtest.h>

#include "states/data/query.hpp"
#include "states/data/template_tree.hpp"

namespace pawl::data {
namespace {

std::vector<QueryProblem> problems_of(const Json& source) {
    const auto compiled = QueryTemplate::compile(source, "Output", StatesPart::None);
    return compiled ? std::vector<QueryProblem>{} : compiled.error();
}

TEST(QueryTemplateProblems, AreToldWithTheirPointers) {
    const auto found =
        problems_of(Json::parse(R"j({"a/b": [1, {"~": "{% ( %}"}], "fine": "{% 1 %}", "c": "{% $ + %}"})j"));
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].pointer, "/a~1b/1/~0");
    EXPECT_EQ(found[1].pointer, "/c");
}

TEST(QueryTemplateProblems, AreBounded) {
    EXPECT_EQ(problems_of(Json(std::vector<std::string>(5'000, "{% ( %}"))).size(), 1'000u);
    const Json long_way{{std::string(100'000, 'k'), std::vector<std::string>(5'000, "{% ( %}")}};
    EXPECT_LT(problems_of(long_way).size(), 20u);
}

TEST(QueryTemplateLocations, AreCutBetweenCharacters) {
    const std::string key = "k/é";
    const TemplatePlace member{nullptr, &key, 0};
    const TemplatePlace item{&member, nullptr, 7};
    EXPECT_EQ(TemplatePlace::location(&item, 100), "/k/é[7]");
    EXPECT_EQ(TemplatePlace::location(&item, 4), "/k/…") << "é has two bytes";
    EXPECT_EQ(TemplatePlace::location(nullptr, 4), "");
    EXPECT_EQ(TemplatePlace::pointer(&item), "/k~1é/7");
}

// A definition of one megabyte must not make gigabytes of locations.
TEST(QueryTemplateLocations, OfALongWayToManyExpressionsAreShort) {
    const Json source{{std::string(400'000, 'k'), std::vector<std::string>(20'000, "{%1%}")}};
    EXPECT_TRUE(QueryTemplate::compile(source, "Output", StatesPart::None));
}

}  // namespace
}  // namespace pawl::data
