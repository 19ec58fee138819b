// Aliases: names that lead to one version of a machine, or to two by weight.
#include <algorithm>
#include <set>

#include "orchestrator/arn.hpp"
#include "orchestrator/clock.hpp"
#include "orchestrator/commit.hpp"
#include "orchestrator/machines.hpp"
#include "persistence/store.hpp"

namespace pawl {
namespace {

constexpr std::int64_t all_weight = 100;

AliasView alias_view(const MachineRow& machine, const AliasRow& alias) {
    return {qualified_arn(machine.arn, alias.name), machine.arn, alias};
}

ApiError wrong_routes(const std::string& message) {
    return {"ValidationException", message, {{"reason", "INVALID_ROUTING_CONFIGURATION"}}};
}

ApiError no_such_resource(std::string_view arn) {
    return {
        "ResourceNotFound", "Request references a resource that does not exist.", {{"resourceName", std::string{arn}}}};
}

template <class Text>
std::string received(const std::vector<RouteRequest>& routes, Text text) {
    std::string list;
    for (const auto& route : routes) list += (list.empty() ? "" : ", ") + text(route);
    return " Received: [" + list + "]";
}

// What is wrong with routes whatever machines there are.
std::optional<ApiError> check_routes(const std::vector<RouteRequest>& routes) {
    const auto arns = [&] { return received(routes, [](const auto& route) { return route.version_arn; }); };
    std::set<std::string> distinct, machines;
    std::int64_t sum = 0;
    for (const auto& route : routes) {
        if (auto error = check_arn(route.version_arn, "stateMachine")) return error;
        const auto [machine, qualifier] = split_machine_arn(route.version_arn);
        if (!version_number(qualifier)) {
            return wrong_routes("Routing configuration must contain state machine version ARNs." + arns());
        }
        distinct.insert(route.version_arn);
        machines.insert(machine);
        sum += route.weight;
    }
    if (distinct.size() != routes.size()) {
        return wrong_routes("Routing configuration must contain distinct state machine version ARNs." + arns());
    }
    if (sum != all_weight) {
        return wrong_routes("Sum of routing configuration weights must equal 100." +
                            received(routes, [](const auto& route) { return std::to_string(route.weight); }));
    }
    if (machines.size() > 1) {
        return wrong_routes("Routing configuration must contain versions of the same state machine." + arns());
    }
    return std::nullopt;
}

bool is_machine_deleting(const MachineRow& row) { return row.status != MachineStatus::Active; }

}  // namespace

ApiResult<Machines::Routes> Machines::resolve_routes(const std::vector<RouteRequest>& requested) {
    if (auto error = check_routes(requested)) return *std::move(error);
    const auto& first = requested.front().version_arn;
    const auto machine_arn = split_machine_arn(first).machine_arn;
    settle_locked(machine_arn);
    auto entry = find(machine_arn);
    if (!entry) return no_such_resource(first);
    if (is_machine_deleting(entry->row)) return machine_is_deleting(machine_arn);
    Routes resolved{*std::move(entry), {}};
    for (const auto& route : requested) {
        const auto version = *version_number(split_machine_arn(route.version_arn).qualifier);
        if (!resolved.entry.versions.contains(version)) return no_such_resource(route.version_arn);
        resolved.routes.push_back({version, route.weight});
    }
    return resolved;
}

ApiResult<Machines::FoundAlias> Machines::find_alias(std::string_view arn) const {
    const auto [machine_arn, qualifier] = split_machine_arn(arn);
    if (qualifier.empty() || version_number(qualifier)) {
        return ApiError{"ValidationException",
                        "The ARN does not name a state machine alias: '" + std::string{arn} + "'"};
    }
    auto entry = find(machine_arn);
    if (!entry) return no_such_resource(arn);
    const auto alias = entry->aliases.find(qualifier);
    if (alias == entry->aliases.end()) return no_such_resource(arn);
    auto row = alias->second;
    return FoundAlias{*std::move(entry), std::move(row)};
}

ApiResult<AliasView> Machines::create_alias(const CreateAlias& request) {
    const std::lock_guard lock{changing_};
    auto resolved = resolve_routes(request.routes);
    if (!resolved) return resolved.error();
    auto [entry, routes] = *std::move(resolved);
    if (const auto existing = entry.aliases.find(request.name); existing != entry.aliases.end()) {
        const auto& alias = existing->second;
        if (alias.routes == routes && alias.description == request.description) return alias_view(entry.row, alias);
        return ApiError{"ConflictException",
                        "Failed to create alias because an alias with the same name and a different routing "
                        "configuration already exists."};
    }
    if (entry.aliases.size() >= max_aliases) {
        return ApiError{"ServiceQuotaExceededException", "The state machine has " + std::to_string(max_aliases) +
                                                             " aliases, which is the most that are allowed: '" +
                                                             entry.row.arn + "'"};
    }
    const auto now = clock_.now();
    const AliasRow alias{entry.row.number, request.name, request.description, now, now, std::move(routes)};
    commit_and_wait(journal_, {PutAlias{alias}});
    entry.aliases.emplace(alias.name, alias);
    auto view = alias_view(entry.row, alias);
    keep(std::move(entry));
    return view;
}

ApiResult<AliasView> Machines::update_alias(const UpdateAlias& request) {
    const std::lock_guard lock{changing_};
    const auto machine_arn = split_machine_arn(request.arn).machine_arn;
    settle_locked(machine_arn);
    // Its aliases are gone already.
    if (const auto machine = find(machine_arn); machine && is_machine_deleting(machine->row)) {
        return machine_is_deleting(machine_arn);
    }
    auto found = find_alias(request.arn);
    if (!found) return found.error();
    auto [entry, alias] = *std::move(found);
    if (request.routes) {
        auto resolved = resolve_routes(*request.routes);
        if (!resolved) return resolved.error();
        if (resolved->entry.row.arn != entry.row.arn) {
            return wrong_routes("Routing configuration must contain versions of the alias's state machine." +
                                received(*request.routes, [](const auto& route) { return route.version_arn; }));
        }
        alias.routes = std::move(resolved->routes);
    }
    if (request.description) alias.description = *request.description;
    alias.updated = clock_.now();
    commit_and_wait(journal_, {PutAlias{alias}});
    entry.aliases.insert_or_assign(alias.name, alias);
    auto view = alias_view(entry.row, alias);
    keep(std::move(entry));
    return view;
}

ApiResult<AliasView> Machines::describe_alias(std::string_view arn) {
    const auto found = find_alias(arn);
    if (!found) return found.error();
    return alias_view(found->entry.row, found->alias);
}

ApiResult<Done> Machines::remove_alias(std::string_view arn) {
    const std::lock_guard lock{changing_};
    auto found = find_alias(arn);
    if (!found) {
        if (found.error().type == "ResourceNotFound") return Done{};  // of nothing succeeds, as with versions
        return found.error();
    }
    auto [entry, alias] = *std::move(found);
    commit_and_wait(journal_, {DeleteAlias{alias.machine, alias.name}});
    entry.aliases.erase(alias.name);
    keep(std::move(entry));
    return Done{};
}

ApiResult<std::vector<AliasView>> Machines::aliases(const ListAliases& query) {
    const auto [machine_arn, qualifier] = split_machine_arn(query.machine_arn);
    settle(machine_arn);
    const auto entry = find(machine_arn);
    if (!entry) return machine_does_not_exist(query.machine_arn);
    if (is_machine_deleting(entry->row)) return machine_is_deleting(machine_arn);
    const auto version = version_number(qualifier);
    if (!qualifier.empty() && (!version || !entry->versions.contains(*version))) {
        return machine_does_not_exist(query.machine_arn);
    }
    const auto leads_there = [&](const AliasRow& alias) {
        return !version ||
               std::ranges::any_of(alias.routes, [&](const auto& route) { return route.version == *version; });
    };
    std::vector<AliasView> page;
    for (auto it = entry->aliases.upper_bound(query.after_name); it != entry->aliases.end(); ++it) {
        if (page.size() == query.limit) break;
        if (leads_there(it->second)) page.push_back(alias_view(entry->row, it->second));
    }
    return page;
}

}  // namespace pawl
