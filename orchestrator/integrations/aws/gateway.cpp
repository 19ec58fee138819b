// apigateway:invoke: an HTTP request to a stage of an API. Spec: AWS Step Functions Developer Guide, "Create API
// Gateway REST APIs with Step Functions".
#include <algorithm>
#include <array>

#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/http_client.hpp"
#include "orchestrator/integrations/reserved_headers.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/text_encodings.hpp"

namespace pawl::aws {
namespace {

constexpr std::array<std::string_view, 7> methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};

// {"name": ["value", …]}: each value is one header, or one part of the query.
std::string add_all(const Json& parameters, const char* member, Query& to) {
    const auto found = parameters.find(member);
    if (found == parameters.end() || found->is_null()) return {};
    if (!found->is_object()) return wrong_type(member, "an object");
    for (const auto& [name, values] : found->items()) {
        if (!values.is_array()) return wrong_type(std::string{member} + "." + name, "an array of texts");
        for (const auto& value : values) to.emplace_back(name, as_text(value));
    }
    return {};
}

// What the service sets, and what says how the request itself is sent.
constexpr auto reserved_headers = std::to_array<std::string_view>(
    {"authorization", "connection", "content-length", "content-md5", "expect", "host", "max-forwards",
     "proxy-authenticate", "server", "te", "trailer", "transfer-encoding", "upgrade", "via", "www-authenticate"});

constexpr auto known_members =
    std::to_array<std::string_view>({"ApiEndpoint", "Method", "Headers", "Stage", "Path", "QueryParameters",
                                     "RequestBody", "AllowNullValues", "AuthType"});

bool is_label(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

// "ID.execute-api.REGION.amazonaws.com", also behind an endpoint of a VPC: nobody else hears what is signed for AWS.
bool is_host_of_api(const std::string& host) {
    constexpr std::string_view service = ".execute-api.";
    const auto at = host.find(service);
    if (at == std::string::npos) return false;
    const auto rest = std::string_view{host}.substr(at + service.size());
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos || !is_label(host.substr(0, at)) || !is_label(rest.substr(0, dot))) return false;
    constexpr std::array<std::string_view, 4> domains{"amazonaws.com", "amazonaws.com.cn", "vpce.amazonaws.com",
                                                      "vpce.amazonaws.com.cn"};
    return std::ranges::find(domains, rest.substr(dot + 1)) != domains.end();
}

std::string wrong_endpoint(const std::string& host, const Endpoint& endpoint) {
    if (endpoint.real && !is_host_of_api(host)) {
        return wrong_type("ApiEndpoint", "a host such as ID.execute-api.REGION.amazonaws.com");
    }
    const bool plain = host.find_first_of("\r\n/@?#\\ ") == std::string::npos;
    return plain ? std::string{} : wrong_type("ApiEndpoint", "a host name");
}

std::string wrong_authorization(const Json& parameters) {
    constexpr std::array<std::string_view, 3> types{"NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"};
    const auto given = parameters.find("AuthType");
    if (given == parameters.end() || given->is_null()) return {};
    const bool known = given->is_string() &&
                       std::ranges::find(types, std::string_view{given->get_ref<const std::string&>()}) != types.end();
    return known ? std::string{} : wrong_type("AuthType", "NO_AUTH, IAM_ROLE or RESOURCE_POLICY");
}

}  // namespace

std::span<const std::string_view> gateway_members() { return known_members; }
std::span<const std::string_view> gateway_reserved_headers() { return reserved_headers; }

bool gateway_is_signed(const Json& parameters) {
    const auto type = parameters.is_object() ? parameters.value("AuthType", Json()) : Json();
    return type == "IAM_ROLE" || type == "RESOURCE_POLICY";
}

Encoded encode_gateway(const Json& parameters, const Endpoint& endpoint) {
    const auto text = [&](const char* member) {
        const auto found = parameters.find(member);
        return found != parameters.end() && found->is_string() ? found->get<std::string>() : std::string{};
    };
    if (auto unknown = sdk::unknown_member(parameters, known_members)) return *std::move(unknown);
    for (const auto* member : {"ApiEndpoint", "Method"}) {
        if (text(member).empty()) return "The field '" + std::string{member} + "' is required but was missing";
    }
    Signable request{text("Method"), "", {}, {}, {}};
    if (std::ranges::find(methods, request.method) == methods.end()) {
        return wrong_type("Method", "GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS");
    }
    auto wrong = add_all(parameters, "Headers", request.headers);
    if (wrong.empty()) wrong = add_all(parameters, "QueryParameters", request.query);
    if (wrong.empty()) wrong = unsupported_headers(request.headers, reserved_headers).value_or("");
    if (wrong.empty()) wrong = wrong_endpoint(text("ApiEndpoint"), endpoint);
    if (wrong.empty()) wrong = wrong_authorization(parameters);
    if (!wrong.empty()) return wrong;
    request.headers.emplace_back("Host", text("ApiEndpoint"));
    if (const auto stage = text("Stage"); !stage.empty()) request.path += "/" + percent_encode(stage);
    auto path = text("Path");
    if (!path.empty() && !path.starts_with('/')) path.insert(0, "/");
    request.path += percent_encode(path, true);
    if (request.path.empty()) request.path = "/";
    const auto body = parameters.find("RequestBody");
    if (body != parameters.end() && !body->is_null()) {
        request.body = to_text(*body);
        if (header_of(request.headers, "Content-Type").empty()) {
            request.headers.emplace_back("Content-Type", "application/json");
        }
    }
    return request;
}

Decoded decode_gateway(const HttpAnswer& answer) {
    if (answer.status < 400) return plain_http_answer(answer);
    ServiceError error;
    error.shape = std::to_string(answer.status);
    error.message = answer.body;
    return error;
}

}  // namespace pawl::aws
