// GET /metrics: what the engine and its functions have done, for a monitoring system to fetch. Counters begin at zero
// with the process. Spec: Prometheus, "Exposition formats", text format 0.0.4.
#pragma once
#include "web/functions.hpp"
#include "web/http.hpp"

namespace pawl {
class Orchestrator;
}

namespace pawl::web {

// `functions` may be null.
Route metrics_route(const Orchestrator& orchestrator, const Functions* functions);

}  // namespace pawl::web
