// Everything that answers on the main port, put together.
#pragma once
#include "web/http.hpp"

namespace pawl {
class Orchestrator;
}

namespace pawl::web {

// The orchestrator outlives the handler. Of the settings, what counts is how this server is called.
Handler make_handler(Orchestrator& orchestrator, const ServerSettings& settings = {});

}  // namespace pawl::web
