// arn:aws:states:::aws-sdk:sfn:…: the calls of this very engine that a workflow may make as a worker: getActivityTask,
// sendTaskSuccess, sendTaskFailure and sendTaskHeartbeat. Members and errors are named as the AWS SDK names them.
// Spec: AWS Step Functions Developer Guide, "Learning to use AWS service SDK integrations".
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "orchestrator/requests.hpp"
#include "orchestrator/task_runner.hpp"

namespace pawl {

class Activities;
class Clock;

class SfnSdk final : public TaskRunner {
  public:
    // Gives a worker's answer to the task of a token; `reply` may be called from any thread.
    struct Answers {
        std::function<void(std::string token, Payload output, std::function<void(ApiResult<Done>)> reply)> success;
        std::function<void(std::string token, AslError error, std::function<void(ApiResult<Done>)> reply)> failure;
        std::function<void(std::string token, std::function<void(ApiResult<Done>)> reply)> heartbeat;
    };
    SfnSdk(Activities& activities, Answers answers);

    static bool serves(std::string_view resource);
    // What its parameters may hold; nothing: there is no such call.
    static std::span<const std::string_view> members_of(std::string_view resource);
    std::optional<std::string> unsupported(std::string_view resource) const override;
    void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
               TaskListener listener) override;
    void cancel(const TaskKey& key) override;

  private:
    using Time = std::chrono::steady_clock::time_point;
    struct Poll {  // of a getActivityTask that waits
        ActivityPoll poll;
        Time until;
        TaskListener listener;
    };
    void get_activity_task(const TaskKey& key, const Json& parameters, const TaskListener& listener);
    std::optional<Poll> take(const TaskKey& key);  // nobody else answers it then
    void end_polls(const std::stop_token& stop);

    Activities& activities_;
    const Answers answers_;
    std::mutex mutex_;  // shards start and cancel, workers' tasks arrive, the clock's thread ends polls
    std::condition_variable_any changed_;
    std::map<TaskKey, Poll> polls_;
    std::jthread timer_;
};

}  // namespace pawl
