#include "states/utf8.hpp"

#include "states/json.hpp"
#include "states/jsonata/document.hpp"

namespace pawl {
namespace {

bool is_within_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string valid_utf8(std::string_view bytes) {
    if (jsonata::Document::is_utf8(bytes)) return std::string{bytes};
    const auto value = parse_json(to_text(Json(bytes)));
    return value ? value->get<std::string>() : std::string{};
}

std::string_view first_characters(std::string_view text, std::size_t most) {
    std::size_t units = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_within_character(text[at])) continue;
        units += static_cast<unsigned char>(text[at]) >= 0xF0U ? 2 : 1;
        if (units > most) return text.substr(0, at);
    }
    return text;
}

std::size_t cut_before(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text.size();
    while (most > 0 && is_within_character(text[most])) --most;
    return most;
}

}  // namespace pawl
