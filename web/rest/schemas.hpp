// The shapes of requests and answers: components of /openapi.json, and what request bodies are checked against.
#pragma once
#include "states/json.hpp"

namespace pawl::web::rest {

const Json& component_schemas();  // all of them
Json map_run_schemas();

}  // namespace pawl::web::rest
