// Deliveries of events to services, through the runner that runs executions' tasks, too.
#include "orchestrator/functions/registry/event_destinations.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/orchestrator/engine_fixture.hpp"

namespace pawl {
namespace {

// Has queues.
class WithQueues final : public TaskRunner {
  public:
    explicit WithQueues(TaskRunner& runner) : runner_{runner} {}
    std::optional<std::string> unsupported(std::string_view) const override { return std::nullopt; }
    void start(const TaskKey& key, const StartTask& task, const std::string& arn, TaskListener listener) override {
        runner_.start(key, task, arn, std::move(listener));
    }
    void cancel(const TaskKey& key) override { runner_.cancel(key); }

  private:
    TaskRunner& runner_;
};

using EngineDestinationsTest = EngineTest;

TEST_F(EngineDestinationsTest, AreNotTakenForTestsOfStates) {
    WithQueues services{runner_};
    EngineDestinations destinations{*orchestrator_, services};
    constexpr int deliveries = 9;  // the number of one of them is that of the test's task
    std::atomic<int> delivered = 0;
    for (int i = 0; i < deliveries; ++i) {
        destinations.deliver({"arn:aws:sqs:us-east-1:000000000000:q", "{}", {}},
                             [&](const std::optional<std::string>& problem) { delivered += problem ? 0 : 1; });
    }
    StateTestRequest request;
    request.definition = asl::parse_definition(works).definition;
    request.state = "T";
    StateTestReport report;
    std::thread test{[&] { report = orchestrator_->test_state(std::move(request), {}); }};
    EXPECT_TRUE(test::comes_true([&] { return runner_.handed_out() == deliveries + 1; })) << "all are under way";
    for (int i = 0; i <= deliveries; ++i) {
        auto [task, listener] = runner_.take();
        listener.answered(Payload::from_json("fine"), TaskFailure::Run);
    }
    test.join();
    EXPECT_EQ(delivered, deliveries);
    ASSERT_TRUE(report.output);
    EXPECT_EQ(report.output->json(), "fine");
}

}  // namespace
}  // namespace pawl
