#include "web/rest/openapi.hpp"

#include <algorithm>
#include <map>

#include "states/letter_case.hpp"
#include "web/rest/problem.hpp"
#include "web/rest/schemas.hpp"

namespace pawl::web::rest {
namespace {

Json object(std::initializer_list<std::pair<std::string, Json>> members) {
    Json json = Json::object();
    for (const auto& [name, value] : members) json[name] = value;
    return json;
}

Json schema_ref(const std::string& name) { return object({{"$ref", "#/components/schemas/" + name}}); }

Json content(const std::string& type, const std::string& schema) {
    return object({{type, object({{"schema", schema_ref(schema)}})}});
}

Json parameter_json(const Parameter& parameter) {
    const char* in = parameter.in == In::Path ? "path" : parameter.in == In::Query ? "query" : "header";
    auto json = object({{"name", parameter.name},
                        {"in", in},
                        {"required", parameter.in == In::Path},
                        {"description", parameter.description},
                        {"schema", parameter.schema}});
    if (!parameter.example.is_null()) json["example"] = parameter.example;
    return json;
}

// What any request may be answered with, beside the endpoint's own errors.
std::vector<std::string> error_types(const Endpoint& endpoint) {
    auto types = endpoint.errors;
    types.insert(types.end(), {"InvalidRequest", "ForeignRequest", "ThrottlingException", "StoreUnavailable"});
    if (endpoint.body != Body::None) types.insert(types.end(), {"UnsupportedMediaType", "PayloadTooLarge"});
    return types;
}

Json responses_json(const Endpoint& endpoint) {
    Json responses = Json::object();
    for (const auto& reply : endpoint.replies) {
        auto json = object({{"description", reply.description}});
        if (reply.status == 201) {
            json["headers"] = object({{"Location", object({{"description", "Path of the new resource"},
                                                           {"schema", object({{"type", "string"}})}})}});
        }
        if (!reply.schema.empty()) json["content"] = content(reply.content_type, reply.schema);
        responses[std::to_string(reply.status)] = std::move(json);
    }
    std::map<int, std::string> texts;  // by status, what may be the matter
    for (const auto& type : error_types(endpoint)) {
        auto& text = texts[problem_kind(type).status];
        if (text.find(type) == std::string::npos) text += (text.empty() ? "" : ", ") + type;
    }
    for (const auto& [status, text] : texts) {
        responses[std::to_string(status)] =
            object({{"description", text}, {"content", content("application/problem+json", "Problem")}});
    }
    return responses;
}

Json operation_json(const Endpoint& endpoint) {
    auto json =
        object({{"operationId", endpoint.id}, {"summary", endpoint.summary}, {"tags", Json::array({endpoint.tag})}});
    if (!endpoint.parameters.empty()) {
        json["parameters"] = Json::array();
        for (const auto& parameter : endpoint.parameters) json["parameters"].push_back(parameter_json(parameter));
    }
    if (endpoint.body != Body::None) {
        json["requestBody"] = object({{"required", endpoint.body != Body::Optional},
                                      {"content", content("application/json", endpoint.body_schema)}});
    }
    json["responses"] = responses_json(endpoint);
    return json;
}

}  // namespace

Json openapi_document(const std::vector<Endpoint>& endpoints) {
    Json paths = Json::object();
    for (const auto& endpoint : endpoints)
        paths[endpoint.pattern][lower_case(endpoint.method)] = operation_json(endpoint);
    return object({
        {"openapi", "3.1.0"},
        {"info", object({{"title", "Pawl"},
                         {"version", "1"},
                         {"description",
                          "Run Amazon States Language workflows. ARNs in paths are percent-encoded. "
                          "Requests that change something have Content-Type application/json."}})},
        {"servers", Json::array({object({{"url", "/"}})})},
        {"paths", std::move(paths)},
        {"components", object({{"schemas", component_schemas()}})},
    });
}

}  // namespace pawl::web::rest
