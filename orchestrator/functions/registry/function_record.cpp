#include "orchestrator/functions/registry/function_record.hpp"

#include <charconv>

namespace pawl {
namespace {

constexpr std::string_view version_prefix = "version/";
constexpr std::string_view alias_prefix = "alias/";

Json object_of(const std::map<std::string, Json>& members) {
    Json json = Json::object();
    for (const auto& [name, value] : members) json[name] = value;
    return json;
}

std::map<std::string, Json> members_of(const Json& json) {
    std::map<std::string, Json> members;
    for (const auto& [name, value] : json.items()) members[name] = value;
    return members;
}

// Older stores have a row for $LATEST beside that for the function itself.
std::map<std::string, Json> by_qualifier(const Json& json) {
    auto members = members_of(json);
    if (auto latest = members.extract("$LATEST")) members.try_emplace("", std::move(latest.mapped()));
    return members;
}

std::string stored(const FunctionRecord& function) {
    Json json = Json::object();
    json["lastVersion"] = function.last_version;
    json["tags"] = function.tags;
    if (function.reserved_concurrency) json["reservedConcurrency"] = *function.reserved_concurrency;
    json["urls"] = object_of(function.urls);
    json["eventConfigs"] = object_of(function.event_configs);
    json["policies"] = object_of(function.policies);
    return to_text(json);
}

std::string stored(const FunctionVersion& version) {
    Json json = Json::object();
    json["settings"] = version.settings;
    json["code"] = Json{{"id", version.code.id},
                        {"sha256", version.code.sha256},
                        {"size", version.code.size},
                        {"folder", version.code.folder}};
    json["revisionId"] = version.revision_id;
    json["modified"] = version.modified.time_since_epoch().count();
    if (version.latest_description) json["latestDescription"] = *version.latest_description;
    return to_text(json);
}

std::string stored(const FunctionAlias& alias) {
    Json json = Json::object();
    json["description"] = alias.description;
    json["version"] = alias.version;
    json["weights"] = Json::object();
    for (const auto& [version, weight] : alias.weights) json["weights"][version_text(version)] = weight;
    json["revisionId"] = alias.revision_id;
    return to_text(json);
}

FunctionVersion read_version(std::int64_t number, const Json& json) {
    const auto& code = json.at("code");
    std::optional<std::string> latest_description;
    if (const auto found = json.find("latestDescription"); found != json.end()) {
        latest_description = found->get<std::string>();
    }
    return {number,
            json.at("settings"),
            {code.at("id").get<std::string>(), code.at("sha256").get<std::string>(),
             code.at("size").get<std::int64_t>(), code.at("folder").get<std::string>()},
            json.at("revisionId").get<std::string>(),
            Instant{Millis{json.at("modified").get<std::int64_t>()}},
            latest_description};
}

FunctionAlias read_alias(std::string name, const Json& json) {
    FunctionAlias alias{std::move(name),
                        json.at("description").get<std::string>(),
                        json.at("version").get<std::int64_t>(),
                        {},
                        json.at("revisionId").get<std::string>()};
    for (const auto& [version, weight] : json.at("weights").items()) {
        alias.weights[parse_version(version).value_or(latest_version)] = weight.get<double>();
    }
    return alias;
}

void read_itself(FunctionRecord& function, const Json& json) {
    function.last_version = json.at("lastVersion").get<std::int64_t>();
    function.tags = json.at("tags");
    if (const auto found = json.find("reservedConcurrency"); found != json.end()) {
        function.reserved_concurrency = found->get<std::int64_t>();
    }
    function.urls = by_qualifier(json.at("urls"));
    function.event_configs = by_qualifier(json.at("eventConfigs"));
    if (const auto found = json.find("policies"); found != json.end()) function.policies = members_of(*found);
}

}  // namespace

std::string version_text(std::int64_t version) {
    return version == latest_version ? "$LATEST" : std::to_string(version);
}

std::optional<std::int64_t> parse_version(std::string_view text) {
    if (text == "$LATEST") return latest_version;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || text.front() == '0') {
        return std::nullopt;
    }
    return number;
}

std::map<std::string, std::string> parts_of(const FunctionRecord& function) {
    std::map<std::string, std::string> parts{{"", stored(function)}};
    for (const auto& [number, version] : function.versions) {
        parts[std::string{version_prefix} + version_text(number)] = stored(version);
    }
    for (const auto& [name, alias] : function.aliases) parts[std::string{alias_prefix} + name] = stored(alias);
    return parts;
}

std::map<std::string, std::string> remains_of(const FunctionRecord& function) {
    if (function.last_version == 0) return {};
    FunctionRecord remains;
    remains.last_version = function.last_version;
    return {{"", stored(remains)}};
}

bool add_part(FunctionRecord& function, const FunctionRow& row) {
    const auto read = parse_json(row.document);
    if (!read) return false;
    const std::string_view part = row.part;
    try {
        if (part.empty()) {
            read_itself(function, *read);
        } else if (part.starts_with(version_prefix)) {
            const auto number = parse_version(part.substr(version_prefix.size()));
            if (!number) return false;
            function.versions[*number] = read_version(*number, *read);
        } else if (part.starts_with(alias_prefix)) {
            const std::string name{part.substr(alias_prefix.size())};
            function.aliases[name] = read_alias(name, *read);
        } else {
            return false;
        }
    } catch (const Json::exception&) {
        return false;
    }
    return true;
}

}  // namespace pawl
