// Making, changing, publishing and deleting functions.
#include <array>
#include <filesystem>

#include "orchestrator/clock.hpp"
#include "orchestrator/functions/registry/function_registry.hpp"
#include "orchestrator/functions/runtime_kind.hpp"
#include "orchestrator/map_runs/buckets.hpp"
#include "orchestrator/names.hpp"

namespace pawl {
namespace {

constexpr std::string_view hot_reload_bucket = "hot-reload";
constexpr std::size_t environment_bytes = 4 * 1024;  // AWS's quota on all variables together
constexpr std::int64_t longest_timeout_seconds = 900;
constexpr std::size_t max_versions = 1'000;

ApiError invalid(std::string message) { return {"InvalidParameterValueException", std::move(message)}; }

ApiError from_a_file(std::string_view function) {
    return invalid("The function " + std::string{function} +
                   " comes from a file (functions.json, or a template of SAM or CDK): change it there.");
}

// Names that Lambda keeps for itself.
bool is_reserved_variable(std::string_view name) {
    constexpr std::array<std::string_view, 16> reserved{"_HANDLER",
                                                        "_X_AMZN_TRACE_ID",
                                                        "AWS_DEFAULT_REGION",
                                                        "AWS_REGION",
                                                        "AWS_EXECUTION_ENV",
                                                        "AWS_LAMBDA_FUNCTION_NAME",
                                                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                                        "AWS_LAMBDA_FUNCTION_VERSION",
                                                        "AWS_LAMBDA_INITIALIZATION_TYPE",
                                                        "AWS_LAMBDA_LOG_GROUP_NAME",
                                                        "AWS_LAMBDA_LOG_STREAM_NAME",
                                                        "AWS_ACCESS_KEY",
                                                        "AWS_ACCESS_KEY_ID",
                                                        "AWS_SECRET_ACCESS_KEY",
                                                        "AWS_SESSION_TOKEN",
                                                        "AWS_LAMBDA_RUNTIME_API"};
    return std::find(reserved.begin(), reserved.end(), name) != reserved.end() || name == "LAMBDA_TASK_ROOT" ||
           name == "LAMBDA_RUNTIME_DIR";
}

bool is_variable_name(std::string_view name) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return name.size() >= 2 && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
               return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
           });
}

std::optional<ApiError> check_environment(const Json& settings) {
    const auto environment = settings.find("Environment");
    if (environment == settings.end()) return std::nullopt;
    const auto variables = environment->value("Variables", Json::object());
    for (const auto& [name, value] : variables.items()) {
        if (!is_variable_name(name)) {
            return ApiError{
                "ValidationException",
                "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: "
                "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: "
                "[a-zA-Z]([a-zA-Z0-9_])+]"};
        }
        if (is_reserved_variable(name)) {
            return invalid(
                "Lambda was unable to configure your environment variables because the environment variables "
                "you have provided contains reserved keys that are currently not supported for modification. "
                "Reserved keys used in this request: " +
                name);
        }
        if (value.get_ref<const std::string&>().find('\0') != std::string::npos) {
            return invalid("The environment variable " + name + " holds a NUL character.");
        }
    }
    if (to_text(variables).size() > environment_bytes) {
        return invalid(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided exceeded the 4KB limit. String measured: " +
            to_text(variables));
    }
    return std::nullopt;
}

std::optional<ApiError> check_settings(const Json& settings) {
    if (settings.value("PackageType", "Zip") != "Zip") {
        return invalid("PackageType Image is not supported here: functions are Zip archives or folders.");
    }
    if (const auto layers = settings.find("Layers"); layers != settings.end() && !layers->empty()) {
        return invalid("Layers are not supported here: put what they hold into the function's archive.");
    }
    const auto runtime = settings.value("Runtime", "");
    if (runtime.empty())
        return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
    if (!runtime_kind(runtime) || runtime == "python3") {
        return invalid("Value " + runtime +
                       " at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [python3.x, "
                       "nodejsN.x, provided, provided.al2, provided.al2023] or be a valid ARN");
    }
    if (settings.value("Handler", "").empty()) {
        return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
    }
    if (settings.value("Timeout", std::int64_t{3}) > longest_timeout_seconds) {
        return ApiError{
            "ValidationException",
            "1 validation error detected: Value '" + to_text(settings.at("Timeout")) +
                "' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to " +
                std::to_string(longest_timeout_seconds)};
    }
    return check_environment(settings);
}

Json with_defaults(const Json& given) {
    Json settings = Json::object();
    settings["Description"] = "";
    settings["Timeout"] = 3;
    settings["MemorySize"] = 128;
    settings["PackageType"] = "Zip";
    settings["Architectures"] = Json::array({"x86_64"});
    settings["EphemeralStorage"] = Json{{"Size", 512}};
    settings["TracingConfig"] = Json{{"Mode", "PassThrough"}};
    for (const auto& [name, value] : given.items()) settings[name] = value;
    return settings;
}

