// Aliases, tags, reserved concurrency, and what else is set for a function.
#include <algorithm>

#include "orchestrator/functions/registry/function_registry.hpp"
#include "orchestrator/names.hpp"

namespace pawl {
namespace {

constexpr std::size_t max_function_tags = 50;
constexpr std::size_t max_aliases = 1'000;
// AWS's account quota, of which 100 can't be reserved.
constexpr std::int64_t reservable_concurrency = 900;

ApiError invalid(std::string message) { return {"InvalidParameterValueException", std::move(message)}; }

// In the maps of what is set by qualifier: the function itself and its $LATEST are one.
std::string key_of(const FunctionName& name) { return name.qualifier == "$LATEST" ? "" : name.qualifier; }

template <class Record>
auto& extras_of(Record& function, FunctionRegistry::Extra which) {
    if (which == FunctionRegistry::Extra::Url) return function.urls;
    return which == FunctionRegistry::Extra::Policy ? function.policies : function.event_configs;
}

bool has_version(const FunctionRecord& function, std::int64_t version) {
    return function.given ? version == latest_version : function.versions.contains(version);
}

std::optional<ApiError> check_routes(const FunctionRecord& function, const FunctionAlias& alias,
                                     const FunctionRegistry& registry) {
    if (!has_version(function, alias.version)) {
        return ApiError{"ResourceNotFoundException",
                        "Function not found: " + registry.arn_of(function.name, version_text(alias.version))};
    }
    if (alias.weights.empty()) return std::nullopt;
    if (alias.weights.size() > 1) {
        return invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
    }
    if (alias.version == latest_version) {
        return invalid("$LATEST is not supported for an alias pointing to more than 1 version");
    }
    const auto& [version, weight] = *alias.weights.begin();
    if (version == alias.version)
        return invalid("Invalid function version " + version_text(version) + ". Function version " +
                       version_text(version) + " is already included in routing configuration.");
    if (!has_version(function, version)) {
        return ApiError{"ResourceNotFoundException",
                        "Function not found: " + registry.arn_of(function.name, version_text(version))};
    }
    return std::nullopt;
}

// The present alias with what is new.
std::optional<ApiError> merge(FunctionAlias& alias, const AliasChange& request) {
    if (request.version) {
        const auto version = parse_version(*request.version);
        if (!version) return invalid("There is no function version " + *request.version + ".");
        alias.version = *version;
    }
    if (request.description) alias.description = *request.description;
    if (request.weights) {
        alias.weights.clear();
        for (const auto& [text, weight] : request.weights->items()) {
            const auto version = parse_version(text);
            if (!version || *version == latest_version) {
                return invalid("$LATEST is not supported for an alias pointing to more than 1 version");
            }
            alias.weights[*version] = weight.get<double>();
        }
    }
    alias.revision_id = new_uuid();
    return std::nullopt;
}

}  // namespace

ApiResult<FunctionAlias> FunctionRegistry::create_alias(const AliasChange& request) {
    FunctionAlias alias{request.name, {}, latest_version, {}, {}};
    const auto changed = change(request.function, [&](FunctionRecord& function) -> std::optional<ApiError> {
        if (function.aliases.contains(request.name)) {
            return ApiError{"ResourceConflictException",
                            "Alias already exists: " + arn_of(request.function, request.name)};
        }
        if (function.aliases.size() >= max_aliases) {
            return invalid("The function " + function.name + " has " + std::to_string(max_aliases) +
                           " aliases already.");
        }
        if (auto error = merge(alias, request)) return error;
        if (auto error = check_routes(function, alias, *this)) return error;
        function.aliases[request.name] = alias;
        return std::nullopt;
    });
    if (!changed) return changed.error();
    return alias;
}

ApiResult<FunctionAlias> FunctionRegistry::update_alias(const AliasChange& request) {
    FunctionAlias alias;
    const auto changed = change(request.function, [&](FunctionRecord& function) -> std::optional<ApiError> {
        const auto found = function.aliases.find(request.name);
        if (found == function.aliases.end()) {
            return ApiError{"ResourceNotFoundException",
                            "Cannot find alias arn: " + arn_of(request.function, request.name)};
        }
        if (request.revision_id && !request.revision_id->empty() && *request.revision_id != found->second.revision_id) {
            return ApiError{"PreconditionFailedException",
                            "The Revision Id provided does not match the latest Revision Id. Call the "
                            "GetFunction/GetAlias API to retrieve the latest Revision Id"};
        }
        if (auto error = merge(found->second, request)) return error;
        alias = found->second;
        return check_routes(function, alias, *this);
    });
    if (!changed) return changed.error();
    return alias;
}

ApiResult<FunctionAlias> FunctionRegistry::alias(std::string_view name, std::string_view alias) const {
    const auto function = find(name);
    if (!function) return function.error();
    const auto found = (*function)->aliases.find(std::string{alias});
    if (found == (*function)->aliases.end()) {
        return ApiError{"ResourceNotFoundException", "Cannot find alias arn: " + arn_of(name, alias)};
    }
    return found->second;
}

ApiResult<Done> FunctionRegistry::remove_alias(std::string_view name, std::string_view alias) {
    const auto changed = change(name, [&](FunctionRecord& function) -> std::optional<ApiError> {
        const std::string key{alias};
        if (function.aliases.erase(key) == 0) {
            return ApiError{"ResourceNotFoundException", "Cannot find alias arn: " + arn_of(name, alias)};
        }
        function.urls.erase(key);
        function.event_configs.erase(key);
        function.policies.erase(key);
        return std::nullopt;
    });
    if (!changed) return changed.error();
    return Done{};
}

ApiResult<Done> FunctionRegistry::set_reserved_concurrency(std::string_view name,
                                                           std::optional<std::int64_t> reserved) {
    const auto changed = change(name, [&](FunctionRecord& function) -> std::optional<ApiError> {
        auto left = reservable_concurrency;
        for (const auto& other : list()) {
            if (other->name == function.name) continue;
            left -= std::min(left, other->reserved_concurrency.value_or(0));
        }
        if (reserved.value_or(0) > left) {
            return invalid(
                "Specified ReservedConcurrentExecutions for function decreases account's "
                "UnreservedConcurrentExecution below its minimum value of [100].");
        }
        function.reserved_concurrency = reserved;
        return std::nullopt;
    });
    if (!changed) return changed.error();
    return Done{};
}

ApiResult<Done> FunctionRegistry::set_tags(std::string_view name, const Json& added,
                                           const std::vector<std::string>& removed) {
    const auto changed = change(name, [&](FunctionRecord& function) -> std::optional<ApiError> {
        for (const auto& key : removed) function.tags.erase(key);
        for (const auto& [key, value] : added.items()) function.tags[key] = value;
        if (function.tags.size() > max_function_tags) return invalid("The number of tags exceeds the limit of 50.");
        return std::nullopt;
    });
    if (!changed) return changed.error();
    return Done{};
}

std::optional<ApiError> FunctionRegistry::check_qualifier(const FunctionRecord& function,
                                                          const std::string& qualifier) const {
    if (qualifier.empty() || qualifier == "$LATEST" || function.aliases.contains(qualifier)) return std::nullopt;
    const auto version = parse_version(qualifier);
    if (version && has_version(function, *version)) return std::nullopt;
    return not_found(function.name, qualifier);
}

ApiResult<Json> FunctionRegistry::change_extra(Extra which, const FunctionName& name,
                                               const std::function<ApiResult<Json>(const Json& present)>& decide) {
    Json result;
    const auto changed = change(name.name, [&](FunctionRecord& function) -> std::optional<ApiError> {
        if (auto error = check_qualifier(function, name.qualifier)) return error;
        auto& extras = extras_of(function, which);
        const auto key = key_of(name);
        const auto found = extras.find(key);
        auto decided = decide(found == extras.end() ? Json{} : found->second);
        if (!decided) return decided.error();
        result = *std::move(decided);
        if (result.is_null()) {
            extras.erase(key);
        } else {
            extras[key] = result;
        }
        return std::nullopt;
    });
    if (!changed) return changed.error();
    return result;
}

ApiResult<Json> FunctionRegistry::extra(Extra which, const FunctionName& name) const {
    const auto function = find(name.name);
    if (!function) return not_found(name.name, name.qualifier);
    const auto& extras = extras_of(**function, which);
    const auto found = extras.find(key_of(name));
    if (found != extras.end()) return found->second;
    if (auto error = check_qualifier(**function, name.qualifier)) return *std::move(error);
    if (which != Extra::EventInvoke) {
        return ApiError{"ResourceNotFoundException", "The resource you requested does not exist."};
    }
    const auto qualifier = name.qualifier.empty() ? std::string{"$LATEST"} : name.qualifier;
    return ApiError{"ResourceNotFoundException",
                    "The function " + arn_of(name.name, qualifier) + " doesn't have an EventInvokeConfig"};
}

}  // namespace pawl
