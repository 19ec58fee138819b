// A choice rule in one short line, for graphs.
#include <string>
#include <string_view>

#include "states/asl/parser.hpp"
#include "states/asl/python_text.hpp"

namespace pawl::asl {
namespace {

constexpr std::size_t max_length = 60;  // in characters
constexpr std::size_t enough_bytes = 4 * max_length;

std::string_view symbol_of(std::string_view comparison) {
    if (comparison == "Equals") return " = ";
    if (comparison == "LessThan") return " < ";
    if (comparison == "GreaterThan") return " > ";
    if (comparison == "LessThanEquals") return " <= ";
    if (comparison == "GreaterThanEquals") return " >= ";
    return {};
}

std::string_view quality_of(std::string_view name) {
    if (name == "IsNull") return "null";
    if (name == "IsPresent") return "present";
    if (name == "IsNumeric") return "a number";
    if (name == "IsString") return "a string";
    if (name == "IsBoolean") return "a boolean";
    return name == "IsTimestamp" ? "a timestamp" : "";
}

std::string operand(const Json& value, bool path) {
    return path && value.is_string() ? value.get<std::string>() : to_text(value);
}

std::string comparison_text(const std::string& variable, std::string_view name, const Json& value) {
    if (const auto quality = quality_of(name); !quality.empty()) {
        return variable + (value == Json(false) ? " is not " : " is ") + std::string{quality};
    }
    if (name == "StringMatches") return variable + " matches " + operand(value, false);
    for (const std::string_view type : {"String", "Numeric", "Boolean", "Timestamp"}) {
        if (!name.starts_with(type)) continue;
        auto comparison = name.substr(type.size());
        const bool path = comparison.ends_with("Path");
        if (path) comparison.remove_suffix(4);
        return variable + std::string{symbol_of(comparison)} + operand(value, path);
    }
    return variable;
}

void write(const Json& rule, std::string& text);

void write_list(const Json& rules, std::string_view between, std::string& text) {
    bool first = true;
    for (const auto& rule : rules) {
        if (text.size() > enough_bytes) return;
        if (!first) text += between;
        first = false;
        const bool compound = rule.is_object() && (rule.contains("And") || rule.contains("Or"));
        if (compound) text += '(';
        write(rule, text);
        if (compound) text += ')';
    }
}

void write(const Json& rule, std::string& text) {
    if (!rule.is_object() || text.size() > enough_bytes) return;
    if (const auto all = rule.find("And"); all != rule.end()) return write_list(*all, " and ", text);
    if (const auto any = rule.find("Or"); any != rule.end()) return write_list(*any, " or ", text);
    if (const auto inverted = rule.find("Not"); inverted != rule.end()) {
        text += "not (";
        write(*inverted, text);
        text += ')';
        return;
    }
    const auto variable = rule.find("Variable");
    const std::string name = variable != rule.end() && variable->is_string() ? variable->get<std::string>() : "";
    for (const auto& [key, value] : rule.items()) {
        if (data::is_choice_operator(key)) text += comparison_text(name, key, value);
    }
}

}  // namespace

std::string condition_text(const Json& rule) {
    std::string text;
    write(rule, text);
    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size(); i += first_character(std::string_view{text}.substr(i)).bytes) {
        if (++length >= max_length) return text.substr(0, i) + "…";
    }
    return text;
}

}  // namespace pawl::asl
