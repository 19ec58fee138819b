#include <gtest/gtest.h>

#include <fstream>

#include "states/lifecycle/execution_status.hpp"
#include "states/lifecycle/map_run.hpp"
#include "states/lifecycle/task_attempt.hpp"

namespace pawl {
namespace {

using enum attempt::Phase;

struct AttemptCase {
    std::string name;
    attempt::Phase from;
    attempt::Event event;
    std::optional<attempt::Phase> to;  // nothing: late or repeated
};
class TaskAttemptLifecycle : public testing::TestWithParam<AttemptCase> {};

TEST_P(TaskAttemptLifecycle, StepsAsItsTableSays) { EXPECT_EQ(attempt::next(GetParam().from, GetParam().event), GetParam().to); }

INSTANTIATE_TEST_SUITE_P(Table, TaskAttemptLifecycle, testing::Values(
    AttemptCase{"StartsWhenSomebodyTakesIt", Scheduled, attempt::Started{}, Running},
    AttemptCase{"TimesOutBeforeAnybodyTookIt", Scheduled, attempt::DeadlinePassed{}, TimedOut},
    AttemptCase{"MayFailBeforeItStarts", Scheduled, attempt::Errored{}, Failed},
    AttemptCase{"IsNotDoneBeforeItStarts", Scheduled, attempt::Completed{}, std::nullopt},
    AttemptCase{"StartsOnce", Running, attempt::Started{}, std::nullopt},
    AttemptCase{"IsSubmittedAndThenWaits", Running, attempt::Submitted{}, Submitted},
    AttemptCase{"StaysAliveByHeartbeats", Running, attempt::Heartbeat{}, Running},
    AttemptCase{"IsDone", Running, attempt::Completed{}, Succeeded},
    AttemptCase{"IsStopped", Running, attempt::Stopped{}, Aborted},
    AttemptCase{"IsDoneByAToken", Submitted, attempt::Completed{}, Succeeded},
    AttemptCase{"IsDoneOnce", Succeeded, attempt::Completed{}, std::nullopt},
    AttemptCase{"IsTooLateAfterItsTimeOut", TimedOut, attempt::Completed{}, std::nullopt},
    AttemptCase{"HasNoHeartAfterItsEnd", Failed, attempt::Heartbeat{}, std::nullopt},
    AttemptCase{"IsGoneWhenAborted", Aborted, attempt::Errored{}, std::nullopt}
), [](const auto& test) { return test.param.name; });

TEST(ExecutionStatusLifecycle, EndsOnceAndIsRedrivenUnlessItSucceeded) {
    using enum ExecutionStatus;
    using namespace execution_status;
    EXPECT_EQ(next(Running, Completed{}), Succeeded);
    EXPECT_EQ(next(Running, DeadlinePassed{}), ExecutionStatus::TimedOut);
    EXPECT_EQ(next(Succeeded, Stopped{}), std::nullopt);
    EXPECT_EQ(next(ExecutionStatus::Failed, Redriven{}), Running);
    EXPECT_EQ(next(Succeeded, Redriven{}), std::nullopt);
}

TEST(MapRunLifecycle, EndsOnceAndIsRedrivenUnlessItSucceeded) {
    using enum MapRunStatus;
    using namespace map_run_status;
    EXPECT_EQ(next(Running, Completed{}), MapRunStatus::Succeeded);
    EXPECT_EQ(next(Running, Errored{}), MapRunStatus::Failed);
    EXPECT_EQ(next(Running, Stopped{}), MapRunStatus::Aborted);
    EXPECT_EQ(next(Running, Redriven{}), std::nullopt);
    EXPECT_EQ(next(MapRunStatus::Succeeded, Errored{}), std::nullopt);
    EXPECT_EQ(next(MapRunStatus::Succeeded, Redriven{}), std::nullopt);
    EXPECT_EQ(next(MapRunStatus::Failed, Completed{}), std::nullopt);
    EXPECT_EQ(next(MapRunStatus::Failed, Redriven{}), Running);
    EXPECT_EQ(next(MapRunStatus::Aborted, Redriven{}), Running);
}

// docs/lifecycles.md is printed from the tables; on a difference, what it should hold is in the failure.
TEST(Lifecycles, AreDrawnInTheDocuments) {
    const auto expected = "# Lifecycles\n\nPrinted from the Boost.MSM tables in `states/lifecycle/`.\n\n## Task attempt\n\n```mermaid\n" +
                          attempt::diagram() + "```\n\n## Execution status\n\n```mermaid\n" + execution_status::diagram() + "```\n\n## Map Run\n\n```mermaid\n" +
                          map_run_status::diagram() + "```\n";
    std::ifstream file{PAWL_SOURCE_DIR "/docs/lifecycles.md"};
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>{file}, {}}), expected);
}

}  // namespace
}  // namespace pawl
