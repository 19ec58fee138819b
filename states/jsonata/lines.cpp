#include "states/jsonata/lines.hpp"

namespace pawl::jsonata {
namespace {

Json answer(const Error& error) {
    Json shown{{"code", error.code}};
    if (error.position) shown["position"] = *error.position;
    if (error.token) shown["token"] = *error.token;
    if (error.value) shown["value"] = *error.value;
    shown["message"] = error.message;
    return {{"error", std::move(shown)}};
}

Json bad_request(std::string message) {
    Error error;
    error.code = "U1002";
    error.message = std::move(message);
    return answer(error);
}

const Json* member(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

int hex_unit(std::string_view text, std::size_t at) {  // of "\uXXXX" at `at`, or -1
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

// A lone "\ud800" becomes "\\ud800": in a JSONata string literal, the same thing written out.
std::string with_escaped_lone_surrogates(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = 1;
        if (text[at] == '\\') {
            const int unit = hex_unit(text, at);
            length = unit >= 0 ? 6 : 2;
            if (unit >= 0xD800 && unit < 0xDC00) {
                const int low = hex_unit(text, at + 6);
                if (low >= 0xDC00 && low < 0xE000) {
                    length = 12;
                } else {
                    escaped += '\\';
                }
            } else if (unit >= 0xDC00 && unit < 0xE000) {
                escaped += '\\';
            }
        }
        escaped += text.substr(at, length);
        at += length;
    }
    return escaped;
}

}  // namespace

Json answer_line(const Json& request, const Environment& environment) {
    if (!request.is_object()) return bad_request("A request is a JSON object");
    const Json* const expression = member(request, "expr");
    if (!expression || !expression->is_string()) return bad_request("\"expr\" must be a string");

    Environment bounded = environment;
    if (const Json* depth = member(request, "depth"); depth && depth->is_number()) {
        const double asked = depth->get<double>();
        bounded.limits.depth = asked < 0                      ? 0
                               : asked < bounded.limits.depth ? static_cast<std::uint32_t>(asked)
                                                              : bounded.limits.depth;
    }
    if (const Json* time = member(request, "timelimit"); time && time->is_number()) {
        bounded.limits.time = std::chrono::milliseconds{static_cast<std::int64_t>(std::min(time->get<double>(), 1e9))};
    }
    std::vector<Binding> bindings;
    if (const Json* given = member(request, "bindings"); given && given->is_object()) {
        for (const auto& [name, value] : given->get_ref<const Json::object_t&>()) bindings.push_back({name, &value});
    }

    const auto compiled = Expression::compile(expression->get_ref<const std::string&>());
    if (!compiled) return answer(compiled.error());
    auto result = compiled->evaluate(member(request, "data"), bindings, bounded);
    if (!result) return answer(result.error());
    if (!*result) return {{"undefined", true}};
    return {{"result", **std::move(result)}};
}

std::string answer_line(std::string_view request, const Environment& environment) {
    const auto parsed = parse_json(with_escaped_lone_surrogates(request));
    if (!parsed) return to_text(bad_request("Not JSON: " + parsed.error().message));
    return to_text(answer_line(*parsed, environment));
}

}  // namespace pawl::jsonata
