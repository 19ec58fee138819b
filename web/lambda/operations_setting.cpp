// What is set for a function beside its configuration: concurrency, tags, URLs, event invocations. And the account.
#include <algorithm>
#include <chrono>

#include "orchestrator/names.hpp"
#include "web/lambda/operation.hpp"
#include "web/lambda/paging.hpp"
#include "web/lambda/protocol.hpp"
#include "web/lambda/shapes.hpp"
#include "web/lambda/views.hpp"

namespace pawl::web::lambda {
namespace {

using Extra = FunctionRegistry::Extra;

Instant now() { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); }

ApiResult<Json> nothing(const ApiResult<Done>& done) {
    if (!done) return done.error();
    return Json::object();
}

// --- Reserved concurrency.

constexpr std::array concurrency_members{needed(number("reservedConcurrentExecutions", 0, std::nullopt))};

ApiResult<Json> put_concurrency(const Call& call) {
    const auto reserved = call.arguments.integer("reservedConcurrentExecutions", 0);
    const auto done = call.functions.registry.set_reserved_concurrency(call.function.name, reserved);
    if (!done) return done.error();
    return Json{{"ReservedConcurrentExecutions", reserved}};
}

ApiResult<Json> get_concurrency(const Call& call) {
    const auto function = call.functions.registry.find(call.function.name);
    if (!function) return function.error();
    Json json = Json::object();
    if ((*function)->reserved_concurrency) json["ReservedConcurrentExecutions"] = *(*function)->reserved_concurrency;
    return json;
}

ApiResult<Json> delete_concurrency(const Call& call) {
    return nothing(call.functions.registry.set_reserved_concurrency(call.function.name, std::nullopt));
}

// --- Tags.

constexpr std::array tag_members{needed(map("tags"))};

ApiResult<FunctionName> tagged(const Call& call) {
    const auto& arn = call.request.parameters.find("ARN")->second;
    auto name = parse_function_arn(arn);
    if (!name) return ApiError{"InvalidParameterValueException", "The resource " + arn + " is not a function's ARN."};
    if (!name->qualifier.empty()) {
        return ApiError{"InvalidParameterValueException",
                        "Tags on function aliases and versions are not supported. Please specify a function ARN."};
    }
    return *std::move(name);
}

ApiResult<Json> tag(const Call& call) {
    const auto function = tagged(call);
    if (!function) return function.error();
    return nothing(call.functions.registry.set_tags(function->name, *call.arguments.find("tags"), {}));
}

ApiResult<Json> untag(const Call& call) {
    const auto function = tagged(call);
    if (!function) return function.error();
    std::vector<std::string> keys;
    for (const auto& [name, value] : call.request.query) {
        if (name == "tagKeys") keys.push_back(value);
    }
    if (keys.empty()) {
        return ApiError{"ValidationException",
                        "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member "
                        "must not be null"};
    }
    return nothing(call.functions.registry.set_tags(function->name, Json::object(), keys));
}

ApiResult<Json> tags(const Call& call) {
    const auto name = tagged(call);
    if (!name) return name.error();
    const auto function = call.functions.registry.find(name->name);
    if (!function) return function.error();
    return Json{{"Tags", (*function)->tags}};
}

// --- Function URLs.

constexpr std::array create_url_members{needed(Member{.name = "authType", .one_of = url_auth_types}),
                                        structure("cors", cors_members),
                                        Member{.name = "invokeMode", .one_of = url_invoke_modes}};
constexpr std::array update_url_members{Member{.name = "authType", .one_of = url_auth_types},
                                        structure("cors", cors_members),
                                        Member{.name = "invokeMode", .one_of = url_invoke_modes}};

Json url_view(const Call& call, const std::string& asked, const Json& stored) {
    const auto qualifier = asked == "$LATEST" ? std::string{} : asked;
    const auto& registry = call.functions.registry;
    Json json = Json::object();
    json["FunctionUrl"] = "http://" + std::string{call.request.header("Host")} + "/lambda-url/" + call.function.name +
                          (qualifier.empty() ? "" : ":" + qualifier) + "/";
    json["FunctionArn"] = registry.arn_of(call.function.name, qualifier);
    for (const auto& [name, value] : stored.items()) json[name] = value;
    return json;
}

std::optional<ApiError> check_url(const Call& call) {
    if (call.arguments.text("invokeMode") == "RESPONSE_STREAM") {
        return ApiError{"InvalidParameterValueException",
                        "InvokeMode RESPONSE_STREAM is not supported here: answers are buffered."};
    }
    if (parse_version(call.function.qualifier).value_or(latest_version) != latest_version) {
        return ApiError{"ValidationException",
                        "1 validation error detected: Value '" + call.function.qualifier +
                            "' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression "
                            "pattern: (^\\$LATEST$)|((?!^[0-9]+$)([a-zA-Z0-9-_]+))"};
    }
    return std::nullopt;
}

ApiResult<Json> write_url(const Call& call, bool create) {
    if (auto error = check_url(call)) return *std::move(error);
    const auto given = upper_members(create_url_members, call.arguments.all());
    const auto stored =
        call.functions.registry.change_extra(Extra::Url, call.function, [&](const Json& present) -> ApiResult<Json> {
            if (create && !present.is_null()) {
                return ApiError{"ResourceConflictException",
                                "Failed to create function url config for [functionArn = " +
                                    call.functions.registry.arn_of(call.function.name, call.function.qualifier) +
                                    "]. Error message:  FunctionUrlConfig exists for this Lambda function"};
            }
            if (!create && present.is_null()) {
                return ApiError{"ResourceNotFoundException", "The resource you requested does not exist."};
            }
            Json json = create ? Json{{"CreationTime", lambda_time(now())}} : present;
            for (const auto& [name, value] : given.items()) json[name] = value;
            if (!json.contains("InvokeMode")) json["InvokeMode"] = "BUFFERED";
            json["LastModifiedTime"] = lambda_time(now());
            return json;
        });
    if (!stored) return stored.error();
    return url_view(call, call.function.qualifier, *stored);
}

ApiResult<Json> create_url(const Call& call) { return write_url(call, true); }
ApiResult<Json> update_url(const Call& call) { return write_url(call, false); }

ApiResult<Json> get_url(const Call& call) {
    const auto stored = call.functions.registry.extra(Extra::Url, call.function);
    if (!stored) return stored.error();
    return url_view(call, call.function.qualifier, *stored);
}

ApiResult<Json> remove_extra(const Call& call, Extra which) {
    if (const auto present = call.functions.registry.extra(which, call.function); !present) return present.error();
    const auto done = call.functions.registry.change_extra(which, call.function,
                                                           [](const Json&) -> ApiResult<Json> { return Json{}; });
    if (!done) return done.error();
    return Json::object();
}

ApiResult<Json> delete_url(const Call& call) { return remove_extra(call, Extra::Url); }

ApiResult<Json> list_urls(const Call& call) {
    const auto function = call.functions.registry.find(call.function.name);
    if (!function) return function.error();
    std::vector<Listed> found;
    for (const auto& [qualifier, stored] : (*function)->urls) {
        found.push_back({qualifier, [&call, function, &qualifier = qualifier, &stored = stored] {
                             return url_view(call, qualifier, stored);
                         }});
    }
    return page_of(std::move(found), "FunctionUrlConfigs", call.arguments);
}

// --- Event invocations.

constexpr std::array event_members{number("maximumRetryAttempts", 0, 2), number("maximumEventAgeInSeconds", 60, 21600),
                                   structure("destinationConfig", destination_members)};

Json event_view(const Call& call, const std::string& qualifier, const Json& stored) {
    Json json = Json::object();
    json["LastModified"] = stored.at("LastModified");
    json["FunctionArn"] = call.functions.registry.arn_of(call.function.name, qualifier.empty() ? "$LATEST" : qualifier);
    for (const auto* name : {"MaximumRetryAttempts", "MaximumEventAgeInSeconds"}) {
        if (stored.contains(name)) json[name] = stored[name];
    }
    json["DestinationConfig"] = stored.value("DestinationConfig", Json::object());
    for (const auto* name : {"OnSuccess", "OnFailure"}) {
        if (!json["DestinationConfig"].contains(name)) json["DestinationConfig"][name] = Json::object();
    }
    return json;
}

std::optional<ApiError> check_destinations(const Call& call) {
    const auto* config = call.arguments.find("destinationConfig");
    if (config == nullptr) return std::nullopt;
    for (const auto* which : {"onSuccess", "onFailure"}) {
        const auto target = config->value(which, Json::object()).value("destination", std::string{});
        if (target.empty()) continue;
        if (const auto function = parse_function_arn(target)) {
            if (call.functions.registry.resolve(*function)) continue;
            return ApiError{"InvalidParameterValueException", "The destination ARN " + target + " is invalid."};
        }
        const auto problem = call.functions.events.unreachable(target);
        if (problem) return ApiError{"InvalidParameterValueException", "The destination " + *problem + "."};
    }
    return std::nullopt;
}

ApiResult<Json> write_events(const Call& call, bool replace) {
    if (auto error = check_destinations(call)) return *std::move(error);
    const auto given = upper_members(event_members, call.arguments.all());
    const auto stored = call.functions.registry.change_extra(
        Extra::EventInvoke, call.function, [&](const Json& present) -> ApiResult<Json> {
            if (!replace && present.is_null()) {
                return ApiError{
                    "ResourceNotFoundException",
                    "The function " +
                        call.functions.registry.arn_of(
                            call.function.name, call.function.qualifier.empty() ? "$LATEST" : call.function.qualifier) +
                        " doesn't have an EventInvokeConfig"};
            }
            Json json = replace ? Json::object() : present;
            for (const auto& [name, value] : given.items()) json[name] = value;
            json["LastModified"] = static_cast<double>(now().time_since_epoch().count()) / 1000.0;
            return json;
        });
    if (!stored) return stored.error();
    return event_view(call, call.function.qualifier, *stored);
}

ApiResult<Json> put_events(const Call& call) { return write_events(call, true); }
ApiResult<Json> update_events(const Call& call) { return write_events(call, false); }

ApiResult<Json> get_events(const Call& call) {
    const auto stored = call.functions.registry.extra(Extra::EventInvoke, call.function);
    if (!stored) return stored.error();
    return event_view(call, call.function.qualifier, *stored);
}

ApiResult<Json> delete_events(const Call& call) { return remove_extra(call, Extra::EventInvoke); }

ApiResult<Json> list_events(const Call& call) {
    const auto function = call.functions.registry.find(call.function.name);
    if (!function) return function.error();
    std::vector<Listed> found;
    for (const auto& [qualifier, stored] : (*function)->event_configs) {
        found.push_back({qualifier, [&call, function, &qualifier = qualifier, &stored = stored] {
                             return event_view(call, qualifier, stored);
                         }});
    }
    return page_of(std::move(found), "FunctionEventInvokeConfigs", call.arguments);
}

// --- The account.

constexpr std::int64_t account_concurrency = 1000;  // AWS's quota

ApiResult<Json> account(const Call& call) {
    const auto functions = call.functions.registry.list();
    std::int64_t reserved = 0;
    for (const auto& function : functions) {
        reserved += std::min(account_concurrency - reserved, function->reserved_concurrency.value_or(0));
    }
    Json json = Json::object();
    json["AccountLimit"] = Json{{"TotalCodeSize", 80'530'636'800},
                                {"CodeSizeUnzipped", 262'144'000},
                                {"CodeSizeZipped", 52'428'800},
                                {"ConcurrentExecutions", account_concurrency},
                                {"UnreservedConcurrentExecutions", account_concurrency - reserved}};
    json["AccountUsage"] = Json{{"TotalCodeSize", call.functions.registry.code_bytes()},
                                {"FunctionCount", static_cast<std::int64_t>(functions.size())}};
    return json;
}

#define PAWL_FUNCTION "/functions/{FunctionName}"
constexpr std::array operations{
    Operation{"PutFunctionConcurrency",
              "PUT",
              "/2017-10-31" PAWL_FUNCTION "/concurrency",
              200,
              concurrency_members,
              {},
              put_concurrency},
    Operation{
        "GetFunctionConcurrency", "GET", "/2019-09-30" PAWL_FUNCTION "/concurrency", 200, {}, {}, get_concurrency},
    Operation{"DeleteFunctionConcurrency",
              "DELETE",
              "/2017-10-31" PAWL_FUNCTION "/concurrency",
              204,
              {},
              {},
              delete_concurrency},
    Operation{"TagResource", "POST", "/2017-03-31/tags/{ARN}", 204, tag_members, {}, tag},
    Operation{"UntagResource", "DELETE", "/2017-03-31/tags/{ARN}", 204, {}, {}, untag},
    Operation{"ListTags", "GET", "/2017-03-31/tags/{ARN}", 200, {}, {}, tags},
    Operation{
        "CreateFunctionUrlConfig", "POST", "/2021-10-31" PAWL_FUNCTION "/url", 201, create_url_members, {}, create_url},
    Operation{"GetFunctionUrlConfig", "GET", "/2021-10-31" PAWL_FUNCTION "/url", 200, {}, {}, get_url},
    Operation{
        "UpdateFunctionUrlConfig", "PUT", "/2021-10-31" PAWL_FUNCTION "/url", 200, update_url_members, {}, update_url},
    Operation{"DeleteFunctionUrlConfig", "DELETE", "/2021-10-31" PAWL_FUNCTION "/url", 204, {}, {}, delete_url},
    Operation{"ListFunctionUrlConfigs", "GET", "/2021-10-31" PAWL_FUNCTION "/urls", 200, {}, paging_query, list_urls},
    Operation{"PutFunctionEventInvokeConfig",
              "PUT",
              "/2019-09-25" PAWL_FUNCTION "/event-invoke-config",
              200,
              event_members,
              {},
              put_events},
    Operation{"UpdateFunctionEventInvokeConfig",
              "POST",
              "/2019-09-25" PAWL_FUNCTION "/event-invoke-config",
              200,
              event_members,
              {},
              update_events},
    Operation{"GetFunctionEventInvokeConfig",
              "GET",
              "/2019-09-25" PAWL_FUNCTION "/event-invoke-config",
              200,
              {},
              {},
              get_events},
    Operation{"DeleteFunctionEventInvokeConfig",
              "DELETE",
              "/2019-09-25" PAWL_FUNCTION "/event-invoke-config",
              204,
              {},
              {},
              delete_events},
    Operation{"ListFunctionEventInvokeConfigs",
              "GET",
              "/2019-09-25" PAWL_FUNCTION "/event-invoke-config/list",
              200,
              {},
              paging_query,
              list_events},
    Operation{"GetAccountSettings", "GET", "/2016-08-19/account-settings", 200, {}, {}, account},
    Operation{"GetAccountSettings", "GET", "/2016-08-19/account-settings/", 200, {}, {}, account},
};
#undef PAWL_FUNCTION

}  // namespace

std::span<const Operation> setting_operations() { return operations; }

}  // namespace pawl::web::lambda
