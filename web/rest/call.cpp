// A request, held against its endpoint's description.
#include <algorithm>
#include <charconv>

#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"
#include "web/rest/schema.hpp"
#include "web/rest/schemas.hpp"

namespace pawl::web::rest {
namespace {

const Json& resolved(const Json& schema) {
    const auto ref = schema.find("$ref");
    if (ref == schema.end()) return schema;
    const auto& text = ref->get_ref<const std::string&>();
    return component_schemas().at(text.substr(text.rfind('/') + 1));
}

// A query parameter's text as the JSON value that its schema speaks of; text that is none stays text, and fails there.
Json typed(const std::string& text, const Json& schema) {
    const auto type = resolved(schema).value("type", "string");
    if (type == "integer") {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc{} && end == text.data() + text.size()) return number;
    }
    if (type == "boolean" && (text == "true" || text == "false")) return text == "true";
    return text;
}

ApiError violated(const std::vector<SchemaViolation>& violations, const std::string& what) {
    const auto& first = violations.front();
    auto error = invalid_request(what + (first.pointer.empty() ? "" : " " + first.pointer) + " " + first.message + ".");
    error.members["violations"] = Json::array();
    for (const auto& violation : violations) {
        Json json = Json::object();
        json["pointer"] = violation.pointer;
        json["message"] = violation.message;
        error.members["violations"].push_back(std::move(json));
    }
    return error;
}

std::optional<ApiError> check_path(const Endpoint& endpoint, const Request& request) {
    for (const auto& parameter : endpoint.parameters) {
        if (parameter.in != In::Path || parameter.check == nullptr) continue;
        if (auto error = parameter.check(request.parameters.find(parameter.name)->second)) return error;
    }
    return std::nullopt;
}

ApiResult<Json> read_query(const Endpoint& endpoint, const Request& request) {
    Json query = Json::object();
    for (const auto& [name, text] : request.query) {
        const auto described = std::find_if(endpoint.parameters.begin(), endpoint.parameters.end(),
                                            [&](const auto& p) { return p.in == In::Query && p.name == name; });
        if (described == endpoint.parameters.end())
            return invalid_request("The query parameter " + name + " is not known.");
        if (query.contains(name)) return invalid_request("The query parameter " + name + " is given twice.");
        query[name] = typed(text, described->schema);
        const auto violations = schema_violations(query[name], described->schema, component_schemas());
        if (!violations.empty()) return violated(violations, "The query parameter " + name);
    }
    for (const auto& parameter : endpoint.parameters) {
        if (parameter.in != In::Query || query.contains(parameter.name)) continue;
        const auto& schema = resolved(parameter.schema);
        if (const auto value = schema.find("default"); value != schema.end()) query[parameter.name] = *value;
    }
    return query;
}

ApiResult<Json> read_body(const Endpoint& endpoint, const Request& request) {
    if (endpoint.body == Body::None || endpoint.body == Body::Raw) return Json{};
    if (endpoint.body == Body::Optional && request.body.empty()) return Json::object();
    auto body = parse_json(request.body);
    if (!body) {
        const auto at = asl::position_at(request.body, body.error().offset);
        return invalid_request("The body is not JSON: line " + std::to_string(at.line) + ", column " +
                               std::to_string(at.column) + ": " + body.error().message);
    }
    const auto violations = schema_violations(*body, component_schemas().at(endpoint.body_schema), component_schemas());
    if (!violations.empty()) return violated(violations, "The body");
    return *std::move(body);
}

}  // namespace

ApiResult<Call> read_call(const Endpoint& endpoint, const Request& request) {
    if (auto error = check_path(endpoint, request)) return *std::move(error);
    auto query = read_query(endpoint, request);
    if (!query) return query.error();
    auto body = read_body(endpoint, request);
    if (!body) return body.error();
    return Call{request, *std::move(query), *std::move(body)};
}

}  // namespace pawl::web::rest
