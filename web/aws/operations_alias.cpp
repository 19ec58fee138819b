// Operations on aliases of state machines.
#include <algorithm>
#include <array>
#include <utility>

#include "orchestrator/arn.hpp"
#include "orchestrator/name_rules.hpp"
#include "orchestrator/names.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/page_token.hpp"
#include "web/aws/paging.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/timestamp.hpp"

namespace pawl::web::aws {

namespace {

std::vector<RouteRequest> routes_of(const Json& sent) {
    std::vector<RouteRequest> routes;
    for (const auto& item : sent) {
        const Arguments route{item};
        routes.push_back({route.text("stateMachineVersionArn"), route.integer("weight", 0)});
    }
    return routes;
}

Json routes_document(const AliasView& view) {
    Json routes = Json::array();
    for (const auto& route : view.row.routes) {
        routes.push_back(
            Json{{"stateMachineVersionArn", qualified_arn(view.machine_arn, std::to_string(route.version))},
                 {"weight", route.weight}});
    }
    return routes;
}

ApiResult<Json> create_state_machine_alias(const Call& call) {
    CreateAlias request;
    request.name = call.arguments.text("name");
    request.description = call.arguments.text("description");
    request.routes = routes_of(*call.arguments.find("routingConfiguration"));
    const auto alias = call.orchestrator.create_alias(request);
    if (!alias) return alias.error();
    return Json{{"stateMachineAliasArn", alias->arn}, {"creationDate", epoch_seconds(alias->row.created)}};
}

ApiResult<Json> update_state_machine_alias(const Call& call) {
    UpdateAlias request;
    request.arn = call.arguments.text("stateMachineAliasArn");
    request.description = call.arguments.optional_text("description");
    if (const Json* routes = call.arguments.find("routingConfiguration")) request.routes = routes_of(*routes);
    if (auto error = check_arn(request.arn, "stateMachine")) return std::move(*error);
    if (!request.description && !request.routes) {
        return ApiError{"ValidationException",
                        "Either the description or the routingConfiguration must be specified",
                        {{"reason", "MISSING_REQUIRED_PARAMETER"}}};
    }
    const auto alias = call.orchestrator.update_alias(request);
    if (!alias) return alias.error();
    return Json{{"updateDate", epoch_seconds(alias->row.updated)}};
}

ApiResult<Json> describe_state_machine_alias(const Call& call) {
    const auto arn = call.arguments.text("stateMachineAliasArn");
    if (auto error = check_arn(arn, "stateMachine")) return std::move(*error);
    const auto alias = call.orchestrator.describe_alias(arn);
    if (!alias) return alias.error();
    Json document = {{"stateMachineAliasArn", alias->arn},
                     {"name", alias->row.name},
                     {"routingConfiguration", routes_document(*alias)},
                     {"creationDate", epoch_seconds(alias->row.created)},
                     {"updateDate", epoch_seconds(alias->row.updated)}};
    if (!alias->row.description.empty()) document["description"] = alias->row.description;
    return document;
}

ApiResult<Json> delete_state_machine_alias(const Call& call) {
    const auto arn = call.arguments.text("stateMachineAliasArn");
    if (auto error = check_arn(arn, "stateMachine")) return std::move(*error);
    const auto deleted = call.orchestrator.delete_alias(arn);
    if (!deleted) return deleted.error();
    return Json::object();
}

ApiResult<Json> list_state_machine_aliases(const Call& call) {
    ListAliases query;
    query.machine_arn = call.arguments.text("stateMachineArn");
    if (auto error = check_arn(query.machine_arn, "stateMachine")) return std::move(*error);
    const auto scope = "ListStateMachineAliases\n" + query.machine_arn;
    auto position = page_position(scope, call.arguments);
    if (!position) return position.error();
    query.after_name = *std::move(position);
    const auto size = page_size(call.arguments);
    query.limit = size + 1;
    auto aliases = call.orchestrator.list_aliases(query);
    if (!aliases) return aliases.error();
    Json response = Json::object();
    if (aliases->size() > size) {
        aliases->resize(size);
        response["nextToken"] = make_page_token(scope, aliases->back().row.name);
    }
    Json& items = response["stateMachineAliases"] = Json::array();
    for (const auto& alias : *aliases) {
        items.push_back(Json{{"stateMachineAliasArn", alias.arn}, {"creationDate", epoch_seconds(alias.row.created)}});
    }
    return response;
}

// clang-format off
constexpr std::array route_members{
    text_member("stateMachineVersionArn", required, 1, max_arn_length),
    Member{.name = "weight", .kind = Kind::Integer, .required = true, .min = 0, .max = 100},
};
constexpr Member routing_member(bool is_required) {
    return {.name = "routingConfiguration", .kind = Kind::List, .required = is_required, .min = 1, .max = 2,
            .members = route_members, .item_name = "RoutingConfigurationListItem"};
}
constexpr std::array create_members{
    description_member("description"),
    Member{.name = "name", .required = true, .min = 1, .max = 80, .pattern = alias_name_pattern, .matches = is_alias_name},
    routing_member(required),
};
constexpr std::array update_members{
    arn_member("stateMachineAliasArn", required),
    description_member("description"),
    routing_member(optional),
};
constexpr std::array alias_members{
    arn_member("stateMachineAliasArn", required),
};
constexpr std::array list_members{
    arn_member("stateMachineArn", required),
    text_member("nextToken", optional, 1, 1024),
    page_size_member(1000),
};

constexpr std::array operations{
    Operation{"CreateStateMachineAlias",   create_members, create_state_machine_alias},
    Operation{"UpdateStateMachineAlias",   update_members, update_state_machine_alias},
    Operation{"DescribeStateMachineAlias", alias_members,  describe_state_machine_alias},
    Operation{"DeleteStateMachineAlias",   alias_members,  delete_state_machine_alias},
    Operation{"ListStateMachineAliases",   list_members,   list_state_machine_aliases},
};
// clang-format on

}  // namespace

std::span<const Operation> alias_operations() { return operations; }

}  // namespace pawl::web::aws
