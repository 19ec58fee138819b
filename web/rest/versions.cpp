// /api/v1/state-machines/{machine}/versions and /aliases: numbers and names under which a machine stays what it was.
#include "orchestrator/name_rules.hpp"
#include "orchestrator/names.hpp"
#include "orchestrator/text_encodings.hpp"
#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"
#include "web/rest/views.hpp"

namespace pawl::web::rest {
namespace {

std::string text_of(const Json& body, const char* member) { return body.value(member, ""); }

// {"1": 90, "2": 10} as the routes of an alias.
std::vector<RouteRequest> routes_of(const Json& weights, const std::string& machine) {
    std::vector<RouteRequest> routes;
    for (const auto& [version, weight] : weights.items()) {
        routes.push_back({qualified_arn(machine, version), weight.get<std::int64_t>()});
    }
    return routes;
}

std::string arn_of(const Orchestrator& orchestrator, const Call& call, std::string_view qualifier) {
    return qualified_arn(machine_arn(orchestrator, call), call.path(qualifier));
}

// --- versions

ApiResult<Response> list_versions(Orchestrator& orchestrator, const Call& call) {
    const auto limit = call.query["limit"].get<std::size_t>();
    ListVersions query{machine_arn(orchestrator, call), std::nullopt, limit + 1};
    if (call.query.contains("cursor")) {
        query.before = version_number(call.query["cursor"].get<std::string>());
        if (!query.before) return invalid_request("The cursor is not one that this server gave.");
    }
    const auto versions = orchestrator.list_versions(query);
    if (!versions) return versions.error();
    Json items = Json::array();
    for (std::size_t i = 0; i < versions->size() && i < limit; ++i) items.push_back(version_json((*versions)[i]));
    Json page = Json::object();
    page["versions"] = std::move(items);
    if (versions->size() > limit) page["nextCursor"] = std::to_string((*versions)[limit - 1].row.version);
    return json_response(page);
}

ApiResult<Response> publish(Orchestrator& orchestrator, const Call& call) {
    PublishVersion request{machine_arn(orchestrator, call), std::nullopt, text_of(call.body, "description")};
    if (call.body.contains("revisionId")) request.revision_id = call.body["revisionId"].get<std::string>();
    const auto version = orchestrator.publish_version(request);
    if (!version) return version.error();
    auto response = json_response(version_json(*version), 201);
    response.headers.emplace_back("Location", state_machine_path(version->arn));
    return response;
}

ApiResult<Response> delete_version(Orchestrator& orchestrator, const Call& call) {
    const auto arn = arn_of(orchestrator, call, "version");
    if (const auto known = orchestrator.describe_state_machine(arn); !known) return known.error();
    if (const auto deleted = orchestrator.delete_version(arn); !deleted) return deleted.error();
    return empty_response(204);
}

// --- aliases

ApiResult<Response> list_aliases(Orchestrator& orchestrator, const Call& call) {
    const auto limit = call.query["limit"].get<std::size_t>();
    const auto aliases =
        orchestrator.list_aliases({machine_arn(orchestrator, call), call.query.value("cursor", ""), limit + 1});
    if (!aliases) return aliases.error();
    Json items = Json::array();
    for (std::size_t i = 0; i < aliases->size() && i < limit; ++i) items.push_back(alias_json((*aliases)[i]));
    Json page = Json::object();
    page["aliases"] = std::move(items);
    if (aliases->size() > limit) page["nextCursor"] = (*aliases)[limit - 1].row.name;
    return json_response(page);
}

ApiResult<Response> create_alias(Orchestrator& orchestrator, const Call& call) {
    CreateAlias request;
    request.name = call.body["name"].get<std::string>();
    request.description = text_of(call.body, "description");
    request.routes = routes_of(call.body["weights"], machine_arn(orchestrator, call));
    if (!is_alias_name(request.name)) {
        return ApiError{"InvalidName",
                        "An alias has letters, digits, _, - and ., and is no number: '" + request.name + "'"};
    }
    const auto alias = orchestrator.create_alias(request);
    if (!alias) return alias.error();
    auto response = json_response(alias_json(*alias), 201);
    response.headers.emplace_back(
        "Location", state_machine_path(alias->machine_arn) + "/aliases/" + percent_encode(alias->row.name));
    return response;
}

ApiResult<Response> get_alias(Orchestrator& orchestrator, const Call& call) {
    const auto alias = orchestrator.describe_alias(arn_of(orchestrator, call, "alias"));
    if (!alias) return alias.error();
    return json_response(alias_json(*alias));
}

ApiResult<Response> update_alias(Orchestrator& orchestrator, const Call& call) {
    UpdateAlias request{arn_of(orchestrator, call, "alias"), std::nullopt, std::nullopt};
    if (call.body.contains("description")) request.description = call.body["description"].get<std::string>();
    if (call.body.contains("weights")) {
        request.routes = routes_of(call.body["weights"], machine_arn(orchestrator, call));
    }
    const auto alias = orchestrator.update_alias(request);
    if (!alias) return alias.error();
    return json_response(alias_json(*alias));
}

ApiResult<Response> delete_alias(Orchestrator& orchestrator, const Call& call) {
    const auto arn = arn_of(orchestrator, call, "alias");
    if (const auto known = orchestrator.describe_alias(arn); !known) return known.error();
    if (const auto deleted = orchestrator.delete_alias(arn); !deleted) return deleted.error();
    return empty_response(204);
}

Parameter qualifier_parameter(const std::string& name, const std::string& description, const Json& example) {
    return {name, In::Path, description, *parse_json(R"({"type": "string", "minLength": 1})"), example};
}

}  // namespace

std::vector<Endpoint> version_endpoints() {
    const std::string versions = "/api/v1/state-machines/{machine}/versions";
    const std::string aliases = "/api/v1/state-machines/{machine}/aliases";
    const std::string unknown = "StateMachineDoesNotExist", going = "StateMachineDeleting";
    const auto version = qualifier_parameter("version", "The version's number", "1");
    const auto alias = qualifier_parameter("alias", "The alias's name", "PROD");
    return {
        {.method = "GET",
         .pattern = versions,
         .id = "listVersions",
         .tag = "Versions",
         .summary = "List a state machine's versions, newest first",
         .parameters = {machine_parameter(), limit_parameter(), cursor_parameter()},
         .replies = {{200, "A page of versions", "VersionPage"}},
         .errors = {unknown},
         .run = list_versions},
        {.method = "POST",
         .pattern = versions,
         .id = "publishVersion",
         .tag = "Versions",
         .summary = "Publish what a state machine is now under a number; the number that it has already, if it has one",
         .parameters = {machine_parameter()},
         .body = Body::Optional,
         .body_schema = "PublishVersion",
         .replies = {{201, "The version; Location names what it is", "Version"}},
         .errors = {unknown, going, "ConflictException", "ServiceQuotaExceededException", "ValidationException"},
         .run = publish},
        {.method = "DELETE",
         .pattern = versions + "/{version}",
         .id = "deleteVersion",
         .tag = "Versions",
         .summary = "Delete a version that no alias leads to",
         .parameters = {machine_parameter(), version},
         .replies = {{204, "It is gone", ""}},
         .errors = {unknown, "ConflictException", "ValidationException"},
         .run = delete_version},
        {.method = "GET",
         .pattern = aliases,
         .id = "listAliases",
         .tag = "Versions",
         .summary = "List a state machine's aliases, by name",
         .parameters = {machine_parameter(), limit_parameter(), cursor_parameter()},
         .replies = {{200, "A page of aliases", "AliasPage"}},
         .errors = {unknown, going},
         .run = list_aliases},
        {.method = "POST",
         .pattern = aliases,
         .id = "createAlias",
         .tag = "Versions",
         .summary = "Give a name to one version, or to two by weight",
         .parameters = {machine_parameter()},
         .body = Body::Required,
         .body_schema = "CreateAlias",
         .replies = {{201, "The alias; Location names it", "Alias"}},
         .errors = {"ResourceNotFound", going, "ConflictException", "ServiceQuotaExceededException", "InvalidName",
                    "ValidationException"},
         .run = create_alias},
        {.method = "GET",
         .pattern = aliases + "/{alias}",
         .id = "getAlias",
         .tag = "Versions",
         .summary = "Get an alias",
         .parameters = {machine_parameter(), alias},
         .replies = {{200, "The alias", "Alias"}},
         .errors = {"ResourceNotFound", "ValidationException"},
         .run = get_alias},
        {.method = "PATCH",
         .pattern = aliases + "/{alias}",
         .id = "updateAlias",
         .tag = "Versions",
         .summary = "Lead an alias elsewhere, or describe it anew",
         .parameters = {machine_parameter(), alias},
         .body = Body::Required,
         .body_schema = "UpdateAlias",
         .replies = {{200, "The alias as it is now", "Alias"}},
         .errors = {"ResourceNotFound", going, "ValidationException"},
         .run = update_alias},
        {.method = "DELETE",
         .pattern = aliases + "/{alias}",
         .id = "deleteAlias",
         .tag = "Versions",
         .summary = "Delete an alias",
         .parameters = {machine_parameter(), alias},
         .replies = {{204, "It is gone", ""}},
         .errors = {"ResourceNotFound", "ValidationException"},
         .run = delete_alias},
    };
}

}  // namespace pawl::web::rest
