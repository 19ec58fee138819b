// One line of the REST API, as data: what makes it a route and what describes it in /openapi.json is the same value,
// so neither can drift from the other.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/orchestrator.hpp"
#include "web/http.hpp"

namespace pawl::web {
struct Functions;
}

namespace pawl::web::rest {

enum class In { Path, Query, Header };

struct Parameter {
    std::string name;
    In in;
    std::string description;
    Json schema;
    Json example = nullptr;                                        // null: none
    std::optional<ApiError> (*check)(std::string_view) = nullptr;  // of a path's: what a schema can't say
};

struct Reply {
    int status;
    std::string description;
    std::string schema;  // name of a component; empty: no body
    std::string content_type = "application/json";
};

enum class Body {
    None,      // reads none
    Optional,  // an empty body is an empty object
    Required,
    Raw,  // the handler parses it itself
};

// A request that has passed the description's checks.
struct Call {
    const Request& request;
    Json query;  // typed as described; absent ones have their default
    Json body;   // null unless the endpoint has one
    const std::string& path(std::string_view name) const { return request.parameters.find(name)->second; }
};

struct Endpoint {
    std::string method;
    std::string pattern;
    std::string id;  // operationId
    std::string tag;
    std::string summary;
    std::vector<Parameter> parameters = {};
    Body body = Body::None;
    std::string body_schema = {};
    std::vector<Reply> replies = {};       // the good ones
    std::vector<std::string> errors = {};  // types of ApiError that it answers with
    ApiResult<Response> (*run)(Orchestrator&, const Call&) = nullptr;
    // Instead of `run`, of functions; null: there are none.
    ApiResult<Response> (*serve)(const Functions* functions, const Call&) = nullptr;
};

std::vector<Endpoint> state_machine_endpoints();
std::vector<Endpoint> version_endpoints();
std::vector<Endpoint> execution_endpoints();
std::vector<Endpoint> map_run_endpoints();
std::vector<Endpoint> history_endpoints();
std::vector<Endpoint> task_endpoints();
std::vector<Endpoint> callback_endpoints();
std::vector<Endpoint> validation_endpoints();
std::vector<Endpoint> statistics_endpoints();
std::vector<Endpoint> function_endpoints();
std::vector<Endpoint> all_endpoints();

// The request as the endpoint's description wants it, or why it is not.
ApiResult<Call> read_call(const Endpoint& endpoint, const Request& request);

}  // namespace pawl::web::rest
