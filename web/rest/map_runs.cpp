// /api/v1/map-runs, and those of one execution: Maps in distributed mode, whose iterations are executions of their own.
// The children are a list of executions: /api/v1/executions?mapRun=ARN.
#include "orchestrator/arn.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"
#include "web/rest/views.hpp"

namespace pawl::web::rest {
namespace {

std::optional<ApiError> check_map_run(std::string_view arn) { return check_arn(arn, "mapRun"); }

ApiResult<Response> get(Orchestrator& orchestrator, const Call& call) {
    const auto view = orchestrator.describe_map_run(call.path("arn"));
    if (!view) return view.error();
    return json_response(map_run_json(*view));
}

ApiResult<Response> list_of_execution(Orchestrator& orchestrator, const Call& call) {
    const auto& execution = call.path("arn");
    const auto runs = orchestrator.list_map_runs(execution);
    if (!runs) return runs.error();
    auto list = Json::array();
    for (const auto& row : *runs) list.push_back(map_run_json(row, execution));
    Json answer = Json::object();
    answer["mapRuns"] = std::move(list);
    return json_response(answer);
}

}  // namespace

std::vector<Endpoint> map_run_endpoints() {
    return {
        {.method = "GET",
         .pattern = "/api/v1/map-runs/{arn}",
         .id = "getMapRun",
         .tag = "Map Runs",
         .summary = "Get a Map Run, with how many of its children are in which status",
         .parameters = {{"arn", In::Path, "ARN of the Map Run, percent-encoded",
                         *parse_json(R"({"type": "string", "minLength": 1})"),
                         "arn:aws:states:us-east-1:000000000000:mapRun:order/Items:0f1d6c2e", check_map_run}},
         .replies = {{200, "The Map Run", "MapRun"}},
         .errors = {"ResourceNotFound", "InvalidArn"},
         .run = get},
        {.method = "GET",
         .pattern = "/api/v1/executions/{arn}/map-runs",
         .id = "listMapRuns",
         .tag = "Map Runs",
         .summary = "List an execution's Map Runs",
         .parameters = {execution_parameter()},
         .replies = {{200, "The Map Runs, in the order they began", "MapRunList"}},
         .errors = {"ExecutionDoesNotExist", "InvalidArn"},
         .run = list_of_execution},
    };
}

}  // namespace pawl::web::rest
