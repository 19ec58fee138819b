#include "web/aws/views.hpp"

#include <algorithm>

#include "orchestrator/names.hpp"
#include "web/aws/configuration.hpp"
#include "web/aws/timestamp.hpp"

namespace pawl::web::aws {

namespace {

// Does a definition speak the language of variables and JSONata? AWS describes the encryption of such machines (see
// docs/differences.md); where nobody asked for another, it is the default.
bool shows_encryption(const asl::Definition& definition) {
    return definition.query_language == asl::QueryLanguage::JSONata ||
           std::ranges::any_of(definition.all(), [](const auto& state) {
               return state.assign || state.query_language == asl::QueryLanguage::JSONata;
           });
}

// What both descriptions of a machine hold.
void add_revision(Json& document, const StateMachineView& view, bool include_data) {
    const auto& revision = view.revision;
    document["definition"] = include_data ? revision.definition : "{}";
    document["roleArn"] = revision.role_arn;
    document.update(stored_configuration(revision.configuration));
    // The first revision has no id that clients are shown.
    if (!revision.revision_id.empty()) document["revisionId"] = revision.revision_id;
    if (!view.definition) return;
    if (!document.contains("encryptionConfiguration") && shows_encryption(*view.definition)) {
        document["encryptionConfiguration"] = {{"type", "AWS_OWNED_KEY"}};
    }
    if (const auto references = asl::variable_references(*view.definition); include_data && !references.empty()) {
        Json& shown = document["variableReferences"] = Json::object();
        for (const auto& [state, variables] : references) shown[state] = variables;
    }
}

// By which of the machine's names it was started.
void add_start(Json& document, const ExecutionRow& row, const std::string& machine_arn) {
    if (row.version != 0) document["stateMachineVersionArn"] = qualified_arn(machine_arn, std::to_string(row.version));
    if (!row.alias.empty()) document["stateMachineAliasArn"] = qualified_arn(machine_arn, row.alias);
}

void add_redrive(Json& document, const ExecutionRow& row) {
    document["redriveCount"] = row.redrive_count;
    if (row.redriven) document["redriveDate"] = epoch_seconds(*row.redriven);
}

void add_redrive_status(Json& document, const RedriveStatus& status) {
    document["redriveStatus"] = to_string(status.kind);
    if (!status.reason.empty()) document["redriveStatusReason"] = status.reason;
}

void add_payload(Json& document, const std::string& name, const Payload& payload, bool include_data) {
    if (include_data) document[name] = payload.text();
    document[name + "Details"] = {{"included", include_data}};
}

}  // namespace

Json state_machine_document(const StateMachineView& view, bool include_data) {
    Json document = {{"stateMachineArn", view.machine.arn},
                     {"name", view.machine.name},
                     {"status", view.machine.status == MachineStatus::Active ? "ACTIVE" : "DELETING"},
                     {"type", asl::to_string(view.machine.type)},
                     {"creationDate", epoch_seconds(view.machine.created)}};
    add_revision(document, view, include_data);
    if (view.version) {
        document["stateMachineArn"] = qualified_arn(view.machine.arn, std::to_string(view.version->version));
        document["creationDate"] = epoch_seconds(view.version->created);
        if (!view.version->description.empty()) document["description"] = view.version->description;
    }
    return document;
}

Json execution_machine_document(const StateMachineView& view, bool include_data) {
    Json document = {{"stateMachineArn", view.machine.arn},
                     {"name", view.machine.name},
                     {"updateDate", epoch_seconds(view.revision.created)}};
    add_revision(document, view, include_data);
    if (!view.map_run_arn.empty()) {
        document["mapRunArn"] = view.map_run_arn;
        document["label"] = view.machine.name.substr(view.machine.name.find('/') + 1);
    }
    return document;
}

Json state_machine_list_item(const StateMachineView& view) {
    return {{"stateMachineArn", view.machine.arn},
            {"name", view.machine.name},
            {"type", asl::to_string(view.machine.type)},
            {"creationDate", epoch_seconds(view.machine.created)}};
}

namespace {

// What tells an execution from others, in lists and descriptions.
Json execution_head(const ExecutionRow& row, const std::string& machine_arn, const std::string& map_run_arn) {
    Json document = {{"executionArn", row.arn},
                     {"stateMachineArn", machine_arn},
                     {"name", row.name},
                     {"status", to_string(row.status)},
                     {"startDate", epoch_seconds(row.started)}};
    if (row.stopped) document["stopDate"] = epoch_seconds(*row.stopped);
    if (!map_run_arn.empty()) document["mapRunArn"] = map_run_arn;
    return document;
}

// What every description of an execution holds.
Json execution_basics(const ExecutionView& view, bool include_data) {
    Json document = execution_head(view.row, view.machine_arn, view.map_run_arn);
    add_payload(document, "input", view.input, include_data);
    if (view.output) add_payload(document, "output", *view.output, include_data);
    if (view.error.name) document["error"] = *view.error.name;
    if (view.error.cause) document["cause"] = *view.error.cause;
    if (!view.row.trace_header.empty()) document["traceHeader"] = view.row.trace_header;
    return document;
}

}  // namespace

Json execution_document(const ExecutionView& view, bool include_data) {
    auto document = execution_basics(view, include_data);
    add_start(document, view.row, view.machine_arn);
    add_redrive(document, view.row);
    add_redrive_status(document, view.redrive);
    return document;
}

Json sync_execution_document(const ExecutionView& view, bool include_data) {
    return execution_basics(view, include_data);
}

Json execution_list_item(const ExecutionListItem& item) {
    Json document = execution_head(item.row, item.machine_arn, item.map_run_arn);
    if (!item.map_run_arn.empty()) document["itemCount"] = item.row.items;
    add_start(document, item.row, item.machine_arn);
    add_redrive(document, item.row);
    return document;
}

Json diagnostic_document(const asl::Diagnostic& diagnostic) {
    Json document = {{"severity", diagnostic.severity == asl::Severity::Error ? "ERROR" : "WARNING"},
                     {"code", diagnostic.code},
                     {"message", diagnostic.message}};
    if (!diagnostic.location.empty()) document["location"] = diagnostic.location;
    return document;
}

}  // namespace pawl::web::aws
