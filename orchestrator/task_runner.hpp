// Who works on tasks. The shard hands a task out when its TaskScheduled event is durable, and hears of it again
// through the listener, any number of times, late or never: the engine fences all that.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/api_error.hpp"
#include "states/effect.hpp"

namespace pawl {

// Names a task in the whole engine. `execution` says whose it is: above zero an execution's, which count from 1; below
// zero a TestState's, each with a number of its own; zero the delivery of an event, which counts its tasks itself.
struct TaskKey {
    std::int64_t execution = 0;
    TaskId task = 0;
    friend auto operator<=>(const TaskKey&, const TaskKey&) = default;
};

// Answers of a task; may be called from any thread, also from within `start`: they only hand over.
struct TaskListener {
    std::function<void()> started;
    std::function<void(Payload output)> submitted;  // .sync, .waitForTaskToken: the request was taken
    std::function<void(Result<Payload> answer, TaskFailure failure)> answered;
    // Before that: what an HTTP Task has sent and got, {"request", "response"}, without secrets. Mostly nobody asks.
    std::function<void(Json exchange)> traced = {};
};

class TaskRunner {
  public:
    virtual ~TaskRunner() = default;

    // Why a state machine with this Resource can't be created; nothing when it can.
    virtual std::optional<std::string> unsupported(std::string_view resource) const = 0;
    // Never blocks. `execution_arn`: whose task it is.
    virtual void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
                       TaskListener listener) = 0;
    // Nobody waits any more. Unknown keys are fine.
    virtual void cancel(const TaskKey& key) = 0;
};

}  // namespace pawl
