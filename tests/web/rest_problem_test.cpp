// Errors as problem documents.
#include <gtest/gtest.h>

#include "web/rest/problem.hpp"

namespace pawl::web::rest {
namespace {

struct StatusCase {
    std::string type;
    int status;
};
class ProblemStatus : public testing::TestWithParam<StatusCase> {};

TEST_P(ProblemStatus, FollowsTheErrorsType) {
    const auto response = problem_response({GetParam().type, "what happened"});
    EXPECT_EQ(response.status, GetParam().status);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const auto problem = *parse_json(response.body);
    EXPECT_EQ(problem["status"], GetParam().status);
    EXPECT_EQ(problem["detail"], "what happened");
    EXPECT_EQ(problem["code"], GetParam().type);
    EXPECT_EQ(problem["type"], "urn:pawl:problem:" + GetParam().type);
    EXPECT_FALSE(problem["title"].get<std::string>().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rest, ProblemStatus,
    testing::Values(StatusCase{"StateMachineDoesNotExist", 404}, StatusCase{"ExecutionDoesNotExist", 404},
                    StatusCase{"TaskDoesNotExist", 404}, StatusCase{"ExecutionAlreadyExists", 409},
                    StatusCase{"StateMachineAlreadyExists", 409}, StatusCase{"StateMachineDeleting", 409},
                    StatusCase{"TaskTimedOut", 409}, StatusCase{"InvalidArn", 400},
                    StatusCase{"InvalidDefinition", 400}, StatusCase{"NobodyHasHeardOfThis", 400},
                    StatusCase{"ForeignRequest", 403}, StatusCase{"PayloadTooLarge", 413},
                    StatusCase{"UnsupportedMediaType", 415}, StatusCase{"ThrottlingException", 429},
                    StatusCase{"ExecutionLimitExceeded", 429}, StatusCase{"StoreUnavailable", 503}),
    [](const auto& test) { return test.param.type; });

TEST(Problem, KeepsTheErrorsFurtherMembersButNotItsOwnNames) {
    const auto problem =
        problem_json({"InvalidDefinition", "no", Json{{"diagnostics", Json::array({1})}, {"status", 200}}});
    EXPECT_EQ(problem["diagnostics"], Json::array({1}));
    EXPECT_EQ(problem["status"], 400);
}

TEST(Problem, SaysWhenToTryAgainIfTryingAgainHelps) {
    const auto asks_to_retry = [](const std::string& type) {
        const auto response = problem_response({type, ""});
        for (const auto& [name, value] : response.headers) {
            if (name == "Retry-After") return true;
        }
        return false;
    };
    EXPECT_TRUE(asks_to_retry("ThrottlingException"));
    EXPECT_TRUE(asks_to_retry("StoreUnavailable"));
    EXPECT_FALSE(asks_to_retry("InvalidName"));
}

}  // namespace
}  // namespace pawl::web::rest
