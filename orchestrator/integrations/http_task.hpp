// arn:aws:states:::http:invoke: a request to any HTTP API, authorized by a connection. A status of 400 or more, or a
// redirect, is an error that Retry and Catch see as States.Http.StatusCode.NNN.
// Spec: AWS Step Functions Developer Guide, "Call HTTPS APIs in Step Functions workflows".
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "orchestrator/integrations/http_client.hpp"
#include "orchestrator/integrations/http_connections.hpp"
#include "orchestrator/integrations/oauth_tokens.hpp"
#include "orchestrator/task_runner.hpp"

namespace pawl {

class Clock;

class HttpTask final : public TaskRunner {
  public:
    struct Settings {
        HttpConnections connections;
        std::string region = "us-east-1";
        HttpClient::Reach reach = HttpClient::Reach::PublicOnly;
    };
    HttpTask(Settings settings, const Clock& clock);

    static bool serves(std::string_view resource);
    static bool recognizes(std::string_view resource);
    std::optional<std::string> unsupported(std::string_view resource) const override;
    void start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
               TaskListener listener) override;
    void cancel(const TaskKey& key) override;

  private:
    struct UnderWay {
        std::uint64_t serial = 0;
        HttpClient::Ticket ticket = 0;  // none yet while a token is fetched
    };
    // `shown`: the request as it is traced; null when nobody asks.
    void send(const TaskKey& key, std::uint64_t serial, HttpRequest request, std::shared_ptr<const Json> shown,
              TaskListener listener);
    bool forget(const TaskKey& key, std::uint64_t serial);

    const Settings settings_;
    const Clock& clock_;
    std::mutex mutex_;  // shards start and cancel, the client's thread answers
    std::map<TaskKey, UnderWay> under_way_;
    std::uint64_t last_serial_ = 0;
    OauthTokens tokens_;
    HttpClient client_;  // last: its thread uses all above
};

}  // namespace pawl
