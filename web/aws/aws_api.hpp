// The AWS Step Functions API: every request is a POST to "/".
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "web/http.hpp"

namespace pawl {
class Orchestrator;
}

namespace pawl::web::aws {

class AwsApi {
  public:
    // `allowed_hosts`: names of this server, beside addresses and localhost, whose pages may call it from a browser.
    AwsApi(Orchestrator& orchestrator, std::vector<std::string> allowed_hosts)
        : orchestrator_{orchestrator}, allowed_hosts_{std::move(allowed_hosts)} {}

    Response handle(const Request& request) const;
    // OPTIONS: whether a page of another origin may call.
    Response preflight(const Request& request) const;

  private:
    Orchestrator& orchestrator_;
    const std::vector<std::string> allowed_hosts_;
};

}  // namespace pawl::web::aws
