#include "states/json.hpp"

#include <optional>

#include "states/json_reader.hpp"

namespace pawl {
namespace {

// Where nesting first exceeds the limit, if it does. Brackets in strings do not count.
std::optional<std::size_t> too_deep_at(std::string_view text) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > max_json_depth) return i;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return std::nullopt;
}

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …" without what we say ourselves.
std::string reason(std::string_view what) {
    for (const std::string_view mark : {"syntax error ", ": "}) {
        if (const auto at = what.find(mark); at != std::string_view::npos) {
            return std::string{what.substr(mark == ": " ? at + 2 : at)};
        }
    }
    return std::string{what};
}

}  // namespace

Result<Json, JsonSyntaxError> parse_json(std::string_view text) {
    if (Json read; detail::read_json(text, read)) return read;
    if (const auto deep = too_deep_at(text)) {
        return JsonSyntaxError{*deep, "nested more than " + std::to_string(max_json_depth) + " levels deep"};
    }
    // nlohmann takes a NUL for the end of the text, and would pass over all that follows.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        return JsonSyntaxError{nul, "a NUL character, which JSON has only as \\u0000 in a string"};
    }
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& e) {
        return JsonSyntaxError{e.byte > 0 ? e.byte - 1 : 0, reason(e.what())};
    } catch (const Json::out_of_range& e) {  // a number beyond double, such as 1e999
        return JsonSyntaxError{0, e.what()};
    }
}

Json empty_object() { return Json::object(); }

bool too_deep(std::string_view text) { return too_deep_at(text).has_value(); }

std::string to_text(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace pawl
