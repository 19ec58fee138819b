// /api/v1/executions, and those of one state machine: starting, finding, looking, stopping.
#include "orchestrator/name_rules.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/execution_search.hpp"
#include "web/rest/parameters.hpp"
#include "web/rest/views.hpp"

namespace pawl::web::rest {
namespace {

std::optional<ApiError> read_time(const Call& call, const char* name, std::optional<Instant>& to) {
    if (!call.query.contains(name)) return std::nullopt;
    to = parse_iso8601(call.query[name].get_ref<const std::string&>());
    if (to) return std::nullopt;
    return invalid_request(std::string{name} + " is no time as ISO 8601 has it: 2026-11-22T13:46:46.123Z.");
}

ApiResult<Response> list(Orchestrator& orchestrator, const Call& call, std::string machine) {
    ExecutionSearch search;
    search.query.machine_arn = std::move(machine);
    search.query.map_run_arn = call.query.value("mapRun", "");
    if (!search.query.map_run_arn.empty() &&
        (call.query.contains("startedAfter") || call.query.contains("startedBefore"))) {
        return invalid_request(
            "Children are listed by their item, so startedAfter and startedBefore can't choose among them.");
    }
    search.query.name_prefix = call.query.value("namePrefix", "");
    search.query.limit = call.query["limit"].get<std::size_t>();
    search.error_text = call.query.value("error", "");
    if (call.query.contains("status")) {
        search.query.status = parse_execution_status(call.query["status"].get<std::string>());
    }
    if (auto wrong = read_time(call, "startedAfter", search.started_after)) return *std::move(wrong);
    if (auto wrong = read_time(call, "startedBefore", search.started_before)) return *std::move(wrong);
    if (call.query.contains("cursor")) {
        search.query.after = parse_execution_cursor(call.query["cursor"].get<std::string>());
        if (!search.query.after) return invalid_request("The cursor is not one that this server gave.");
    }
    const auto found = search_executions(orchestrator, search);
    if (!found) return found.error();
    auto items = Json::array();
    for (const auto& one : found->items) {
        auto summary = execution_summary(one.item.row, one.item.machine_arn);
        if (one.error.name) summary["error"] = *one.error.name;
        items.push_back(std::move(summary));
    }
    Json page = Json::object();
    page["executions"] = std::move(items);
    if (found->more) page["nextCursor"] = execution_cursor(*found->more);
    return json_response(page);
}

// Of all machines, or the children of one Map Run, which belong to no machine's list.
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
        if (const auto ended = orchestrator.wait_for_end(started->arn, patience, call.request.connected); !ended)
            return ended.error();
    }
    auto response = show(orchestrator, started->arn, 201);
    if (response) response->headers.emplace_back("Location", execution_path(started->arn));
    return response;
}

ApiResult<Response> get(Orchestrator& orchestrator, const Call& call) {
    return show(orchestrator, call.path("arn"), 200);
}

ApiResult<Response> get_state_machine(Orchestrator& orchestrator, const Call& call) {
    const auto view = orchestrator.describe_state_machine_for_execution(call.path("arn"));
    if (!view) return view.error();
    return json_response(state_machine_json(*view));
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

ApiResult<Response> redrive(Orchestrator& orchestrator, const Call& call) {
    const auto redriven = orchestrator.redrive_execution(call.path("arn"), "");
    if (!redriven) return redriven.error();
    return show(orchestrator, call.path("arn"), 200);
}

std::vector<Parameter> filters() {
    return {
        {"status", In::Query, "Only those in this status",
         *parse_json(R"({"$ref": "#/components/schemas/ExecutionStatus"})")},
        {"namePrefix", In::Query, "Only those whose name begins so",
         *parse_json(R"({"type": "string", "maxLength": 80})")},
        {"error", In::Query, "Only those with this text in their error or cause, whatever the case",
         *parse_json(R"({"type": "string", "maxLength": 200})")},
        {"startedAfter", In::Query, "Only those started then or later",
         *parse_json(R"({"type": "string", "format": "date-time"})")},
        {"startedBefore", In::Query, "Only those started earlier",
         *parse_json(R"({"type": "string", "format": "date-time"})")},
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
    auto map_run_and_filters = filters();
    map_run_and_filters.insert(
        map_run_and_filters.begin(),
        {"mapRun", In::Query, "Only the children of this Map Run, by its ARN; else they are left out",
         *parse_json(R"({"type": "string", "minLength": 1})")});
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
         .parameters = map_run_and_filters,
         .replies = {{200, "A page of executions", "ExecutionPage"}},
         .errors = {"ResourceNotFound"},
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
        {.method = "GET",
         .pattern = all + "/{arn}/state-machine",
         .id = "getStateMachineOfExecution",
         .tag = "Executions",
         .summary = "Get the state machine as this execution runs it, whatever it has become since",
         .parameters = {execution_parameter()},
         .replies = {{200, "The state machine with that revision's definition", "StateMachine"}},
         .errors = {"ExecutionDoesNotExist", "InvalidArn"},
         .run = get_state_machine},
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
        {.method = "POST",
         .pattern = all + "/{arn}/redrive",
         .id = "redriveExecution",
         .tag = "Executions",
         .summary = "Let an execution that failed go on where it fell",
         .parameters = {execution_parameter()},
         .body = Body::Optional,
         .body_schema = "Nothing",
         .replies = {{200, "The execution, running again", "Execution"}},
         .errors = {"ExecutionDoesNotExist", "ExecutionNotRedrivable", "ExecutionLimitExceeded", "InvalidArn"},
         .run = redrive},
    };
}

}  // namespace pawl::web::rest
