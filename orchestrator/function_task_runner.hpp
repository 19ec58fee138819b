// Tasks that are functions: a function's own ARN as Resource, and arn:aws:states:::lambda:invoke, which may wait for a
// task token. Any other resource is refused when the state machine is created.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "orchestrator/task_runner.hpp"

namespace pawl {

// What the Parameters of arn:aws:states:::lambda:invoke may have.
std::span<const std::string_view> lambda_invoke_members();

class Clock;
class EventQueue;
class FunctionInvoker;
class FunctionPool;

class FunctionTaskRunner final : public TaskRunner {
  public:
    struct Settings {
        std::string region = "us-east-1";
        std::string account = "000000000000";
        // What knows versions, aliases and reservations, and keeps events. Without them each qualifier means the
        // function itself, and an event is tried once. They outlive the runner.
        FunctionInvoker* invoker = nullptr;
        EventQueue* events = nullptr;
    };
    // Both outlive the runner. What is in work when the runner goes is not answered any more.
    FunctionTaskRunner(FunctionPool& pool, const Clock& clock, Settings settings);
    ~FunctionTaskRunner() override;

    // Whether AWS has the resource, be it run here or not.
    static bool recognizes(std::string_view resource);
    std::optional<std::string> unsupported(std::string_view resource) const override;
    void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
               TaskListener listener) override;
    void cancel(const TaskKey& key) override;

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace pawl
