#include "states/data/template_tree.hpp"

#include <algorithm>

#include "states/utf8.hpp"

namespace pawl::data {
namespace {

std::string escaped(const std::string& key) {  // RFC 6901
    std::string out;
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string{c};
    return out;
}

}  // namespace

std::string TemplatePlace::pointer(const TemplatePlace* place) {
    if (!place) return "";
    return pointer(place->parent) + "/" + (place->key ? escaped(*place->key) : std::to_string(place->index));
}

std::string TemplatePlace::location(const TemplatePlace* place, std::size_t most) {
    std::vector<const TemplatePlace*> way;
    for (; place; place = place->parent) way.push_back(place);
    std::string text;
    for (auto step = way.rbegin(); step != way.rend() && text.size() <= most; ++step) {
        text += (*step)->key ? "/" + (*step)->key->substr(0, most + 1) : "[" + std::to_string((*step)->index) + "]";
    }
    if (text.size() <= most) return text;
    return text.substr(0, cut_before(text, most)) + "…";
}

}  // namespace pawl::data
