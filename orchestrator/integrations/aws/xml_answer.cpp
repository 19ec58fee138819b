#include "orchestrator/integrations/aws/xml_answer.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace pawl::aws {
namespace {

constexpr int deepest = 64;

Json leaf(const pugi::xml_node& element, const XmlShapes& shapes) {
    const auto name = local_name(element);
    const std::string_view text{element.text().get()};
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        if (std::ranges::find(shapes.lists, name) != shapes.lists.end()) return Json::array();
        if (std::ranges::find(shapes.maps, name) != shapes.maps.end()) return Json::object();
    }
    return Json(text);
}

Json to_json(const pugi::xml_node& element, const XmlShapes& shapes, int depth) {
    std::vector<pugi::xml_node> children;
    for (const auto& child : element.children()) {
        if (child.type() == pugi::node_element) children.push_back(child);
    }
    if (children.empty() || depth >= deepest) return leaf(element, shapes);
    const auto all_are = [&](std::string_view name) {
        return std::ranges::all_of(children, [&](const auto& child) { return local_name(child) == name; });
    };
    if (all_are("member")) {
        Json list = Json::array();
        for (const auto& child : children) list.push_back(to_json(child, shapes, depth + 1));
        return list;
    }
    Json object = Json::object();
    if (all_are("entry")) {
        for (const auto& child : children) {
            object[text_of(child, "key")] = to_json(child_of(child, "value"), shapes, depth + 1);
        }
        return object;
    }
    for (const auto& child : children) {
        const std::string name{local_name(child)};
        auto value = to_json(child, shapes, depth + 1);
        const auto found = object.find(name);
        if (found == object.end()) {
            object[name] = std::move(value);
        } else if (found->is_array()) {
            found->push_back(std::move(value));
        } else {
            *found = Json::array({*found, std::move(value)});
        }
    }
    return object;
}

}  // namespace

Json to_json(const pugi::xml_node& element) { return to_json(element, {}, 0); }
Json to_json(const pugi::xml_node& element, const XmlShapes& shapes) { return to_json(element, shapes, 0); }

std::string_view local_name(const pugi::xml_node& element) {
    const std::string_view name{element.name()};
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child_of(const pugi::xml_node& element, const char* name) {
    return element.find_child([&](const pugi::xml_node& child) { return local_name(child) == name; });
}

std::string text_of(const pugi::xml_node& element, const char* child) { return child_of(element, child).text().get(); }

}  // namespace pawl::aws
