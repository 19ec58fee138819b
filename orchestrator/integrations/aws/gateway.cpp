// apigateway:invoke: an HTTP request to a stage of an API. Spec: AWS Step Functions Developer Guide, "Create API
// Gateway REST APIs with Step Functions".
#include <algorithm>
#include <array>

#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/http_client.hpp"
#include "orchestrator/text_encodings.hpp"
#include "states/letter_case.hpp"

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

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> others) {
    return std::ranges::any_of(others, [&](std::string_view other) { return same_letters(name, other); });
}

}  // namespace

Encoded encode_gateway(const Json& parameters) {
    const auto text = [&](const char* member) {
        const auto found = parameters.find(member);
        return found != parameters.end() && found->is_string() ? found->get<std::string>() : std::string{};
    };
    for (const auto* member : {"ApiEndpoint", "Method"}) {
        if (text(member).empty()) return "The field '" + std::string{member} + "' is required but was missing";
    }
    Signable request{text("Method"), "", {}, {}, {}};
    if (std::ranges::find(methods, request.method) == methods.end()) {
        return wrong_type("Method", "GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS");
    }
    auto wrong = add_all(parameters, "Headers", request.headers);
    if (wrong.empty()) wrong = add_all(parameters, "QueryParameters", request.query);
    if (!wrong.empty()) return wrong;
    std::erase_if(request.headers, [](const auto& header) { return is_one_of(header.first, {"host"}); });
    for (const auto& [name, value] : request.headers) {
        if (is_one_of(name, {"connection", "content-length", "expect", "te", "transfer-encoding"})) {
            return "The header '" + name + "' can not be set";  // they say how the request itself is sent
        }
    }
    if (text("ApiEndpoint").find_first_of("\r\n/@?#\\ ") != std::string::npos) {
        return wrong_type("ApiEndpoint", "a host name");
    }
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
