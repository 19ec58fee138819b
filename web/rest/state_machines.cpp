// /api/v1/state-machines: what there is to run.
#include "orchestrator/arn.hpp"
#include "orchestrator/name_rules.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"
#include "web/rest/views.hpp"

namespace pawl::web::rest {
namespace {

asl::MachineType machine_type(const Json& body) {
    return body.value("type", "STANDARD") == "EXPRESS" ? asl::MachineType::Express : asl::MachineType::Standard;
}

ApiResult<Response> show(Orchestrator& orchestrator, std::string_view arn, int status) {
    auto view = orchestrator.describe_state_machine(arn);
    if (!view) return view.error();
    auto response = json_response(state_machine_json(*view), status);
    if (status == 201) response.headers.emplace_back("Location", state_machine_path(view->machine.arn));
    return response;
}

ApiResult<Response> list(Orchestrator& orchestrator, const Call& call) {
    const auto limit = call.query["limit"].get<std::size_t>();
    const auto machines = orchestrator.list_state_machines(call.query.value("cursor", ""), limit + 1);
    auto items = Json::array();
    for (std::size_t i = 0; i < machines.size() && i < limit; ++i) items.push_back(state_machine_summary(machines[i]));
    Json page = Json::object();
    page["stateMachines"] = std::move(items);
    if (machines.size() > limit) page["nextCursor"] = machines[limit - 1].machine.name;
    return json_response(page);
}

ApiResult<Response> create(Orchestrator& orchestrator, const Call& call) {
    CreateStateMachine request;
    request.name = call.body["name"].get<std::string>();
    const auto sent = sent_definition(call.body["definition"]);
    auto definition = sent.json();
    if (!definition) return definition.error();
    request.definition = *std::move(definition);
    request.role_arn = call.body.value("roleArn", "arn:aws:iam::" + orchestrator.settings().account + ":role/pawl");
    request.type = machine_type(call.body);
    if (auto error = check_name(request.name)) return *std::move(error);
    if (auto error = check_role_arn(request.role_arn)) return *std::move(error);
    if (call.body.contains("tags")) request.tags = call.body["tags"];
    auto created = orchestrator.create_state_machine(request);
    if (!created) return with_diagnostics(orchestrator, created.error(), sent, request.type);
    return show(orchestrator, created->arn, 201);
}

ApiResult<Response> get(Orchestrator& orchestrator, const Call& call) {
    return show(orchestrator, machine_arn(orchestrator, call), 200);
}

ApiResult<Response> update(Orchestrator& orchestrator, const Call& call) {
    UpdateStateMachine request;
    request.arn = machine_arn(orchestrator, call);
    SentDefinition sent;
    if (call.body.contains("definition")) {
        sent = sent_definition(call.body["definition"]);
        auto definition = sent.json();
        if (!definition) return definition.error();
        request.definition = *std::move(definition);
    }
    if (call.body.contains("roleArn")) request.role_arn = call.body["roleArn"].get<std::string>();
    if (request.role_arn) {
        if (auto error = check_role_arn(*request.role_arn)) return *std::move(error);
    }
    auto updated = orchestrator.update_state_machine(request);
    if (updated) return show(orchestrator, request.arn, 200);
    const auto machine = orchestrator.describe_state_machine(request.arn);
    if (!machine || !request.definition) return updated.error();
    return with_diagnostics(orchestrator, updated.error(), sent, machine->machine.type);
}

ApiResult<Response> list_revisions(Orchestrator& orchestrator, const Call& call) {
    const auto found =
        orchestrator.list_revisions(machine_arn(orchestrator, call), call.query["limit"].get<std::size_t>());
    if (!found) return found.error();
    auto items = Json::array();
    for (const auto& revision : *found) {
        Json item = Json::object();
        item["revisionId"] = revision.revision_id;
        item["creationDate"] = to_iso8601(revision.created);
        item["current"] = items.empty();
        item["definitionText"] = revision.definition;
        items.push_back(std::move(item));
    }
    Json answer = Json::object();
    answer["revisions"] = std::move(items);
    return json_response(answer);
}

// AWS lets go of what does not exist; people want to know that they mistyped.
ApiResult<Response> remove(Orchestrator& orchestrator, const Call& call) {
    const auto arn = machine_arn(orchestrator, call);
    if (auto view = orchestrator.describe_state_machine(arn); !view) return view.error();
    if (auto deleted = orchestrator.delete_state_machine(arn); !deleted) return deleted.error();
    return empty_response(204);
}

}  // namespace

std::vector<Endpoint> state_machine_endpoints() {
    const std::string all = "/api/v1/state-machines";
    const std::string one = all + "/{machine}";
    return {
        {.method = "GET",
         .pattern = all,
         .id = "listStateMachines",
         .tag = "State machines",
         .summary = "List state machines, by name",
         .parameters = {limit_parameter(), cursor_parameter()},
         .replies = {{200, "A page of state machines", "StateMachinePage"}},
         .run = list},
        {.method = "POST",
         .pattern = all,
         .id = "createStateMachine",
         .tag = "State machines",
         .summary = "Create a state machine",
         .body = Body::Required,
         .body_schema = "CreateStateMachine",
         .replies = {{201, "The new state machine; Location names it", "StateMachine"}},
         .errors = {"InvalidDefinition", "InvalidName", "InvalidArn", "StateMachineAlreadyExists",
                    "StateMachineDeleting", "TooManyTags", "ValidationException"},
         .run = create},
        {.method = "GET",
         .pattern = one,
         .id = "getStateMachine",
         .tag = "State machines",
         .summary = "Get a state machine with its definition",
         .parameters = {machine_parameter()},
         .replies = {{200, "The state machine", "StateMachine"}},
         .errors = {"StateMachineDoesNotExist"},
         .run = get},
        {.method = "PUT",
         .pattern = one,
         .id = "replaceStateMachine",
         .tag = "State machines",
         .summary = "Give a state machine a new definition; running executions keep the old one",
         .parameters = {machine_parameter()},
         .body = Body::Required,
         .body_schema = "ReplaceStateMachine",
         .replies = {{200, "The state machine as it is now", "StateMachine"}},
         .errors = {"InvalidArn", "InvalidDefinition", "StateMachineDoesNotExist", "StateMachineDeleting"},
         .run = update},
        {.method = "PATCH",
         .pattern = one,
         .id = "updateStateMachine",
         .tag = "State machines",
         .summary = "Change a state machine's definition, role or both; running executions keep the old ones",
         .parameters = {machine_parameter()},
         .body = Body::Required,
         .body_schema = "UpdateStateMachine",
         .replies = {{200, "The state machine as it is now", "StateMachine"}},
         .errors = {"InvalidArn", "InvalidDefinition", "StateMachineDoesNotExist", "StateMachineDeleting"},
         .run = update},
        {.method = "GET",
         .pattern = one + "/revisions",
         .id = "listRevisions",
         .tag = "State machines",
         .summary = "List what a state machine has been, newest first",
         .parameters = {machine_parameter(), limit_parameter()},
         .replies = {{200, "The revisions", "Revisions"}},
         .errors = {"StateMachineDoesNotExist"},
         .run = list_revisions},
        {.method = "DELETE",
         .pattern = one,
         .id = "deleteStateMachine",
         .tag = "State machines",
         .summary = "Delete a state machine; it goes when its executions have ended",
         .parameters = {machine_parameter()},
         .replies = {{204, "It is being deleted", ""}},
         .errors = {"StateMachineDoesNotExist"},
         .run = remove},
    };
}

}  // namespace pawl::web::rest
