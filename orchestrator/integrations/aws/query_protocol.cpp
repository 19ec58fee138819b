// The Query protocol: a form with Action and Version, and answers in XML. Spec: Smithy, "AWS query protocol".
#include <algorithm>
#include <array>

#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/aws/xml_answer.hpp"

namespace pawl::aws {
namespace {

// Members that are maps, and what their entries' parts are called.
struct MapMember {
    std::string_view service;
    std::string_view member;
    std::string_view key;
    std::string_view value;
};
constexpr std::array maps{MapMember{"sns", "MessageAttributes", "Name", "Value"},
                          MapMember{"sns", "Attributes", "key", "value"}};

void flatten(const Service& service, const std::string& name, std::string_view member, const Json& value, Query& form) {
    if (value.is_null()) return;
    if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            flatten(service, name + ".member." + std::to_string(i + 1), {}, value[i], form);
        }
        return;
    }
    if (!value.is_object()) {
        form.emplace_back(name, as_text(value));
        return;
    }
    const auto map = std::ranges::find_if(
        maps, [&](const auto& known) { return known.service == service.name && known.member == member; });
    std::size_t entry = 0;
    for (const auto& [key, item] : value.items()) {
        if (map == maps.end()) {
            flatten(service, name + "." + key, key, item, form);
            continue;
        }
        const auto place = name + ".entry." + std::to_string(++entry) + ".";
        form.emplace_back(place + std::string{map->key}, key);
        flatten(service, place + std::string{map->value}, {}, item, form);
    }
}

Signable form_request(Query form) {
    Signable request{"POST", "/", {}, {}, query_text(form)};
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
    return request;
}

}  // namespace

Encoded encode_query(const Call& call, const Json& parameters) {
    Query form{{"Action", call.action}, {"Version", std::string{call.service->target}}};
    for (const auto& [name, value] : parameters.items()) flatten(*call.service, name, name, value, form);
    return form_request(std::move(form));
}

// SQS had lists and maps without wrappers: "MessageAttributes" is MessageAttribute.1.Name and .Value.…
Encoded encode_sqs_query(const Call& call, const Json& parameters) {
    Query form{{"Action", call.action}, {"Version", "2012-11-05"}};
    for (const auto& [name, value] : parameters.items()) {
        const auto singular = name.ends_with('s') ? name.substr(0, name.size() - 1) : name;
        if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i) {
                flatten(*call.service, singular + "." + std::to_string(i + 1), {}, value[i], form);
            }
        } else if (value.is_object()) {
            std::size_t entry = 0;
            for (const auto& [key, item] : value.items()) {
                const auto place = singular + "." + std::to_string(++entry);
                form.emplace_back(place + ".Name", key);
                flatten(*call.service, place + ".Value", {}, item, form);
            }
        } else {
            flatten(*call.service, name, {}, value, form);
        }
    }
    return form_request(std::move(form));
}

Decoded decode_query(const Call& call, const HttpAnswer& answer) {
    pugi::xml_document document;
    const bool parsed = static_cast<bool>(document.load_buffer(answer.body.data(), answer.body.size()));
    const auto root = document.document_element();
    if (answer.status < 200 || answer.status > 299) {
        ServiceError error;
        auto details = child_of(root, "Error");
        if (!details) details = child_of(child_of(root, "Errors"), "Error");
        error.code = text_of(details, "Code");
        error.message = text_of(details, "Message");
        error.request_id = text_of(root, "RequestId");
        error.shape = error.code;
        // Older names of what the API describes by another one.
        constexpr std::string_view sqs = "AWS.SimpleQueueService.";
        if (error.shape.starts_with(sqs)) error.shape.erase(0, sqs.size());
        if (error.shape == "NonExistentQueue") error.shape = "QueueDoesNotExist";
        return error;
    }
    if (!parsed) return ServiceError{"", "", "Unable to unmarshall response: it is no XML", 0, "", ""};
    auto result = to_json(child_of(root, (call.action + "Result").c_str()));
    return result.is_object() ? result : Json::object();
}

}  // namespace pawl::aws
