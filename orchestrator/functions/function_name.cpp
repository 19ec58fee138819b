#include "orchestrator/functions/function_name.hpp"

#include <algorithm>

namespace pawl {
namespace {

constexpr std::size_t name_limit = 64;
constexpr std::size_t qualifier_limit = 128;

bool is_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool is_qualifier(std::string_view text) {
    return text == "$LATEST" || (is_word(text) && text.size() <= qualifier_limit);
}

// "NAME" or "NAME:QUALIFIER", from parts[from] on.
std::optional<FunctionName> name_at(const std::vector<std::string_view>& parts, std::size_t from) {
    if (parts.size() <= from || parts.size() > from + 2 || !is_function_name(parts[from])) return std::nullopt;
    FunctionName found{std::string{parts[from]}, {}};
    if (parts.size() == from + 1) return found;
    if (!is_qualifier(parts[from + 1])) return std::nullopt;
    found.qualifier = parts[from + 1];
    return found;
}

}  // namespace

std::vector<std::string_view> between_colons(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto colon = text.find(':');
        parts.push_back(text.substr(0, colon));
        if (colon == std::string_view::npos) return parts;
        text.remove_prefix(colon + 1);
    }
}

std::string_view base_of(std::string_view pool_name) { return pool_name.substr(0, pool_name.find(':')); }

std::string_view version_of(std::string_view pool_name) {
    const auto colon = pool_name.find(':');
    return colon == std::string_view::npos ? std::string_view{"$LATEST"} : pool_name.substr(colon + 1);
}

bool is_function_name(std::string_view text) { return is_word(text) && text.size() <= name_limit; }

std::optional<FunctionName> parse_function_arn(std::string_view text) {
    const auto parts = between_colons(text);
    if (parts.size() < 7 || parts[0] != "arn" || !parts[1].starts_with("aws") || !is_word(parts[1]))
        return std::nullopt;
    if (parts[2] != "lambda" || !is_word(parts[3]) || !is_word(parts[4]) || parts[5] != "function") return std::nullopt;
    return name_at(parts, 6);
}

std::optional<FunctionName> parse_function_name(std::string_view text) {
    if (text.starts_with("arn:")) return parse_function_arn(text);
    const auto parts = between_colons(text);
    if (parts.size() >= 3 && is_word(parts[0]) && parts[1] == "function") return name_at(parts, 2);
    return name_at(parts, 0);
}

}  // namespace pawl
