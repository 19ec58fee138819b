// Everything that answers on the main port, put together.
#pragma once
#include "web/http.hpp"

namespace pawl {
class Orchestrator;
}

namespace pawl::web {

struct Functions;

// The orchestrator and what `functions` refers to outlive the handler; without functions there is no Lambda API. Of the
// settings, what counts is how this server is called.
Handler make_handler(Orchestrator& orchestrator, const ServerSettings& settings = {},
                     const Functions* functions = nullptr);

}  // namespace pawl::web
