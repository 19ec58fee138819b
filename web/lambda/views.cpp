#include "web/lambda/views.hpp"

namespace pawl::web::lambda {
namespace {

void copy_member(Json& to, const Json& from, const std::string& name) {
    const auto found = from.find(name);
    if (found != from.end() && !found->is_null()) to[name] = *found;
}

// Lists that are empty say no more than lists that are absent.
void copy_unless_empty(Json& to, const Json& from, const std::string& name) {
    const auto found = from.find(name);
    if (found != from.end() && !found->empty()) to[name] = *found;
}

Json environment_of(const FunctionConfig& config) {
    Json variables = Json::object();
    for (const auto& [name, value] : config.environment) variables[name] = value;
    return variables;
}

// Of a function that a file tells of: what there is, in the members that come closest.
void add_given(Json& json, const FunctionConfig& config) {
    json["Runtime"] = config.runtime.empty() ? "provided" : config.runtime;
    std::string handler = config.handler;
    if (!config.url.empty()) handler = public_url(config.url);
    for (const auto& word : config.command) handler += (handler.empty() ? "" : " ") + word;
    json["Handler"] = handler;
    json["CodeSize"] = 0;
    json["Description"] = "";
    json["Timeout"] = config.timeout.count();
    json["MemorySize"] = config.memory_megabytes == 0 ? 128 : static_cast<std::int64_t>(config.memory_megabytes);
    json["Version"] = "$LATEST";
    if (!config.environment.empty()) json["Environment"] = Json{{"Variables", environment_of(config)}};
    json["TracingConfig"] = Json{{"Mode", "PassThrough"}};
    json["PackageType"] = "Zip";
    json["Architectures"] = Json::array({"x86_64"});
}

void add_stored(Json& json, const FunctionVersion& version) {
    const auto& settings = version.settings;
    for (const auto* name : {"Runtime", "Role", "Handler"}) copy_member(json, settings, name);
    json["CodeSize"] = version.code.size;
    for (const auto* name : {"Description", "Timeout", "MemorySize"}) copy_member(json, settings, name);
    json["LastModified"] = lambda_time(version.modified);
    if (!version.code.sha256.empty()) json["CodeSha256"] = version.code.sha256;
    json["Version"] = version_text(version.number);
    copy_unless_empty(json, settings, "VpcConfig");
    if (const auto dead = settings.find("DeadLetterConfig");
        dead != settings.end() && !dead->value("TargetArn", "").empty()) {
        json["DeadLetterConfig"] = *dead;
    }
    if (const auto environment = settings.find("Environment");
        environment != settings.end() && !environment->value("Variables", Json::object()).empty()) {
        json["Environment"] = *environment;
    }
    if (!settings.value("KMSKeyArn", "").empty()) copy_member(json, settings, "KMSKeyArn");
    copy_member(json, settings, "TracingConfig");
    json["RevisionId"] = version.revision_id;
    copy_member(json, settings, "PackageType");
    copy_member(json, settings, "Architectures");
    copy_member(json, settings, "EphemeralStorage");
}

Json snap_start_of(const FunctionVersion* version) {
    const auto given = version == nullptr ? Json::object() : version->settings.value("SnapStart", Json::object());
    const auto apply_on = given.value("ApplyOn", "None");
    const bool on = apply_on == "PublishedVersions" && version->number != latest_version;
    return Json{{"ApplyOn", apply_on}, {"OptimizationStatus", on ? "On" : "Off"}};
}

Json logging_of(const std::string& function, const FunctionVersion* version) {
    const auto given = version == nullptr ? Json::object() : version->settings.value("LoggingConfig", Json::object());
    Json json = Json::object();
    json["LogFormat"] = given.value("LogFormat", "Text");
    for (const auto* level : {"ApplicationLogLevel", "SystemLogLevel"}) {
        if (given.contains(level) || json["LogFormat"] == "JSON") json[level] = given.value(level, "INFO");
    }
    json["LogGroup"] = given.value("LogGroup", "/aws/lambda/" + function);
    return json;
}

}  // namespace

std::string lambda_time(Instant at) {
    auto text = to_iso8601(at);
    text.pop_back();
    return text + "+0000";
}

std::string public_url(std::string_view url) {
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return std::string{url.substr(0, url.find('?'))};
    auto rest = url.substr(scheme_end + 3);
    rest = rest.substr(0, rest.find_first_of("?#"));
    const auto authority = rest.substr(0, rest.find('/'));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
    return std::string{url.substr(0, scheme_end + 3)} + std::string{rest};
}

Json configuration_view(const FunctionRegistry& registry, const FunctionRecord& function, std::int64_t version,
                        std::string_view qualifier) {
    Json json = Json::object();
    json["FunctionName"] = function.name;
    json["FunctionArn"] = registry.arn_of(function.name, qualifier);
    if (function.given) {
        add_given(json, *function.given);
    } else {
        add_stored(json, function.versions.at(version));
    }
    json["State"] = "Active";
    json["LastUpdateStatus"] = "Successful";
    const auto* stored = function.given ? nullptr : &function.versions.at(version);
    json["SnapStart"] = snap_start_of(stored);
    json["LoggingConfig"] = logging_of(function.name, stored);
    return json;
}

Json configuration_view(const FunctionRegistry& registry, const FunctionView& view) {
    return configuration_view(registry, *view.function, view.version, view.qualifier);
}

Json alias_view(const FunctionRegistry& registry, std::string_view function, const FunctionAlias& alias) {
    Json json = Json::object();
    json["AliasArn"] = registry.arn_of(function, alias.name);
    json["Name"] = alias.name;
    json["FunctionVersion"] = version_text(alias.version);
    json["Description"] = alias.description;
    if (!alias.weights.empty()) {
        Json weights = Json::object();
        for (const auto& [version, weight] : alias.weights) weights[version_text(version)] = weight;
        json["RoutingConfig"] = Json{{"AdditionalVersionWeights", weights}};
    }
    json["RevisionId"] = alias.revision_id;
    return json;
}

}  // namespace pawl::web::lambda
