// XML answers as JSON. Without a service's model every value is a text; the few services that need more say so.
#pragma once
#include <pugixml.hpp>
#include <span>
#include <string>
#include <string_view>

#include "states/json.hpp"

namespace pawl::aws {

// <a><b>1</b></a> -> {"b": "1"}; <member>s -> a list; <entry>s with key and value -> an object; names that repeat ->
// a list. What nests deeper than any answer of AWS is cut off.
Json to_json(const pugi::xml_node& element);

// What is known of members by their names: lists and maps, which are so also when nothing is in them.
struct XmlShapes {
    std::span<const std::string_view> lists;
    std::span<const std::string_view> maps;
};
Json to_json(const pugi::xml_node& element, const XmlShapes& shapes);

std::string_view local_name(const pugi::xml_node& element);  // without its namespace

// The first element of this name without regard to namespaces, directly below; else an empty node.
pugi::xml_node child_of(const pugi::xml_node& element, const char* name);
std::string text_of(const pugi::xml_node& element, const char* child);

}  // namespace pawl::aws
