// What is not here, and what waiters, descriptions and tools ask for all the same: answers of those that have none.
#include "web/lambda/operation.hpp"
#include "web/lambda/shapes.hpp"

namespace pawl::web::lambda {
namespace {

ApiError none() { return {"ResourceNotFoundException", "The resource you requested does not exist."}; }

ApiResult<Json> no_mappings(const Call&) { return Json{{"EventSourceMappings", Json::array()}}; }
ApiResult<Json> no_mapping(const Call&) { return none(); }
ApiResult<Json> refuse_mapping(const Call&) {
    return ApiError{
        "InvalidParameterValueException",
        "Event source mappings are not supported here: nothing is polled. Let a program of your own read the "
        "source and invoke the function or start executions, as examples/stream/reader.py does."};
}

ApiResult<Json> no_layers(const Call&) { return Json{{"Layers", Json::array()}}; }

// Two operations at one path: one lists, the other asks for one.
constexpr std::array provisioned_query{Member{.name = "list", .one_of = all_versions}};
ApiResult<Json> no_provisioned_concurrency(const Call& call) {
    if (const auto view = call.functions.registry.view(call.function); !view) return view.error();
    if (call.arguments.has("list")) return Json{{"ProvisionedConcurrencyConfigs", Json::array()}};
    return ApiError{"ProvisionedConcurrencyConfigNotFoundException",
                    "No Provisioned Concurrency Config found for this function"};
}
ApiResult<Json> refuse_provisioned_concurrency(const Call& call) {
    if (const auto view = call.functions.registry.view(call.function); !view) return view.error();
    return ApiError{
        "InvalidParameterValueException",
        "Provisioned concurrency is not supported here: processes are started when they are needed, and kept "
        "for what comes next."};
}

ApiResult<Json> runtime_management(const Call& call) {
    const auto& registry = call.functions.registry;
    if (const auto view = registry.view(call.function); !view) return view.error();
    return Json{{"UpdateRuntimeOn", "Auto"},
                {"FunctionArn", registry.arn_of(call.function.name, call.function.qualifier)}};
}

ApiResult<Json> no_code_signing(const Call& call) {
    const auto function = call.functions.registry.find(call.function.name);
    if (!function) return function.error();
    return Json{{"CodeSigningConfigArn", ""}, {"FunctionName", call.function.name}};
}

#define PAWL_MAPPINGS "/2015-03-31/event-source-mappings"
#define PAWL_FUNCTION "/functions/{FunctionName}"
constexpr std::array operations{
    Operation{"ListEventSourceMappings", "GET", PAWL_MAPPINGS, 200, {}, {}, no_mappings},
    Operation{"ListEventSourceMappings", "GET", PAWL_MAPPINGS "/", 200, {}, {}, no_mappings},
    Operation{"CreateEventSourceMapping", "POST", PAWL_MAPPINGS, 202, {}, {}, refuse_mapping},
    Operation{"CreateEventSourceMapping", "POST", PAWL_MAPPINGS "/", 202, {}, {}, refuse_mapping},
    Operation{"GetEventSourceMapping", "GET", PAWL_MAPPINGS "/{UUID}", 200, {}, {}, no_mapping},
    Operation{"UpdateEventSourceMapping", "PUT", PAWL_MAPPINGS "/{UUID}", 202, {}, {}, no_mapping},
    Operation{"DeleteEventSourceMapping", "DELETE", PAWL_MAPPINGS "/{UUID}", 202, {}, {}, no_mapping},
    Operation{"ListLayers", "GET", "/2018-10-31/layers", 200, {}, {}, no_layers},
    Operation{"ListProvisionedConcurrencyConfigs",
              "GET",
              "/2019-09-30" PAWL_FUNCTION "/provisioned-concurrency",
              200,
              {},
              provisioned_query,
              no_provisioned_concurrency},
    Operation{"PutProvisionedConcurrencyConfig",
              "PUT",
              "/2019-09-30" PAWL_FUNCTION "/provisioned-concurrency",
              202,
              {},
              {},
              refuse_provisioned_concurrency},
    Operation{"GetRuntimeManagementConfig",
              "GET",
              "/2021-07-20" PAWL_FUNCTION "/runtime-management-config",
              200,
              {},
              {},
              runtime_management},
    Operation{"GetFunctionCodeSigningConfig",
              "GET",
              "/2020-06-30" PAWL_FUNCTION "/code-signing-config",
              200,
              {},
              {},
              no_code_signing},
};
#undef PAWL_FUNCTION
#undef PAWL_MAPPINGS

}  // namespace

std::span<const Operation> absent_operations() { return operations; }

}  // namespace pawl::web::lambda
