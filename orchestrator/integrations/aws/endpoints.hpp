// Where services are: a file of one's own, and AWS's environment variables. Nothing is guessed: a service without an
// endpoint is not called. Spec: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/integrations/aws/catalogue.hpp"
#include "orchestrator/integrations/aws/signature.hpp"
#include "orchestrator/integrations/url.hpp"

namespace pawl::aws {

struct Endpoint {
    Url url;
    std::string region;
    Credentials credentials;
    bool real = false;          // the service itself, not a stand-in
    bool path_style = true;     // S3: the bucket in the path, not in the host's name
    bool speaks_query = false;  // SQS: a stand-in that knows its older protocol alone
};

class Endpoints {
  public:
    using Environment = std::function<std::string(const std::string& name)>;  // empty: not set

    Endpoints() = default;
    // `text`: the file's, or empty. What is wrong is said as "line 3: …".
    static Result<Endpoints, std::string> read(std::string_view text, const std::string& region,
                                               const Environment& environment);

    const Endpoint* find(const Service& service) const;

  private:
    std::map<std::string, Endpoint, std::less<>> endpoints_;  // by the service's name
};

// "no endpoint is known for SQS: …": what to do about it.
std::string how_to_give_endpoint(const Service& service);

}  // namespace pawl::aws
