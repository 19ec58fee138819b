// The logs that machines ask for: which events at which level, in AWS's shape, in which file.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "web/aws/execution_log.hpp"

namespace pawl::web::aws {
namespace {

LogBatch batch(LogLevel level, bool data) {
    const Instant at{Millis{1'795'348'800'123}};
    LogBatch made;
    made.target = std::make_shared<const LogTarget>(LogTarget{"/aws/vendedlogs/states/orders", level, data});
    made.execution_arn = "arn:aws:states:us-east-1:000000000000:express:m:n:u";
    made.events = {{1, 0, at, root_frame, ExecutionStarted{Payload::from_text("[1]"), "role", {}}},
                   {0, 0, at, root_frame, WaitScheduled{at}},
                   {2, 1, at, root_frame, StateEntered{StateType::Fail, "F", Payload::from_text("[1]")}},
                   {3, 2, at, root_frame, StateAborted{StateType::Task}},
                   {4, 3, at, root_frame, ExecutionFailed{AslError{"E", "C"}}}};
    return made;
}

std::vector<std::string> logged_types(LogLevel level) {
    const auto folder = std::filesystem::temp_directory_path() / ("pawl-log-" + std::to_string(::getpid()));
    { ExecutionLog{folder.string(), "us-east-1"}.take(batch(level, true)); }
    std::ifstream file{folder / "aws~vendedlogs~states~orders.jsonl"};
    std::vector<std::string> types;
    for (std::string line; std::getline(file, line);) types.push_back((*parse_json(line))["type"].get<std::string>());
    std::filesystem::remove_all(folder);
    return types;
}

TEST(ExecutionLog, TakesWhatItsLevelSays) {
    using Types = std::vector<std::string>;
    EXPECT_EQ(logged_types(LogLevel::All),
              (Types{"ExecutionStarted", "FailStateEntered", "TaskStateAborted", "ExecutionFailed"}));
    EXPECT_EQ(logged_types(LogLevel::Error), (Types{"FailStateEntered", "TaskStateAborted", "ExecutionFailed"}));
    EXPECT_EQ(logged_types(LogLevel::Fatal), (Types{"ExecutionFailed"}));
}

TEST(ExecutionLog, HasTheShapeOfAwssEvents) {
    const auto with = batch(LogLevel::All, true);
    EXPECT_EQ(to_text(log_event(with.events[0], with, "us-east-1")),
              R"({"id":"1","type":"ExecutionStarted","details":{"input":"[1]","inputDetails":{"truncated":false},)"
              R"("roleArn":"role"},"previous_event_id":"0","event_timestamp":"1795348800123",)"
              R"("execution_arn":"arn:aws:states:us-east-1:000000000000:express:m:n:u","redrive_count":"0"})");
    const auto without = batch(LogLevel::All, false);
    EXPECT_FALSE(log_event(without.events[0], without, "us-east-1")["details"].contains("input"));
    EXPECT_EQ(log_event(with.events[3], with, "us-east-1")["details"], Json::object());
}

}  // namespace
}  // namespace pawl::web::aws
