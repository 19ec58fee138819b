#include "orchestrator/integrations/http_task_request.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "orchestrator/integrations/reserved_headers.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/text_encodings.hpp"
#include "states/letter_case.hpp"

namespace pawl {
namespace {

using Wrong = std::optional<std::string>;

constexpr std::array<std::string_view, 7> methods{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"};
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

// What the service sets, or keeps its hands on; a connection may set them.
constexpr auto reserved_headers = std::to_array<std::string_view>({"a-im",
                                                                   "accept-charset",
                                                                   "accept-datetime",
                                                                   "accept-encoding",
                                                                   "authorization",
                                                                   "cache-control",
                                                                   "connection",
                                                                   "content-encoding",
                                                                   "content-length",  // curl's own says it right
                                                                   "content-md5",
                                                                   "date",
                                                                   "expect",
                                                                   "forwarded",
                                                                   "from",
                                                                   "host",
                                                                   "http2-settings",
                                                                   "if-match",
                                                                   "if-modified-since",
                                                                   "if-none-match",
                                                                   "if-range",
                                                                   "if-unmodified-since",
                                                                   "max-forwards",
                                                                   "origin",
                                                                   "pragma",
                                                                   "proxy-authorization",
                                                                   "referer",
                                                                   "server",
                                                                   "te",
                                                                   "trailer",
                                                                   "transfer-encoding",
                                                                   "upgrade",
                                                                   "via",
                                                                   "warning"});

constexpr auto known_members =
    std::to_array<std::string_view>({"ApiEndpoint", "Method", "Authentication", "InvocationConfig", "Headers",
                                     "QueryParameters", "RequestBody", "Transform"});

std::string as_text(const Json& value) { return value.is_string() ? value.get<std::string>() : to_text(value); }

// {"name": "value" or ["value", …]}
Wrong read_pairs(const Json& parameters, const char* member, Query& to) {
    const auto found = parameters.find(member);
    if (found == parameters.end() || found->is_null()) return std::nullopt;
    if (!found->is_object()) return "The value for the field '" + std::string{member} + "' must be an object";
    for (const auto& [name, value] : found->items()) {
        if (value.is_object()) {
            return "The value for the field '" + std::string{member} + "." + name +
                   "' must be a text or a list of texts";
        }
        if (!value.is_array()) {
            to.emplace_back(name, as_text(value));
            continue;
        }
        for (const auto& item : value) to.emplace_back(name, as_text(item));
    }
    return std::nullopt;
}

Wrong read_headers(const Json& parameters, HttpHeaders& headers) {
    if (auto wrong = read_pairs(parameters, "Headers", headers)) return wrong;
    if (auto wrong = unsupported_headers(headers, reserved_headers)) return wrong;
    for (const auto& [name, value] : headers) {
        const auto plain = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != ':' && c != 127; };
        if (name.empty() || !std::ranges::all_of(name, plain) || value.find_first_of("\r\n") != std::string::npos ||
            value.find('\0') != std::string::npos) {
            return "'" + name + "' is no header that can be sent";
        }
    }
    return std::nullopt;
}

void set_header(HttpHeaders& headers, const std::string& name, const std::string& value) {
    std::erase_if(headers, [&](const auto& header) { return lower_case(header.first) == lower_case(name); });
    headers.emplace_back(name, value);
}

void flatten(const std::string& name, const Json& value, ArrayFormat format, Query& form) {
    if (value.is_object()) {
        for (const auto& [key, member] : value.items()) flatten(name + "[" + key + "]", member, format, form);
        return;
    }
    if (!value.is_array() || format == ArrayFormat::None) {
        form.emplace_back(name, value.is_null() ? std::string{} : as_text(value));
        return;
    }
    if (format == ArrayFormat::Commas) {
        std::string joined;
        for (const auto& item : value) joined += (joined.empty() ? "" : ",") + as_text(item);
        form.emplace_back(name, joined);
        return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        const auto index = format == ArrayFormat::Indices    ? "[" + std::to_string(i) + "]"
                           : format == ArrayFormat::Brackets ? std::string{"[]"}
                                                             : std::string{};
        flatten(name + index, value[i], format, form);
    }
}

std::optional<ArrayFormat> format_named(const std::string& name) {
    if (name == "INDICES") return ArrayFormat::Indices;
    if (name == "REPEAT") return ArrayFormat::Repeat;
    if (name == "COMMAS") return ArrayFormat::Commas;
    if (name == "BRACKETS") return ArrayFormat::Brackets;
    if (name == "NONE") return ArrayFormat::None;
    return std::nullopt;
}

struct Transform {
    bool form = false;
    ArrayFormat arrays = ArrayFormat::Indices;
};

Result<Transform, std::string> read_transform(const Json& parameters) {
    Transform transform;
    const auto given = parameters.find("Transform");
    if (given == parameters.end()) return transform;
    if (!given->is_object()) return std::string{"The value for the field 'Transform' must be an object"};
    const auto encoding = given->value("RequestBodyEncoding", Json("NONE"));
    transform.form = encoding == "URL_ENCODED";
    if (!transform.form && encoding != "NONE") {
        return std::string{"The value for the field 'RequestBodyEncoding' must be NONE or URL_ENCODED"};
    }
    const auto options = given->value("RequestEncodingOptions", Json::object());
    if (!options.is_object()) return std::string{"The value for the field 'RequestEncodingOptions' must be an object"};
    const auto format = format_named(as_text(options.value("ArrayFormat", Json("INDICES"))));
    if (!format) {
        return std::string{"The value for the field 'ArrayFormat' must be INDICES, REPEAT, COMMAS, BRACKETS or NONE"};
    }
    transform.arrays = *format;
    return transform;
}

Wrong read_body(const Json& parameters, const HttpConnection& connection, HttpRequest& request) {
    const auto transform = read_transform(parameters);
    if (!transform) return transform.error();
    const auto given = parameters.find("RequestBody");
    const bool none = given == parameters.end() || given->is_null();
    if (none && connection.body.empty()) return std::nullopt;
    Json body = none ? Json::object() : *given;
    if (body.is_object()) {
        for (const auto& [name, value] : connection.body) body[name] = value;
    }
    const auto type = header_of(request.headers, "Content-Type");
    if (transform->form) {
        if (!lower_case(type).starts_with(form_type)) {
            return "RequestBodyEncoding URL_ENCODED needs the header Content-Type: " + std::string{form_type};
        }
        if (!body.is_object()) return std::string{"RequestBodyEncoding URL_ENCODED needs an object as RequestBody"};
        request.body = form_of(body, transform->arrays);
        return std::nullopt;
    }
    // A text is sent as it is when the request says that it is no JSON.
    const bool plain = body.is_string() && !type.empty() && lower_case(type).find("json") == std::string::npos;
    request.body = plain ? body.get<std::string>() : to_text(body);
    if (type.empty()) request.headers.emplace_back("Content-Type", "application/json");
    return std::nullopt;
}

void authorize(const HttpConnection& connection, HttpHeaders& headers) {
    if (const auto* key = std::get_if<ApiKey>(&connection.authorization)) set_header(headers, key->name, key->value);
    if (const auto* basic = std::get_if<BasicAuthorization>(&connection.authorization)) {
        set_header(headers, "Authorization", "Basic " + to_base64(basic->username + ":" + basic->password));
    }
    for (const auto& [name, value] : connection.headers) set_header(headers, name, value);
}

std::string text_member(const Json& object, const char* member) {
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

std::span<const std::string_view> http_task_members() { return known_members; }
std::span<const std::string_view> http_task_reserved_headers() { return reserved_headers; }

std::string form_of(const Json& body, ArrayFormat format) {
    Query form;
    for (const auto& [name, value] : body.items()) flatten(name, value, format, form);
    return query_text(form);
}

std::string connection_arn(const Json& parameters) {
    for (const auto* member : {"Authentication", "InvocationConfig"}) {
        const auto found = parameters.find(member);
        if (found != parameters.end() && found->is_object()) {
            if (auto arn = text_member(*found, "ConnectionArn"); !arn.empty()) return arn;
        }
    }
    return {};
}

Result<HttpTaskRequest, std::string> read_http_task(const Json& parameters, const HttpConnection& connection,
                                                    const std::string& region) {
    HttpTaskRequest task;
    task.connection = connection_arn(parameters);
    auto& request = task.request;
    if (auto unknown = sdk::unknown_member(parameters, known_members)) return *std::move(unknown);
    for (const auto* member : {"ApiEndpoint", "Method"}) {
        if (text_member(parameters, member).empty()) {
            return "The field '" + std::string{member} + "' is required but was missing";
        }
    }
    request.method = text_member(parameters, "Method");
    if (std::ranges::find(methods, request.method) == methods.end()) {
        return std::string{"The value for the field 'Method' must be GET, POST, PUT, DELETE, PATCH, OPTIONS or HEAD"};
    }
    request.url = text_member(parameters, "ApiEndpoint");
    if (!parse_url(request.url))
        return std::string{"The value for the field 'ApiEndpoint' must be an http or https URL"};
    Query query;
    if (auto wrong = read_pairs(parameters, "QueryParameters", query)) return *wrong;
    request.url = without_pairs(std::move(request.url), connection.query);
    for (const auto& [name, value] : connection.query) {
        std::erase_if(query, [&, &key = name](const auto& own) { return own.first == key; });
        query.emplace_back(name, value);
    }
    if (!query.empty()) {
        if (const auto mark = request.url.find('?'); mark == std::string::npos) {
            request.url += "?";
        } else if (mark + 1 != request.url.size()) {
            request.url += "&";
        }
        request.url += query_text(query);
    }
    if (auto wrong = read_headers(parameters, request.headers)) return *wrong;
    if (auto wrong = read_body(parameters, connection, request)) return *wrong;
    authorize(connection, request.headers);
    if (header_of(request.headers, "User-Agent").empty()) {
        request.headers.emplace_back("User-Agent", "Amazon|StepFunctions|HttpInvoke|" + region);
    }
    if (header_of(request.headers, "Range").empty()) request.headers.emplace_back("Range", "bytes=0-262144");
    return task;
}

}  // namespace pawl
