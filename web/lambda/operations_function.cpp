// Functions: create, read, list, update, delete.
#include "orchestrator/text_encodings.hpp"
#include "web/lambda/operation.hpp"
#include "web/lambda/paging.hpp"
#include "web/lambda/protocol.hpp"
#include "web/lambda/shapes.hpp"
#include "web/lambda/views.hpp"

namespace pawl::web::lambda {
namespace {

// Of `code` in CreateFunction, of the request itself in UpdateFunctionCode.
ApiResult<CodeSource> code_source(const Json& given) {
    const auto text = [&](const char* name) { return given.value(name, std::string{}); };
    if (!text("imageUri").empty()) {
        return ApiError{"InvalidParameterValueException",
                        "Container images are not supported here: give ZipFile, or S3Bucket and S3Key."};
    }
    CodeSource source;
    source.bucket = text("s3Bucket");
    source.key = text("s3Key");
    if (const auto zip = given.find("zipFile"); zip != given.end()) {
        auto bytes = from_base64(zip->get_ref<const std::string&>());
        if (!bytes) {
            return ApiError{"InvalidRequestContentException",
                            "Could not parse request body into json: ZipFile is not valid Base64"};
        }
        source.zip = *std::move(bytes);
    }
    return source;
}

constexpr std::array create_only{
    needed(matching(text("functionName", 1, 140), function_pattern,
                    [](std::string_view name) { return parse_function_name(name).has_value(); })),
    needed(structure("code", code_members)),
    flag("publish"),
    Member{.name = "packageType", .one_of = package_types},
    Member{.name = "architectures", .kind = Kind::List, .min = 1, .max = 1, .list_of_texts = true},
    map("tags"),
    structure("imageConfig", {}),
    any_text("codeSigningConfigArn"),
};
constexpr auto create_members = joined(create_only, configuration_members);
constexpr std::array setting_members{
    Member{.name = "packageType"},
    Member{.name = "architectures", .kind = Kind::List, .list_of_texts = true},
};
constexpr auto kept_members = joined(setting_members, configuration_members);

std::optional<ApiError> check_dead_letter_target(const Call& call) {
    const auto* config = call.arguments.find("deadLetterConfig");
    const auto target = config == nullptr ? std::string{} : config->value("targetArn", std::string{});
    if (target.empty() || parse_function_arn(target)) return std::nullopt;
    const auto problem = call.functions.events.unreachable(target);
    if (!problem) return std::nullopt;
    return ApiError{"InvalidParameterValueException", "The dead-letter target " + *problem + "."};
}

ApiResult<Json> create(const Call& call) {
    if (auto error = check_dead_letter_target(call)) return *std::move(error);
    const auto& arguments = call.arguments;
    if (!arguments.has("role")) {
        return ApiError{"ValidationException",
                        "1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must "
                        "not be null"};
    }
    const auto name = parse_function_name(arguments.text("functionName"));
    if (!name->qualifier.empty()) {
        return ApiError{"InvalidParameterValueException", "A new function's name has no qualifier."};
    }
    if (call.functions.registry.is_elsewhere(arguments.text("functionName"))) {
        return ApiError{"InvalidParameterValueException",
                        "A function is made in the region and account of this server: " +
                            call.functions.registry.arn_of(name->name)};
    }
    auto code = code_source(*arguments.find("code"));
    if (!code) return code.error();
    CreateFunction request;
    request.name = name->name;
    request.settings = upper_members(kept_members, arguments.all());
    request.code = *std::move(code);
    request.publish = arguments.flag("publish", false);
    if (const auto* tags = arguments.find("tags")) request.tags = *tags;
    const auto view = call.functions.registry.create(std::move(request));
    if (!view) return view.error();
    return configuration_view(call.functions.registry, *view);
}

ApiResult<Json> configuration(const Call& call) {
    const auto view = call.functions.registry.view(call.function);
    if (!view) return view.error();
    return configuration_view(call.functions.registry, *view);
}

Json code_location(const Call& call, const FunctionView& view) {
    const auto* version = view.stored();
    if (version != nullptr && !version->code.id.empty()) {
        return Json{{"RepositoryType", "S3"},
                    {"Location", "http://" + std::string{call.request.header("Host")} + "/lambda-code/" +
                                     version->code.id + ".zip"}};
    }
    const auto folder = version != nullptr ? version->code.folder : view.function->given->working_directory;
    return Json{{"RepositoryType", "FILE"}, {"Location", "file://" + folder}};
}

ApiResult<Json> get(const Call& call) {
    const auto view = call.functions.registry.view(call.function);
    if (!view) return view.error();
    Json json = Json::object();
    json["Configuration"] = configuration_view(call.functions.registry, *view);
    json["Code"] = code_location(call, *view);
    if (!view->function->tags.empty()) json["Tags"] = view->function->tags;
    if (view->function->reserved_concurrency) {
        json["Concurrency"] = Json{{"ReservedConcurrentExecutions", *view->function->reserved_concurrency}};
    }
    return json;
}

ApiResult<Json> list(const Call& call) {
    const bool all_of_them = call.arguments.text("functionVersion") == "ALL";
    const auto& registry = call.functions.registry;
    std::vector<Listed> found;
    for (const auto& function : registry.list()) {
        const auto add = [&](std::int64_t version, const std::string& qualifier) {
            found.push_back({version_key(function->name, version), [&registry, function, version, qualifier] {
                                 return configuration_view(registry, *function, version, qualifier);
                             }});
        };
        if (!all_of_them || function->given) {
            add(latest_version, all_of_them ? "$LATEST" : "");
            continue;
        }
        for (const auto& [number, version] : function->versions) add(number, version_text(number));
    }
    return page_of(found, "Functions", call.arguments);
}

constexpr std::array update_code_only{
    flag("publish"),
    flag("dryRun"),
    any_text("revisionId"),
    Member{.name = "architectures", .kind = Kind::List, .min = 1, .max = 1, .list_of_texts = true},
};
constexpr auto update_code_members = joined(update_code_only, code_members);
constexpr std::array update_configuration_only{any_text("revisionId"), structure("imageConfig", {})};
constexpr auto update_configuration_members = joined(update_configuration_only, configuration_members);

ApiResult<Json> update_code(const Call& call) {
    auto code = code_source(call.arguments.all());
    if (!code) return code.error();
    UpdateFunctionCode request;
    request.function = call.function;
    request.code = *std::move(code);
    request.revision_id = call.arguments.optional_text("revisionId");
    request.settings = upper_members(setting_members, call.arguments.all());
    request.publish = call.arguments.flag("publish", false);
    request.dry_run = call.arguments.flag("dryRun", false);
    const auto view = call.functions.registry.update_code(std::move(request));
    if (!view) return view.error();
    return configuration_view(call.functions.registry, *view);
}

ApiResult<Json> update_configuration(const Call& call) {
    if (auto error = check_dead_letter_target(call)) return *std::move(error);
    const auto view = call.functions.registry.update_configuration(
        call.function, upper_members(configuration_members, call.arguments.all()),
        call.arguments.optional_text("revisionId"));
    if (!view) return view.error();
    return configuration_view(call.functions.registry, *view);
}

ApiResult<Json> remove(const Call& call) {
    const auto done = call.functions.registry.remove(call.function);
    if (!done) return done.error();
    return Json::object();
}

constexpr std::array list_query{any_text("masterRegion"), Member{.name = "functionVersion", .one_of = all_versions},
                                any_text("marker"), number("maxItems", 1, 10000)};

constexpr std::array operations{
    Operation{"CreateFunction", "POST", "/2015-03-31/functions", 201, create_members, {}, create},
    Operation{"CreateFunction", "POST", "/2015-03-31/functions/", 201, create_members, {}, create},
    Operation{"ListFunctions", "GET", "/2015-03-31/functions", 200, {}, list_query, list},
    Operation{"ListFunctions", "GET", "/2015-03-31/functions/", 200, {}, list_query, list},
    Operation{"GetFunction", "GET", "/2015-03-31/functions/{FunctionName}", 200, {}, {}, get},
    Operation{"DeleteFunction", "DELETE", "/2015-03-31/functions/{FunctionName}", 204, {}, {}, remove},
    Operation{"GetFunctionConfiguration",
              "GET",
              "/2015-03-31/functions/{FunctionName}/configuration",
              200,
              {},
              {},
              configuration},
    Operation{"UpdateFunctionConfiguration",
              "PUT",
              "/2015-03-31/functions/{FunctionName}/configuration",
              200,
              update_configuration_members,
              {},
              update_configuration},
    Operation{"UpdateFunctionCode",
              "PUT",
              "/2015-03-31/functions/{FunctionName}/code",
              200,
              update_code_members,
              {},
              update_code},
};

}  // namespace

std::span<const Operation> function_operations() { return operations; }

}  // namespace pawl::web::lambda
