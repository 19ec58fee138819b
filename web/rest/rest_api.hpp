// The REST API for people and scripts: /api/v1, and its description at /openapi.json.
#pragma once
#include <string>
#include <vector>

#include "web/http.hpp"

namespace pawl {
class Orchestrator;
}

namespace pawl::web {
struct Functions;
}

namespace pawl::web::rest {

struct RestSettings {
    std::vector<std::string> allowed_hosts;  // names of this server, beside addresses and localhost
};

// The orchestrator, and what functions there are, outlive the routes.
std::vector<Route> rest_api_routes(Orchestrator& orchestrator, const RestSettings& settings = {},
                                   const Functions* functions = nullptr);

}  // namespace pawl::web::rest
