#include "web/rest/views.hpp"

#include <algorithm>

#include "orchestrator/text_encodings.hpp"
#include "states/time.hpp"

namespace pawl::web::rest {
namespace {

std::string_view status_text(MachineStatus status) { return status == MachineStatus::Active ? "ACTIVE" : "DELETING"; }

void put_document(Json& to, const std::string& name, const Payload& payload) {
    to[name] = payload.json();
    to[name + "Text"] = payload.text();
}

}  // namespace

std::string execution_path(std::string_view arn) { return "/api/v1/executions/" + percent_encode(arn); }
std::string state_machine_path(std::string_view arn) { return "/api/v1/state-machines/" + percent_encode(arn); }

std::string_view name_in_arn(std::string_view arn) { return arn.substr(arn.rfind(':') + 1); }

Json state_machine_summary(const StateMachineView& view) {
    Json json = Json::object();
    json["stateMachineArn"] = view.machine.arn;
    json["name"] = view.machine.name;
    json["type"] = std::string{asl::to_string(view.machine.type)};
    json["status"] = std::string{status_text(view.machine.status)};
    json["creationDate"] = to_iso8601(view.machine.created);
    json["updateDate"] = to_iso8601(view.revision.created);
    json["revisionId"] = view.revision.revision_id;
    json["roleArn"] = view.revision.role_arn;
    return json;
}

Json state_machine_json(const StateMachineView& view) {
    auto json = state_machine_summary(view);
    put_document(json, "definition", Payload::from_text(view.revision.definition));
    const auto tags = parse_json(view.machine.tags);
    json["tags"] = tags && tags->is_object() ? *tags : Json::object();
    return json;
}

Json version_json(const VersionView& view) {
    Json json = Json::object();
    json["versionArn"] = view.arn;
    json["version"] = view.row.version;
    json["creationDate"] = to_iso8601(view.row.created);
    json["description"] = view.row.description;
    return json;
}

Json alias_json(const AliasView& view) {
    Json weights = Json::object();
    for (const auto& route : view.row.routes) weights[std::to_string(route.version)] = route.weight;
    Json json = Json::object();
    json["aliasArn"] = view.arn;
    json["name"] = view.row.name;
    json["description"] = view.row.description;
    json["weights"] = std::move(weights);
    json["creationDate"] = to_iso8601(view.row.created);
    json["updateDate"] = to_iso8601(view.row.updated);
    return json;
}

Json execution_summary(const ExecutionRow& row, std::string_view machine_arn) {
    Json json = Json::object();
    json["executionArn"] = row.arn;
    json["name"] = row.name;
    json["stateMachineArn"] = std::string{machine_arn};
    json["stateMachineName"] = std::string{name_in_arn(machine_arn)};
    json["status"] = std::string{to_string(row.status)};
    json["startDate"] = to_iso8601(row.started);
    if (row.stopped) json["stopDate"] = to_iso8601(*row.stopped);
    if (row.version != 0) json["version"] = row.version;
    if (!row.alias.empty()) json["alias"] = row.alias;
    json["redriveCount"] = row.redrive_count;
    if (row.redriven) json["redriveDate"] = to_iso8601(*row.redriven);
    if (row.map_run != 0) json["itemIndex"] = row.item;
    return json;
}

Json execution_json(const ExecutionView& view) {
    auto json = execution_summary(view.row, view.machine_arn);
    if (!view.row.trace_header.empty()) json["traceHeader"] = view.row.trace_header;
    put_document(json, "input", view.input);
    if (view.output) put_document(json, "output", *view.output);
    if (view.error.name) json["error"] = *view.error.name;
    if (view.error.cause) json["cause"] = *view.error.cause;
    if (!view.map_run_arn.empty()) {
        json["mapRunArn"] = view.map_run_arn;
        json["mapState"] = view.map_state;
        json["parentExecutionArn"] = view.parent_arn;
    }
    return json;
}

Json map_run_json(const MapRunRow& row, std::string_view execution_arn) {
    Json json = Json::object();
    json["mapRunArn"] = row.arn;
    json["executionArn"] = std::string{execution_arn};
    json["state"] = row.state;
    json["status"] = std::string{to_string(row.status)};
    json["startDate"] = to_iso8601(row.started);
    if (row.stopped) json["stopDate"] = to_iso8601(*row.stopped);
    json["maxConcurrency"] = row.max_concurrency;
    json["toleratedFailureCount"] = row.tolerated_failure_count;
    json["toleratedFailurePercentage"] = row.tolerated_failure_percentage;
    json["items"] = row.items;
    json["redriveCount"] = row.redrive_count;
    return json;
}

Json map_run_json(const MapRunView& view) {
    auto json = map_run_json(view.row, view.execution_arn);
    Json children = Json::object();
    Json items = Json::object();
    for (std::size_t i = 0; i < view.counts.size(); ++i) {
        const std::string status{to_string(static_cast<ExecutionStatus>(i))};
        if (view.counts[i].executions > 0) children[status] = view.counts[i].executions;
        if (view.counts[i].items > 0) items[status] = view.counts[i].items;
    }
    json["executionsByStatus"] = std::move(children);
    json["itemsByStatus"] = std::move(items);
    return json;
}

Json diagnostics_json(const asl::Diagnostics& diagnostics) {
    auto list = Json::array();
    for (const auto& diagnostic : diagnostics) {
        Json json = Json::object();
        json["severity"] = diagnostic.severity == asl::Severity::Error ? "ERROR" : "WARNING";
        json["code"] = diagnostic.code;
        json["message"] = diagnostic.message;
        json["location"] = diagnostic.location;
        json["line"] = diagnostic.position.line;
        json["column"] = diagnostic.position.column;
        if (!diagnostic.hint.empty()) json["hint"] = diagnostic.hint;
        list.push_back(std::move(json));
    }
    return list;
}

}  // namespace pawl::web::rest
