// SQS as it was spoken to before it spoke JSON: the Query protocol, whose lists and maps had no wrappers.
// Spec: Amazon SQS API Reference, version 2012-11-05.
#include <algorithm>
#include <array>

#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/aws/xml_answer.hpp"

namespace pawl::aws {
namespace {

// A member of a request and what its first part is called on the wire: "MessageAttributes" is MessageAttribute.1.Name.
struct MapMember {
    std::string_view member;
    std::string_view wire;
    const char* key;
};
constexpr std::array maps{
    MapMember{"Attributes", "Attribute", "Name"},
    MapMember{"MessageAttributes", "MessageAttribute", "Name"},
    MapMember{"MessageSystemAttributes", "MessageSystemAttribute", "Name"},
    MapMember{"Tags", "Tag", "Key"},
    MapMember{"tags", "Tag", "Key"},
};

std::string list_name(const Call& call, std::string_view member) {
    if (member == "Entries") return call.action + "RequestEntry";
    if (member == "Actions") return "ActionName";
    if (member.ends_with('s')) member.remove_suffix(1);
    return std::string{member};
}

// `place`: what stands before the member's name, with its dot.
void flatten(const Call& call, const std::string& place, const std::string& member, const Json& value, Query& form);

void flatten_members(const Call& call, const std::string& place, const Json& object, Query& form) {
    for (const auto& [name, value] : object.items()) flatten(call, place + ".", name, value, form);
}

void flatten_map(const Call& call, const std::string& place, const MapMember& map, const Json& value, Query& form) {
    std::size_t entry = 0;
    for (const auto& [key, item] : value.items()) {
        const auto at = place + std::string{map.wire} + "." + std::to_string(++entry);
        form.emplace_back(at + "." + map.key, key);
        flatten(call, at + ".", "Value", item, form);
    }
}

void flatten(const Call& call, const std::string& place, const std::string& member, const Json& value, Query& form) {
    if (value.is_null()) return;
    const auto map = std::ranges::find(maps, std::string_view{member}, &MapMember::member);
    if (value.is_array()) {
        const auto name = place + list_name(call, member);
        for (std::size_t i = 0; i < value.size(); ++i) {
            const auto at = name + "." + std::to_string(i + 1);
            if (value[i].is_object()) {
                flatten_members(call, at, value[i], form);
            } else {
                form.emplace_back(at, as_text(value[i]));
            }
        }
    } else if (!value.is_object()) {
        form.emplace_back(place + member, as_text(value));
    } else if (map != maps.end()) {
        flatten_map(call, place, *map, value, form);
    } else {
        flatten_members(call, place + member, value, form);
    }
}

// Where an element of an answer goes that is one of a list; empty: it is none.
std::string_view list_of(const Call& call, std::string_view element) {
    if (element == "Message") return "Messages";
    if (element == "BatchResultErrorEntry") return "Failed";
    if (element == "ListMessageMoveTasksResultEntry") return "Results";
    if (element.ends_with("ResultEntry")) return "Successful";
    const bool urls = call.action == "ListQueues" || call.action == "ListDeadLetterSourceQueues";
    return urls && element == "QueueUrl" ? "QueueUrls" : "";
}

Json read(const Call& call, const pugi::xml_node& element);

Json members_of(const Call& call, const pugi::xml_node& element) {
    Json object = Json::object();
    for (const auto& child : element.children()) {
        if (child.type() != pugi::node_element) continue;
        const auto name = local_name(child);
        const auto map = std::ranges::find(maps, name, &MapMember::wire);
        if (const auto list = list_of(call, name); !list.empty()) {
            auto& items = object[std::string{list}];
            if (items.is_null()) items = Json::array();
            items.push_back(read(call, child));
        } else if (map != maps.end()) {
            auto& entries = object[std::string{map->member}];
            if (entries.is_null()) entries = Json::object();
            entries[text_of(child, map->key)] = read(call, child_of(child, "Value"));
        } else {
            object[std::string{name}] = name == "SenderFault" ? Json(child.text().as_bool()) : read(call, child);
        }
    }
    return object;
}

// No answer of SQS nests deeper than a message's attributes' values.
Json read(const Call& call, const pugi::xml_node& element) {
    constexpr int deepest = 8;
    const auto below = [](const pugi::xml_node& child) { return child.type() == pugi::node_element; };
    const bool leaf = !element.find_child(below);
    int depth = 0;
    for (auto parent = element.parent(); parent && depth <= deepest; parent = parent.parent()) ++depth;
    return leaf || depth > deepest ? Json(element.text().get()) : members_of(call, element);
}

}  // namespace

Encoded encode_sqs_query(const Call& call, const Json& parameters) {
    Query form{{"Action", call.action}, {"Version", "2012-11-05"}};
    for (const auto& [name, value] : parameters.items()) flatten(call, "", name, value, form);
    return form_request(form);
}

Decoded decode_sqs_query(const Call& call, const HttpAnswer& answer) {
    pugi::xml_document document;
    const bool failed = answer.status < 200 || answer.status > 299;
    if (failed || !document.load_buffer(answer.body.data(), answer.body.size())) return decode_query(call, answer);
    return members_of(call, child_of(document.document_element(), (call.action + "Result").c_str()));
}

}  // namespace pawl::aws