std::optional<ApiError> check_revision(const std::string& present, const std::optional<std::string>& wanted) {
    if (!wanted || wanted->empty() || *wanted == present) return std::nullopt;
    return ApiError{"PreconditionFailedException",
                    "The Revision Id provided does not match the latest Revision Id. Call the "
                    "GetFunction/GetAlias API to retrieve the latest Revision Id"};
}

std::string description_of(const FunctionVersion& version) { return version.settings.value("Description", ""); }

// Whether $LATEST is what it was when it was published; the version may have been given a description of its own.
bool nothing_changed(const FunctionVersion& latest, const FunctionVersion& published) {
    auto a = latest.settings, b = published.settings;
    a.erase("Description");
    b.erase("Description");
    return a == b && latest.code == published.code &&
           published.latest_description.value_or(description_of(latest)) == description_of(latest);
}

ApiResult<std::string> read_object(const Buckets* buckets, const CodeSource& source) {
    const auto failed = [](const S3Error& error) {
        return invalid("Error occurred while GetObject. S3 Error Code: " + error.code +
                       ". S3 Error Message: " + error.message);
    };
    if (buckets == nullptr || !buckets->has(source.bucket)) {
        return failed({"NoSuchBucket", "The specified bucket does not exist"});
    }
    auto object = buckets->get(source.bucket, source.key);
    if (!object) return failed(object.error());
    std::string bytes;
    std::vector<char> block(64 * 1024);
    while (bytes.size() <= max_zip_bytes) {
        const auto count = (*object)->read(block);
        if (!count) return failed(count.error());
        if (*count == 0) break;
        bytes.append(block.data(), *count);
    }
    return bytes;
}

ApiResult<FunctionCode> folder_as_code(const std::string& folder) {
    std::error_code ignored;
    const std::filesystem::path path{folder};
    if (!path.is_absolute() || !std::filesystem::is_directory(path, ignored)) {
        return invalid(
            "The bucket hot-reload stands for folders of this machine: S3Key must be the absolute path of one, "
            "and " +
            folder + " is none.");
    }
    return FunctionCode{"", "", 0, path.lexically_normal().string()};
}

}  // namespace

ApiResult<FunctionRegistry::NewCode> FunctionRegistry::fetch_code(const CodeSource& source) {
    if (source.zip && (!source.bucket.empty() || !source.key.empty())) {
        return invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.");
    }
    std::string fetched;
    if (!source.zip) {
        if (source.bucket.empty() || source.key.empty()) return invalid("Please provide a source for function code.");
        if (source.bucket == hot_reload_bucket) {
            auto folder = folder_as_code(source.key);
            if (!folder) return folder.error();
            return NewCode{*std::move(folder), std::nullopt};
        }
        auto object = read_object(settings_.buckets, source);
        if (!object) return object.error();
        fetched = *std::move(object);
    }
    auto draft = code_.unpack(source.zip ? *source.zip : fetched);
    if (!draft) return draft.error();
    auto code = draft->code();
    return NewCode{std::move(code), *std::move(draft)};
}

// With the lock on changes: nobody drops it before the row that names it is committed.
FunctionCode FunctionRegistry::keep_code(NewCode code) {
    if (code.draft) code_.keep(*std::move(code.draft));
    return std::move(code.code);
}

ApiResult<FunctionView> FunctionRegistry::create(CreateFunction request) {
    const auto settings = with_defaults(request.settings);
    if (auto error = check_settings(settings)) return *std::move(error);
    const ApiError exists{"ResourceConflictException", "Function already exist: " + request.name};
    if (find(request.name)) return exists;
    auto code = fetch_code(request.code);  // before the lock: it may take long
    if (!code) return code.error();
    const std::lock_guard lock{changes_};
    if (find(request.name)) return exists;
    auto function = std::make_shared<FunctionRecord>();
    function->name = request.name;
    function->tags = request.tags;
    if (const auto before = last_numbers_.find(request.name); before != last_numbers_.end()) {
        function->last_version = before->second;
    }
    function->versions[latest_version] = {latest_version, settings, keep_code(*std::move(code)), new_uuid(),
                                          clock_.now()};
    std::int64_t version = latest_version;
    if (request.publish) {
        const auto published = publish_into(*function, std::nullopt);
        if (!published) return published.error();
        version = *published;
    }
    commit(nullptr, function, request.name);
    return FunctionView{function, version, version == latest_version ? "" : version_text(version)};
}

ApiResult<FunctionView> FunctionRegistry::update_code(UpdateFunctionCode request) {
    const auto present = [&]() -> ApiResult<FunctionPtr> {
        auto found = find(request.function.name);
        if (!found) return found;
        if ((*found)->given) return from_a_file(request.function.name);
        const auto& revision = (*found)->versions.at(latest_version).revision_id;
        if (auto error = check_revision(revision, request.revision_id)) return *std::move(error);
        return found;
    };
    if (const auto found = present(); !found) return found.error();
    auto code = fetch_code(request.code);  // before the lock: it may take long
    if (!code) return code.error();
    const std::lock_guard lock{changes_};
    const auto before = present();
    if (!before) return before.error();
    auto after = std::make_shared<FunctionRecord>(**before);
    auto& latest = after->versions[latest_version];
    latest.code = request.dry_run ? code->code : keep_code(*std::move(code));
    for (const auto& [name, value] : request.settings.items()) latest.settings[name] = value;
    latest.revision_id = new_uuid();
    latest.modified = clock_.now();
    if (request.dry_run) return FunctionView{after, latest_version, ""};
    std::int64_t version = latest_version;
    if (request.publish) {
        const auto published = publish_into(*after, std::nullopt);
        if (!published) return published.error();
        version = *published;
    }
    commit(before->get(), after, after->name);
    drop_unused_code(**before);
    return FunctionView{after, version, version == latest_version ? "" : version_text(version)};
}

