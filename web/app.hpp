// Everything that answers on the main port, put together.
#pragma once
#include <string>
#include <vector>

#include "web/http.hpp"

namespace pawl {
class Orchestrator;
}

namespace pawl::web {

struct AppSettings {
    std::vector<std::string> allowed_hosts;  // names of this server, beside addresses and localhost
};

// The orchestrator outlives the handler.
Handler make_handler(Orchestrator& orchestrator, const AppSettings& settings = {});

}  // namespace pawl::web
