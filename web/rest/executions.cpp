// /api/v1/executions, and those of one state machine: starting, finding, looking, stopping.
#include "orchestrator/name_rules.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"
#include "web/rest/views.hpp"

namespace pawl::web::rest {
namespace {

ApiResult<Response> list(Orchestrator& orchestrator, const Call& call, std::string machine) {
    const auto limit = call.query["limit"].get<std::size_t>();
    ListExecutions query;
    query.machine_arn = std::move(machine);
    query.name_prefix = call.query.value("namePrefix", "");
    query.limit = limit + 1;
    if (call.query.contains("status")) query.status = parse_execution_status(call.query["status"].get<std::string>());
    if (call.query.contains("cursor")) {
        query.after = parse_execution_cursor(call.query["cursor"].get<std::string>());
        if (!query.after) return invalid_request("The cursor is not one that this server gave.");
    }
    const auto found = orchestrator.list_executions(query);
    if (!found) return found.error();
    auto items = Json::array();
    for (std::size_t i = 0; i < found->size() && i < limit; ++i) {
        items.push_back(execution_summary((*found)[i].row, (*found)[i].machine_arn));
    }
    Json page = Json::object();
    page["executions"] = std::move(items);
    if (found->size() > limit) page["nextCursor"] = execution_cursor((*found)[limit - 1].row);
    return json_response(page);
}

ApiResult<Response> list_all(Orchestrator& orchestrator, const Call& call) { return list(orchestrator, call, ""); }

ApiResult<Response> list_of_machine(Orchestrator& orchestrator, const Call& call) {
    return list(orchestrator, call, machine_arn(orchestrator, call));
}

ApiResult<Response> show(Orchestrator& orchestrator, std::string_view arn, int status) {
    const auto view = orchestrator.describe_execution(arn);
    if (!view) return view.error();
    return json_response(execution_json(*view), status);
}

ApiResult<Response> start(Orchestrator& orchestrator, const Call& call) {
    StartExecution request;
    request.machine_arn = machine_arn(orchestrator, call);
    if (call.body.contains("name")) request.name = call.body["name"].get<std::string>();
    if (request.name) {
        if (auto error = check_name(*request.name)) return *std::move(error);
    }
    auto input = document_member(call.body, "input", orchestrator.settings().limits.payload_bytes);
    if (!input) return input.error();
    request.input = *std::move(input);
    const auto started = orchestrator.start_execution(request);
    if (!started) return started.error();
    if (const std::chrono::seconds patience{call.query.value("wait", 0)}; patience.count() > 0) {
        if (const auto ended = orchestrator.wait_for_end(started->arn, patience); !ended) return ended.error();
    }
    auto response = show(orchestrator, started->arn, 201);
    if (response) response->headers.emplace_back("Location", execution_path(started->arn));
    return response;
}

ApiResult<Response> get(Orchestrator& orchestrator, const Call& call) {
    return show(orchestrator, call.path("arn"), 200);
}

ApiResult<Response> stop(Orchestrator& orchestrator, const Call& call) {
    StopExecution request{.arn = call.path("arn"), .error = {}};
    if (call.body.contains("error")) request.error.name = call.body["error"].get<std::string>();
    if (call.body.contains("cause")) request.error.cause = call.body["cause"].get<std::string>();
    const auto stopped = orchestrator.stop_execution(request);
    if (!stopped) return stopped.error();
    return show(orchestrator, request.arn, 200);
}

Parameter wait_parameter() {
    return {"wait", In::Query, "Answer when the execution has ended, or after this many seconds as it is then",
            *parse_json(R"({"type": "integer", "minimum": 0, "maximum": 300, "default": 0})")};
}

std::vector<Parameter> filters() {
    return {
        {"status", In::Query, "Only those in this status",
         *parse_json(R"({"$ref": "#/components/schemas/ExecutionStatus"})")},
        {"namePrefix", In::Query, "Only those whose name begins so",
         *parse_json(R"({"type": "string", "maxLength": 80})")},
        limit_parameter(),
        cursor_parameter(),
    };
}

}  // namespace

std::vector<Endpoint> execution_endpoints() {
    const std::string all = "/api/v1/executions";
    const std::string of_machine = "/api/v1/state-machines/{machine}/executions";
    auto machine_and_filters = filters();
    machine_and_filters.insert(machine_and_filters.begin(), machine_parameter());
    return {
        {.method = "GET",
         .pattern = of_machine,
         .id = "listExecutionsOfStateMachine",
         .tag = "Executions",
         .summary = "List a state machine's executions, newest first",
         .parameters = machine_and_filters,
         .replies = {{200, "A page of executions", "ExecutionPage"}},
         .errors = {"StateMachineDoesNotExist"},
         .run = list_of_machine},
        {.method = "POST",
         .pattern = of_machine,
         .id = "startExecution",
         .tag = "Executions",
         .summary =
             "Start an execution; of a version or an alias, when the machine is named NAME:VERSION or NAME:ALIAS",
         .parameters = {machine_parameter(), wait_parameter()},
         .body = Body::Optional,
         .body_schema = "StartExecution",
         .replies = {{201, "The execution; Location names it", "Execution"}},
         .errors = {"InvalidExecutionInput", "InvalidName", "StateMachineDoesNotExist", "StateMachineDeleting",
                    "ExecutionAlreadyExists", "PayloadTooLarge"},
         .run = start},
        {.method = "GET",
         .pattern = all,
         .id = "listExecutions",
         .tag = "Executions",
         .summary = "List the executions of all state machines, newest first",
         .parameters = filters(),
         .replies = {{200, "A page of executions", "ExecutionPage"}},
         .run = list_all},
        {.method = "GET",
         .pattern = all + "/{arn}",
         .id = "getExecution",
         .tag = "Executions",
         .summary = "Get an execution with its input and output",
         .parameters = {execution_parameter()},
         .replies = {{200, "The execution", "Execution"}},
         .errors = {"ExecutionDoesNotExist", "InvalidArn"},
         .run = get},
        {.method = "POST",
         .pattern = all + "/{arn}/stop",
         .id = "stopExecution",
         .tag = "Executions",
         .summary = "Stop an execution",
         .parameters = {execution_parameter()},
         .body = Body::Optional,
         .body_schema = "ErrorReport",
         .replies = {{200, "The execution as it ended", "Execution"}},
         .errors = {"ExecutionDoesNotExist", "InvalidArn"},
         .run = stop},
    };
}

}  // namespace pawl::web::rest