ApiResult<FunctionView> FunctionRegistry::update_configuration(const FunctionName& name, const Json& settings,
                                                               const std::optional<std::string>& revision_id) {
    const auto changed = change(name.name, [&](FunctionRecord& function) -> std::optional<ApiError> {
        if (function.given) return from_a_file(function.name);
        auto& latest = function.versions[latest_version];
        if (auto error = check_revision(latest.revision_id, revision_id)) return error;
        for (const auto& [member, value] : settings.items()) latest.settings[member] = value;
        latest.revision_id = new_uuid();
        latest.modified = clock_.now();
        return check_settings(latest.settings);
    });
    if (!changed) return changed.error();
    return FunctionView{*changed, latest_version, ""};
}

ApiResult<Done> FunctionRegistry::remove(const FunctionName& name) {
    if (name.qualifier.empty()) {
        const std::lock_guard lock{changes_};
        const auto before = find(name.name);
        if (!before) return before.error();
        if ((*before)->given) return from_a_file(name.name);
        commit(before->get(), nullptr, name.name);
        drop_unused_code(**before);
        return Done{};
    }
    if (name.qualifier == "$LATEST") {
        return invalid("$LATEST version cannot be deleted without deleting the function.");
    }
    FunctionPtr before;
    const auto changed = change(name.name, [&](FunctionRecord& function) -> std::optional<ApiError> {
        const auto number = parse_version(name.qualifier);
        if (!number || !function.versions.contains(*number)) {
            if (function.aliases.contains(name.qualifier)) {
                return invalid("Deletion of aliases is not currently supported.");
            }
            return not_found(name.name, name.qualifier);
        }
        for (const auto& [alias_name, alias] : function.aliases) {
            if (alias.version != *number && !alias.weights.contains(*number)) continue;
            return ApiError{"ResourceConflictException", "Version " + name.qualifier + " of the function " +
                                                             function.name + " is referenced by the alias " +
                                                             alias_name + "."};
        }
        before = *find(name.name);
        function.versions.erase(*number);
        function.urls.erase(name.qualifier);
        function.event_configs.erase(name.qualifier);
        function.policies.erase(name.qualifier);
        return std::nullopt;
    });
    if (!changed) return changed.error();
    const std::lock_guard lock{changes_};
    drop_unused_code(*before);
    return Done{};
}

// The number that $LATEST gets, or has already: nothing new is published when nothing changed.
ApiResult<std::int64_t> FunctionRegistry::publish_into(FunctionRecord& function,
                                                       const std::optional<std::string>& description) {
    auto version = function.versions.at(latest_version);
    const auto newest = function.versions.rbegin();
    if (newest->first != latest_version && nothing_changed(version, newest->second)) return newest->first;
    if (function.versions.size() > max_versions) {
        return ApiError{"CodeStorageExceededException", "The function " + function.name + " has " +
                                                            std::to_string(max_versions) + " versions already."};
    }
    if (!version.code.folder.empty()) {
        return invalid("A function that runs from a folder (hot-reload) can't be published: versions never change.");
    }
    version.number = ++function.last_version;
    version.latest_description = description_of(version);
    if (description) version.settings["Description"] = *description;
    version.revision_id = new_uuid();
    version.modified = clock_.now();
    const auto number = version.number;
    function.versions[number] = std::move(version);
    return number;
}

ApiResult<FunctionView> FunctionRegistry::publish(const PublishFunction& request) {
    std::int64_t version = latest_version;
    const auto changed = change(request.name, [&](FunctionRecord& function) -> std::optional<ApiError> {
        if (function.given) return from_a_file(function.name);
        const auto& latest = function.versions.at(latest_version);
        if (auto error = check_revision(latest.revision_id, request.revision_id)) return error;
        if (request.code_sha256 && !request.code_sha256->empty() && *request.code_sha256 != latest.code.sha256) {
            return invalid("CodeSHA256 (" + *request.code_sha256 +
                           ") is different from current CodeSHA256 in $LATEST (" + latest.code.sha256 +
                           "). Please try again with the CodeSHA256 in $LATEST.");
        }
        const auto number = publish_into(function, request.description);
        if (!number) return number.error();
        version = *number;
        return std::nullopt;
    });
    if (!changed) return changed.error();
    return FunctionView{*changed, version, version_text(version)};
}

}  // namespace pawl
