// How HTTP Tasks prove who they are: connections, as EventBridge keeps them, in a file of one's own. Secrets stay here:
// they are in no definition, no history and no message.
// Spec: Amazon EventBridge API Reference, CreateConnection; AWS Step Functions Developer Guide, "Call HTTPS APIs".
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "orchestrator/integrations/http_client.hpp"
#include "orchestrator/integrations/url.hpp"
#include "states/json.hpp"

namespace pawl {

struct NoAuthorization {};
struct ApiKey {
    std::string name;  // of the header
    std::string value;
};
struct BasicAuthorization {
    std::string username;
    std::string password;
};
struct OauthClient {
    std::string endpoint;  // where tokens are given
    std::string method = "POST";
    std::string client_id;
    std::string client_secret;
    HttpHeaders headers;  // of the request for a token
    Query query;
    Query body;
};

struct HttpConnection {
    std::variant<NoAuthorization, ApiKey, BasicAuthorization, OauthClient> authorization;
    // Added to each request; they win over the task's own.
    HttpHeaders headers;
    Query query;
    Query body;
};

class HttpConnections {
  public:
    HttpConnections() = default;
    // What is wrong is said with its place in the document.
    static Result<HttpConnections, std::string> parse(std::string_view text);

    // By its ARN, "arn:…:connection/NAME/ID" or without the id, or its name; null: there is none.
    const HttpConnection* find(std::string_view arn) const;

  private:
    std::map<std::string, HttpConnection, std::less<>> connections_;
};

}  // namespace pawl
