// The engine with a memory store, and a runner of tasks that the test plays.
#pragma once
#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "orchestrator/clock.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/journal.hpp"
#include "persistence/memory_store.hpp"
#include "tests/support/eventually.hpp"

namespace pawl {

using namespace std::chrono_literals;

// Keeps what it is handed until the test answers.
class PlayedRunner final : public TaskRunner {
  public:
    std::optional<std::string> unsupported(std::string_view resource) const override {
        if (resource.find("lambda") != std::string_view::npos) return std::nullopt;
        return "no such service";
    }
    void start(const TaskKey& key, const StartTask& task, const std::string&, TaskListener listener) override {
        const std::lock_guard lock{mutex_};
        ++handed_out_;
        tasks_.insert_or_assign(key, std::pair{task, std::move(listener)});
        arrived_.notify_all();
    }
    void cancel(const TaskKey& key) override {
        const std::lock_guard lock{mutex_};
        cancelled_ += tasks_.erase(key);
    }

    // The next task that was handed out; waits for it.
    std::pair<StartTask, TaskListener> take() {
        std::unique_lock lock{mutex_};
        EXPECT_TRUE(arrived_.wait_for(lock, 5s, [this] { return !tasks_.empty(); }));
        auto task = std::move(tasks_.begin()->second);
        tasks_.erase(tasks_.begin());
        return task;
    }
    std::size_t handed_out() const {
        const std::lock_guard lock{mutex_};
        return handed_out_;
    }
    bool waiting() const {
        const std::lock_guard lock{mutex_};
        return !tasks_.empty();
    }
    std::size_t cancelled() const {
        const std::lock_guard lock{mutex_};
        return cancelled_;
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::map<TaskKey, std::pair<StartTask, TaskListener>> tasks_;
    std::size_t handed_out_ = 0;
    std::size_t cancelled_ = 0;
};

inline constexpr auto passes =
    R"({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}})";
inline constexpr auto waits =
    R"({"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$.s", "End": true}}})";
inline constexpr auto works =
    R"({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}}})";
inline constexpr auto asks =
    R"({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}, "End": true}}})";

// The wall clock of a machine that can be away for a while.
class JumpingClock final : public Clock {
  public:
    Instant now() const override { return real_.now() + Millis{ahead_}; }
    void jump(Millis by) { ahead_ += by.count(); }

  private:
    SystemClock real_;
    std::atomic<std::int64_t> ahead_{0};
};

class EngineTest : public testing::Test {
  protected:
    EngineTest() { open(); }
    void open(std::size_t shards = 1) {
        OrchestratorSettings settings;
        settings.shards = shards;
        orchestrator_ = std::make_unique<Orchestrator>(store_, journal_, runner_, clock_, settings);
        ASSERT_TRUE(test::comes_true([&] { return orchestrator_->ready(); }));
    }
    void reopen(std::size_t shards = 1) {
        orchestrator_.reset();
        open(shards);
    }
    std::string machine(const std::string& definition, const std::string& name = "m") {
        CreateStateMachine create;
        create.name = name;
        create.definition = definition;
        auto created = orchestrator_->create_state_machine(create);
        EXPECT_TRUE(created) << created.error().message;
        return created->arn;
    }
    ApiResult<ExecutionStartedView> start(const std::string& machine_arn, const std::string& input = "{}",
                                          std::optional<std::string> name = {}) {
        StartExecution request;
        request.machine_arn = machine_arn;
        request.input = input;
        request.name = std::move(name);
        return orchestrator_->start_execution(request);
    }
    // After a failed commit the engine says for a moment that it is reopening the store.
    ApiResult<ExecutionStartedView> start_when_reopened(const std::string& machine_arn, const std::string& name) {
        auto started = start(machine_arn, "{}", name);
        for (int i = 0; i < 500 && !started && started.error().type == "ServiceUnavailable"; ++i) {
            std::this_thread::sleep_for(10ms);
            started = start(machine_arn, "{}", name);
        }
        return started;
    }
    ExecutionView end_of(const std::string& arn) {
        auto view = orchestrator_->wait_for_end(arn, 10s);
        if (!view || !*view) throw std::runtime_error{"the execution does not end"};
        return **view;
    }
    static std::string token_in(const StartTask& task) {
        return task.parameters.json().at("Payload").at("token").get<std::string>();
    }

    MemoryStore store_;
    Journal journal_{store_};
    PlayedRunner runner_;
    JumpingClock clock_;
    std::unique_ptr<Orchestrator> orchestrator_;
};

}  // namespace pawl
