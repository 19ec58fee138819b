#include "orchestrator/integrations/aws/protocols.hpp"

#include <algorithm>
#include <array>

#include "orchestrator/names.hpp"
#include "states/letter_case.hpp"
#include "states/utf8.hpp"

namespace pawl::aws {
namespace {

// In services whose members are camelCase on the wire: maps, whose keys belong to the user.
constexpr std::array<std::string_view, 6> map_members{"tags",       "dockerLabels", "options",
                                                      "driverOpts", "labels",       "parameters"};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

template <class Letter>
Json renamed(const Json& value, Letter letter) {
    if (value.is_array()) {
        Json all = Json::array();
        for (const auto& item : value) all.push_back(renamed(item, letter));
        return all;
    }
    if (!value.is_object()) return value;
    Json object = Json::object();
    for (const auto& [key, member] : value.items()) {
        auto name = key;
        auto plain = key;
        if (!name.empty()) {
            name.front() = letter(name.front());
            plain.front() = lower_case(plain.front());
        }
        const bool map = member.is_object() && std::ranges::find(map_members, plain) != map_members.end();
        object[name] = map ? member : renamed(member, letter);
    }
    return object;
}

}  // namespace

Json lower_members(const Json& value) { return renamed(value, static_cast<char (*)(char)>(lower_case)); }
Json upper_members(const Json& value) { return renamed(value, upper); }

std::string as_text(const Json& value) { return value.is_string() ? value.get<std::string>() : to_text(value); }

std::string wrong_type(std::string_view member, std::string_view expected) {
    return "The value for the field '" + std::string{member} + "' must be " + std::string{expected};
}

bool knows_action(const Call& call) {
    switch (call.service->protocol) {
        case Protocol::RestJson:
            return knows_rest_action(*call.service, call.action);
        case Protocol::S3:
            return knows_s3_action(call.action);
        case Protocol::Json:
        case Protocol::Query:
        case Protocol::Gateway:
            break;
    }
    return true;
}

bool can_be_sent(std::string_view name, std::string_view value) {
    return !name.empty() && name.find_first_of(std::string_view{"\r\n:; \0", 6}) == std::string_view::npos &&
           value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

Encoded encode(const Call& call, const Json& parameters, const Endpoint& endpoint) {
    const auto by_protocol = [&]() -> Encoded {
        switch (call.service->protocol) {
            case Protocol::Json:
                return endpoint.speaks_query ? encode_sqs_query(call, parameters) : encode_json(call, parameters);
            case Protocol::Query:
                return encode_query(call, parameters);
            case Protocol::RestJson:
                return encode_rest_json(call, parameters);
            case Protocol::S3:
                return encode_s3(call, parameters, endpoint);
            case Protocol::Gateway:
                return encode_gateway(parameters, endpoint);
        }
        return std::string{"this service can not be called"};
    };
    auto request = by_protocol();
    if (!request) return request;
    for (const auto& [name, value] : request->headers) {
        if (!can_be_sent(name, value)) return "'" + name + "' is no header that can be sent";
    }
    request->path = endpoint.url.path + request->path;
    if (header_of(request->headers, "Host").empty()) request->headers.emplace_back("Host", endpoint.url.authority());
    return request;
}

Decoded decode(const Call& call, HttpAnswer answer, const Endpoint& endpoint) {
    answer.body = valid_utf8(answer.body);  // whatever the protocol makes of it, texts come of it
    auto decoded = [&]() -> Decoded {
        switch (call.service->protocol) {
            case Protocol::Json:
                return endpoint.speaks_query ? decode_sqs_query(call, answer) : decode_json(call, answer);
            case Protocol::Query:
                return decode_query(call, answer);
            case Protocol::RestJson:
                return decode_rest_json(call, answer);
            case Protocol::S3:
                return decode_s3(call, answer);
            case Protocol::Gateway:
                return decode_gateway(answer);
        }
        return ServiceError{};
    }();
    if (decoded) return decoded;
    auto error = std::move(decoded).error();
    error.status = answer.status;
    if (error.code.empty()) error.code = error.shape;
    if (error.message.empty()) error.message = answer.status_text.empty() ? "null" : answer.status_text;
    for (const auto* name : {"x-amzn-RequestId", "x-amz-request-id"}) {
        if (error.request_id.empty()) error.request_id = header_of(answer.headers, name);
    }
    if (error.request_id.empty()) error.request_id = new_uuid();
    return error;
}

}  // namespace pawl::aws
