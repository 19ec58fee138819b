// Published versions and aliases.
#include "web/lambda/operation.hpp"
#include "web/lambda/paging.hpp"
#include "web/lambda/shapes.hpp"
#include "web/lambda/views.hpp"

namespace pawl::web::lambda {
namespace {

constexpr std::array publish_members{any_text("codeSha256"), text("description", 0, 256), any_text("revisionId")};

constexpr auto alias_name_member = matching(text("name", 1, 128), "(?!^[0-9]+$)([a-zA-Z0-9-_]+)", is_alias_name);
constexpr auto version_member = matching(text("functionVersion", 1, 1024), "(\\$LATEST|[0-9]+)", is_version_name);
constexpr std::array create_alias_members{needed(alias_name_member), needed(version_member),
                                          text("description", 0, 256), structure("routingConfig", routing_members)};
constexpr std::array update_alias_members{version_member, text("description", 0, 256),
                                          structure("routingConfig", routing_members), any_text("revisionId")};

ApiResult<Json> publish(const Call& call) {
    const auto view = call.functions.registry.publish({call.function.name, call.arguments.optional_text("description"),
                                                       call.arguments.optional_text("revisionId"),
                                                       call.arguments.optional_text("codeSha256")});
    if (!view) return view.error();
    return configuration_view(call.functions.registry, *view);
}

ApiResult<Json> versions(const Call& call) {
    const auto& registry = call.functions.registry;
    const auto function = registry.find(call.function.name);
    if (!function) return function.error();
    std::vector<Listed> found;
    const auto add = [&](std::int64_t number) {
        found.push_back({version_key((*function)->name, number), [&registry, function, number] {
                             return configuration_view(registry, **function, number, version_text(number));
                         }});
    };
    if ((*function)->given) add(latest_version);
    for (const auto& [number, version] : (*function)->versions) add(number);
    return page_of(std::move(found), "Versions", call.arguments);
}

AliasChange alias_change(const Call& call, std::string name) {
    AliasChange change;
    change.function = call.function.name;
    change.name = std::move(name);
    change.version = call.arguments.optional_text("functionVersion");
    change.description = call.arguments.optional_text("description");
    change.revision_id = call.arguments.optional_text("revisionId");
    if (const auto* routing = call.arguments.find("routingConfig")) {
        change.weights = routing->value("additionalVersionWeights", Json::object());
    }
    return change;
}

std::string name_in_path(const Call& call) { return call.request.parameters.find("Name")->second; }

ApiResult<Json> shown(const Call& call, const ApiResult<FunctionAlias>& alias) {
    if (!alias) return alias.error();
    return alias_view(call.functions.registry, call.function.name, *alias);
}

ApiResult<Json> create_alias(const Call& call) {
    return shown(call, call.functions.registry.create_alias(alias_change(call, call.arguments.text("name"))));
}

ApiResult<Json> update_alias(const Call& call) {
    return shown(call, call.functions.registry.update_alias(alias_change(call, name_in_path(call))));
}

ApiResult<Json> get_alias(const Call& call) {
    return shown(call, call.functions.registry.alias(call.function.name, name_in_path(call)));
}

ApiResult<Json> delete_alias(const Call& call) {
    const auto done = call.functions.registry.remove_alias(call.function.name, name_in_path(call));
    // AWS answers the same when there was none, but not when the function is unknown.
    if (!done && !call.functions.registry.find(call.function.name)) return done.error();
    return Json::object();
}

ApiResult<Json> aliases(const Call& call) {
    const auto& registry = call.functions.registry;
    const auto function = registry.find(call.function.name);
    if (!function) return function.error();
    const auto version = parse_version(call.arguments.text("functionVersion"));
    std::vector<Listed> found;
    for (const auto& [name, alias] : (*function)->aliases) {
        if (call.arguments.has("functionVersion") && alias.version != version) continue;
        found.push_back(
            {name, [&registry, function, &alias = alias] { return alias_view(registry, (*function)->name, alias); }});
    }
    return page_of(std::move(found), "Aliases", call.arguments);
}

constexpr std::array aliases_query{version_member, any_text("marker"), number("maxItems", 1, 10000)};

constexpr std::array operations{
    Operation{
        "PublishVersion", "POST", "/2015-03-31/functions/{FunctionName}/versions", 201, publish_members, {}, publish},
    Operation{"ListVersionsByFunction",
              "GET",
              "/2015-03-31/functions/{FunctionName}/versions",
              200,
              {},
              paging_query,
              versions},
    Operation{"CreateAlias",
              "POST",
              "/2015-03-31/functions/{FunctionName}/aliases",
              201,
              create_alias_members,
              {},
              create_alias},
    Operation{"ListAliases", "GET", "/2015-03-31/functions/{FunctionName}/aliases", 200, {}, aliases_query, aliases},
    Operation{"GetAlias", "GET", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", 200, {}, {}, get_alias},
    Operation{"UpdateAlias",
              "PUT",
              "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
              200,
              update_alias_members,
              {},
              update_alias},
    Operation{
        "DeleteAlias", "DELETE", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", 204, {}, {}, delete_alias},
};

}  // namespace

std::span<const Operation> version_operations() { return operations; }

}  // namespace pawl::web::lambda
