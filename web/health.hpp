// What supervisors ask: is the process there, and can it work?
#pragma once
#include <vector>

#include "web/http.hpp"

namespace pawl {
class Orchestrator;
}

namespace pawl::web {

// /healthz: 200 while the process serves. /readyz: 200 once recovery is over and the store takes commits, else 503.
std::vector<Route> health_routes(const Orchestrator& orchestrator);

}  // namespace pawl::web
