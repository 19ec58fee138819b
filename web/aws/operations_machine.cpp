// Operations on state machines.
//
// Kept and given back, but not acted on: tracingConfiguration (no traces), roleArn (nothing is permitted or forbidden
// by it). Refused: encryption with customer keys.
#include <array>
#include <set>
#include <utility>

#include "orchestrator/arn.hpp"
#include "orchestrator/integrations/literal_parameters.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/name_rules.hpp"
#include "web/aws/configuration.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/page_token.hpp"
#include "web/aws/paging.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/tags.hpp"
#include "web/aws/timestamp.hpp"
#include "web/aws/views.hpp"

namespace pawl::web::aws {

namespace {

asl::MachineType machine_type(const Arguments& arguments) {
    return arguments.text("type") == "EXPRESS" ? asl::MachineType::Express : asl::MachineType::Standard;
}

bool include_data(const Arguments& arguments) { return arguments.text("includedData") != "METADATA_ONLY"; }

std::optional<ApiError> check_publish(const Arguments& arguments) {
    if (arguments.flag("publish", false) || !arguments.has("versionDescription")) return std::nullopt;
    return ApiError{"ValidationException", "Version description can only be set when publish is true"};
}

ApiResult<Json> create_state_machine(const Call& call) {
    const auto& arguments = call.arguments;
    CreateStateMachine request;
    request.name = arguments.text("name");
    request.definition = arguments.text("definition");
    request.role_arn = arguments.text("roleArn");
    request.type = machine_type(arguments);
    if (auto error = check_name(request.name)) return std::move(*error);
    if (auto error = check_role_arn(request.role_arn)) return std::move(*error);
    if (auto error = check_publish(arguments)) return std::move(*error);
    request.publish = arguments.flag("publish", false);
    request.version_description = arguments.text("versionDescription");
    auto configuration = full_configuration(arguments);
    if (!configuration) return configuration.error();
    request.configuration = *std::move(configuration);
    request.tags = tags_of(arguments);

    const auto created = call.orchestrator.create_state_machine(request);
    if (!created) return created.error();
    Json document = {{"stateMachineArn", created->arn}, {"creationDate", epoch_seconds(created->created)}};
    if (created->version_arn) document["stateMachineVersionArn"] = *created->version_arn;
    return document;
}

ApiResult<Json> update_state_machine(const Call& call) {
    const auto& arguments = call.arguments;
    UpdateStateMachine request;
    request.arn = arguments.text("stateMachineArn");
    request.definition = arguments.optional_text("definition");
    request.role_arn = arguments.optional_text("roleArn");
    if (auto error = check_arn(request.arn, "stateMachine")) return std::move(*error);
    if (auto error = refuse_labeled(request.arn)) return std::move(*error);
    if (request.role_arn) {
        if (auto error = check_role_arn(*request.role_arn)) return std::move(*error);
    }
    if (auto error = check_publish(arguments)) return std::move(*error);
    request.publish = arguments.flag("publish", false);
    request.version_description = arguments.text("versionDescription");
    auto configuration = partial_configuration(arguments);
    if (!configuration) return configuration.error();
    request.configuration = *std::move(configuration);
    if (!request.definition && !request.role_arn && request.configuration.empty()) {
        // AWS says so only of machines that there are.
        if (const auto known = call.orchestrator.describe_state_machine(request.arn); !known) return known.error();
        return ApiError{"MissingRequiredParameter",
                        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration "
                        "must be specified"};
    }
    const auto updated = call.orchestrator.update_state_machine(request);
    if (!updated) return updated.error();
    Json document = {{"updateDate", epoch_seconds(updated->updated)}};
    if (!updated->revision_id.empty()) document["revisionId"] = updated->revision_id;
    if (updated->version_arn) document["stateMachineVersionArn"] = *updated->version_arn;
    return document;
}

ApiResult<Json> describe_state_machine(const Call& call) {
    const auto arn = call.arguments.text("stateMachineArn");
    if (auto error = check_arn(arn, "stateMachine")) return std::move(*error);
    if (auto error = refuse_labeled(arn)) return std::move(*error);
    const auto view = call.orchestrator.describe_state_machine(arn);
    if (!view) return view.error();
    return state_machine_document(*view, include_data(call.arguments));
}

ApiResult<Json> describe_state_machine_for_execution(const Call& call) {
    const auto arn = call.arguments.text("executionArn");
    if (auto error = check_arn(arn, "execution")) return std::move(*error);
    const auto view = call.orchestrator.describe_state_machine_for_execution(arn);
    if (!view) return view.error();
    return execution_machine_document(*view, include_data(call.arguments));
}

ApiResult<Json> delete_state_machine(const Call& call) {
    const auto arn = call.arguments.text("stateMachineArn");
    if (auto error = check_arn(arn, "stateMachine")) return std::move(*error);
    if (auto error = refuse_labeled(arn)) return std::move(*error);
    const auto deleted = call.orchestrator.delete_state_machine(arn);
    if (!deleted) return deleted.error();
    return Json::object();
}

ApiResult<Json> list_state_machines(const Call& call) {
    constexpr std::string_view scope = "ListStateMachines";
    const auto after_name = page_position(scope, call.arguments);
    if (!after_name) return after_name.error();
    const std::size_t size = page_size(call.arguments);
    auto machines = call.orchestrator.list_state_machines(*after_name, size + 1);
    Json response = Json::object();
    if (machines.size() > size) {
        machines.resize(size);
        response["nextToken"] = make_page_token(scope, machines.back().machine.name);
    }
    Json& items = response["stateMachines"] = Json::array();
    for (const auto& machine : machines) items.push_back(state_machine_list_item(machine));
    return response;
}

// No machine is made, so what AWS runs and nothing here does is worth a warning, behind all else.
asl::Diagnostics judged(const Call& call) {
    const auto definition = call.arguments.text("definition");
    asl::ParseOptions options;
    options.machine_type = machine_type(call.arguments);
    auto refused = call.orchestrator.check_definition(definition, options.machine_type);
    if (refused.definition) return std::move(refused.diagnostics);
    std::set<std::string> ours;
    options.unsupported_resource = [&](std::string_view resource) -> std::optional<std::string> {
        auto why = call.orchestrator.unsupported_resource(resource);
        if (!why || *why == sdk::unrecognized_resource(resource)) return why;
        ours.insert(*std::move(why));
        return std::nullopt;
    };
    auto parsed = asl::parse_definition(definition, options);
    check_literal_parameters(parsed, definition);
    for (auto& diagnostic : refused.diagnostics) {
        if (!ours.contains(diagnostic.message)) continue;
        diagnostic.severity = asl::Severity::Warning;
        parsed.diagnostics.push_back(std::move(diagnostic));
    }
    return std::move(parsed.diagnostics);
}

ApiResult<Json> validate_state_machine_definition(const Call& call) {
    constexpr std::int64_t most = 100;
    const auto& arguments = call.arguments;
    const bool warnings_too = arguments.text("severity") == "WARNING";
    const auto asked = arguments.integer("maxResults", 0);
    const auto limit = static_cast<std::size_t>(asked == 0 ? most : asked);

    Json shown = Json::array();
    bool valid = true;
    bool truncated = false;
    for (const auto& diagnostic : judged(call)) {
        const bool is_error = diagnostic.severity == asl::Severity::Error;
        valid = valid && !is_error;
        if (!is_error && !warnings_too) continue;
        truncated = shown.size() == limit;
        if (!truncated) shown.push_back(diagnostic_document(diagnostic));
    }
    return Json{{"result", valid ? "OK" : "FAIL"}, {"diagnostics", std::move(shown)}, {"truncated", truncated}};
}

// clang-format off
constexpr std::array create_members{
    text_member("name", required, 1, 80),
    sensitive(text_member("definition", required, 1, max_definition_length)),
    arn_member("roleArn", required),
    enum_member("type", machine_types),
    structure_member("loggingConfiguration", logging_members),
    list_member("tags", tag_members),
    structure_member("tracingConfiguration", tracing_members),
    boolean_member("publish"),
    description_member("versionDescription"),
    structure_member("encryptionConfiguration", encryption_members),
};
constexpr std::array update_members{
    arn_member("stateMachineArn", required),
    sensitive(text_member("definition", optional, 1, max_definition_length)),
    arn_member("roleArn", optional),
    structure_member("loggingConfiguration", logging_members),
    structure_member("tracingConfiguration", tracing_members),
    boolean_member("publish"),
    description_member("versionDescription"),
    structure_member("encryptionConfiguration", encryption_members),
};
constexpr std::array describe_members{
    arn_member("stateMachineArn", required),
    enum_member("includedData", included_data),
};
constexpr std::array describe_for_execution_members{
    arn_member("executionArn", required),
    enum_member("includedData", included_data),
};
constexpr std::array delete_members{
    arn_member("stateMachineArn", required),
};
constexpr std::array list_members{
    page_size_member(1000),
    text_member("nextToken", optional, 1, 1024),
};
constexpr std::array validate_members{
    sensitive(text_member("definition", required, 1, max_definition_length)),
    enum_member("type", machine_types),
    enum_member("severity", severities),
    page_size_member(100),
};

constexpr std::array operations{
    Operation{"CreateStateMachine",               create_members,                 create_state_machine},
    Operation{"UpdateStateMachine",               update_members,                 update_state_machine},
    Operation{"DescribeStateMachine",             describe_members,               describe_state_machine},
    Operation{"DescribeStateMachineForExecution", describe_for_execution_members, describe_state_machine_for_execution},
    Operation{"DeleteStateMachine",               delete_members,                 delete_state_machine},
    Operation{"ListStateMachines",                list_members,                   list_state_machines},
    Operation{"ValidateStateMachineDefinition",   validate_members,               validate_state_machine_definition},
};
// clang-format on

}  // namespace

std::span<const Operation> machine_operations() { return operations; }

}  // namespace pawl::web::aws
