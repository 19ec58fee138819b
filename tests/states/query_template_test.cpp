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

std::vector<std::string> messages_of(const std::string& expression) {
    std::vector<std::string> messages;
    for (const auto& problem : problems_of("{% " + expression + " %}")) messages.push_back(problem.message);
    return messages;
}

TEST(QueryTemplateProblems, NameWhatStandsAtTheTopLevel) {
    using Messages = std::vector<std::string>;
    const std::string dollar = "Reference to '$' at the top level is not supported.";
    const std::string root = "Reference to '$$' is not supported.";
    EXPECT_EQ(messages_of("$"), Messages{dollar});
    EXPECT_EQ(messages_of("$.phone"), Messages{dollar});
    EXPECT_EQ(messages_of("$$"), Messages{root});
    EXPECT_EQ(messages_of("$$.phone"), Messages{root});
    EXPECT_EQ(messages_of("phone.home"), Messages{"Reference to 'phone' at the top level is not supported."});
}

TEST(QueryTemplateProblems, AreToldOnceForEachNameInTheOrderOfWriting) {
    const auto named = [](const std::string& name) {
        return "Reference to '" + name + "' at the top level is not supported.";
    };
    using Messages = std::vector<std::string>;
    EXPECT_EQ(messages_of("aaa + aaa"), Messages{named("aaa")});
    EXPECT_EQ(messages_of("bbb + aaa.x + bbb.y"), (Messages{named("bbb"), named("aaa")}));
    EXPECT_EQ(messages_of("ccc ? bbb : aaa"), (Messages{named("ccc"), named("bbb"), named("aaa")}));
    EXPECT_EQ(messages_of("{'k': ccc, bbb: [aaa, ccc]}"), (Messages{named("ccc"), named("bbb"), named("aaa")}));
    EXPECT_EQ(messages_of("$sum(ccc) + $map([1], function($v){bbb}) ~> $append(aaa)"),
              (Messages{named("ccc"), named("bbb"), named("aaa")}));
    EXPECT_EQ(messages_of("$x + ccc; aaa").size(), 1U) << "does not parse";
    EXPECT_EQ(messages_of("($x := ccc; $x.b[1] & bbb^(x) & $.d & aaa)"),
              (Messages{named("ccc"), named("bbb"), named("$"), named("aaa")}));
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
