// Tasks that call AWS's services, or stand-ins for them: the optimized integrations of SQS, SNS, DynamoDB, EventBridge
// and API Gateway, and aws-sdk:SERVICE:ACTION. One HTTP request a task, never repeated: retries are the workflow's.
// Spec: AWS Step Functions Developer Guide, "Integrating services with Step Functions".
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "orchestrator/integrations/aws/endpoints.hpp"
#include "orchestrator/integrations/http_client.hpp"
#include "orchestrator/task_runner.hpp"

namespace pawl {

class Clock;

namespace aws {

class ServiceTasks final : public TaskRunner {
  public:
    ServiceTasks(Endpoints endpoints, const Clock& clock);

    static bool serves(std::string_view resource);
    std::optional<std::string> unsupported(std::string_view resource) const override;
    void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
               TaskListener listener) override;
    void cancel(const TaskKey& key) override;

  private:
    struct UnderWay {
        std::uint64_t serial = 0;
        HttpClient::Ticket ticket = 0;
    };
    void send(const TaskKey& key, const Call& call, const Endpoint& endpoint, HttpRequest request,
              TaskListener listener);
    bool forget(const TaskKey& key, std::uint64_t serial);

    const Endpoints endpoints_;
    const Clock& clock_;
    std::mutex mutex_;  // shards start and cancel, the client's thread answers
    std::map<TaskKey, UnderWay> under_way_;
    std::uint64_t last_serial_ = 0;
    HttpClient client_;  // last: its thread uses all above
};

}  // namespace aws
}  // namespace pawl
