// AWS JSON 1.0 and 1.1. Spec: Smithy, "AWS JSON 1.1 protocol".
#include <algorithm>
#include <array>

#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/text_encodings.hpp"

namespace pawl::aws {
namespace {

// Members that are bytes: texts in a workflow, base64 on the wire.
struct BlobMember {
    std::string_view service;
    std::string_view member;
};
constexpr std::array blob_members{BlobMember{"kinesis", "Data"}, BlobMember{"firehose", "Data"},
                                  BlobMember{"kms", "Plaintext"}, BlobMember{"secretsmanager", "SecretBinary"}};

bool is_blob(const Service& service, std::string_view member) {
    return std::ranges::any_of(blob_members,
                               [&](const auto& blob) { return blob.service == service.name && blob.member == member; });
}

bool has_blobs(const Service& service) {
    return std::ranges::find(blob_members, service.name, &BlobMember::service) != blob_members.end();
}

template <class Change>
void change_blobs(const Service& service, Json& value, const Change& change) {
    if (value.is_array()) {
        for (auto& item : value) change_blobs(service, item, change);
    } else if (value.is_object()) {
        for (auto& [key, member] : value.items()) {
            if (is_blob(service, key)) {
                member = change(member);
            } else {
                change_blobs(service, member, change);
            }
        }
    }
}

Json to_wire(const Json& value) { return to_base64(as_text(value)); }

// Bytes that are no text stay base64.
Json from_wire(const Json& value) {
    if (!value.is_string()) return value;
    auto bytes = from_base64(value.get<std::string>());
    if (!bytes) return value;
    const Json text(*std::move(bytes));
    const auto read_again = parse_json(to_text(text));  // to_text puts something else in place of what is no UTF-8
    return read_again && *read_again == text ? text : value;
}

// "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException:http://…" -> "ResourceNotFoundException"
std::string shape_of(std::string_view type) {
    if (const auto hash = type.rfind('#'); hash != std::string_view::npos) type.remove_prefix(hash + 1);
    return std::string{type.substr(0, type.find(':'))};
}

}  // namespace

Encoded encode_json(const Call& call, const Json& parameters) {
    const auto& service = *call.service;
    Signable request{"POST", "/", {}, {}, {}};
    request.headers = {{"Content-Type", "application/x-amz-json-" + std::string{service.json_version}},
                       {"X-Amz-Target", std::string{service.target} + "." + call.action}};
    if (has_blobs(service)) {
        auto changed = parameters;
        change_blobs(service, changed, to_wire);
        request.body = to_text(changed);
    } else {
        request.body = to_text(service.lower_members ? lower_members(parameters) : parameters);
    }
    return request;
}

ServiceError json_error(const HttpAnswer& answer) {
    ServiceError error;
    error.shape = shape_of(header_of(answer.headers, "x-amzn-ErrorType"));
    if (const auto body = parse_json(answer.body); body && body->is_object()) {
        for (const auto* name : {"__type", "code", "Code"}) {
            const auto found = body->find(name);
            if (error.shape.empty() && found != body->end() && found->is_string()) {
                error.shape = shape_of(found->get<std::string>());
            }
        }
        for (const auto* name : {"message", "Message", "errorMessage"}) {
            const auto found = body->find(name);
            if (error.message.empty() && found != body->end() && found->is_string()) {
                error.message = found->get<std::string>();
            }
        }
    }
    // Services that once spoke the query protocol tell the code that it had.
    const auto older = header_of(answer.headers, "x-amzn-query-error");
    error.code = older.substr(0, older.find(';'));
    return error;
}

Decoded decode_json(const Call& call, const HttpAnswer& answer) {
    if (answer.status < 200 || answer.status > 299) return json_error(answer);
    if (answer.body.empty()) return Json::object();
    auto body = parse_json(answer.body);
    if (!body) return ServiceError{"", "", "Unable to parse the response: " + body.error().message, 0, "", ""};
    if (!body->is_object()) return ServiceError{"", "", "Unable to parse the response: it is no object", 0, "", ""};
    if (has_blobs(*call.service)) change_blobs(*call.service, *body, from_wire);
    return call.service->lower_members ? upper_members(*body) : *std::move(body);
}

}  // namespace pawl::aws
