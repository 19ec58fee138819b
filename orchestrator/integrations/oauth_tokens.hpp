// Access tokens of OAuth clients, kept until shortly before they end. Tasks that need the same token wait for one
// request. Spec: RFC 6749, section 4.4 (client credentials).
#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "orchestrator/integrations/http_client.hpp"
#include "orchestrator/integrations/http_connections.hpp"

namespace pawl {

class Clock;

class OauthTokens {
  public:
    struct Refusal {
        std::string why;
    };
    using Got = std::function<void(const Result<std::string, Refusal>& authorization)>;  // "Bearer …"

    explicit OauthTokens(const Clock& clock) : clock_{clock} {}
    // `got` may be called at once, or later on the client's thread.
    void get(HttpClient& client, const OauthClient& oauth, Got got);
    // The service has refused this one.
    void forget(const OauthClient& oauth, const std::string& authorization);

  private:
    struct Token {
        std::string authorization;  // empty: it is asked for
        Instant until;
        std::vector<Got> waiting;
    };
    void take(const OauthClient& oauth, const Result<HttpAnswer, HttpFailure>& answer);

    const Clock& clock_;
    std::mutex mutex_;  // tasks ask, the client's thread answers
    std::map<const OauthClient*, Token> tokens_;
};

}  // namespace pawl
