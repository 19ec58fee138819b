// Choice: rules, their targets, the default. Conditions are compiled by states/data.
// Spec: states-language.net, "Choice State".
#include <array>
#include <utility>

#include "states/asl/parser.hpp"
#include "states/asl/template_lint.hpp"

namespace pawl::asl {
namespace {

// What the state reads of a rule itself; the rest is the condition.
constexpr std::array<std::string_view, 5> own_keys = {"Next", "Comment", "Assign", "Condition", "Output"};

constexpr std::string_view any_rule = R"({"Variable": "$", "IsPresent": true})";

void warn_of_literal_paths(const Json& rule, const Place& place, Report& report) {
    for (const auto& [key, value] : rule.items()) {
        const bool literal = data::is_choice_operator(key) && !key.ends_with("Path") && value.is_string();
        if (!literal || !looks_evaluated(value.get_ref<const std::string&>())) continue;
        report.add({.where = place.at(key),
                    .message = "The value of '" + key + "' looks like a path, but it is compared literally",
                    .hint = key == "StringMatches" ? "" : "name the operator '" + key + "Path' to have it evaluated",
                    .code = code::no_path,
                    .severity = Severity::Warning});
    }
}

std::optional<data::ChoiceRule> read_comparison(StateReader& reader, const Fields& rule) {
    Report& report = reader.parser.report;
    const auto before = report.size();
    check_rule_shape(rule);
    if (report.size() != before || report.full()) return std::nullopt;
    Json condition = rule.object();
    for (const auto key : own_keys) condition.erase(std::string{key});
    warn_of_literal_paths(condition, rule.place(), report);
    auto compiled = data::ChoiceRule::compile(condition);
    if (compiled) return *std::move(compiled);
    const auto known = report.size();
    for (const auto& problem : compiled.error()) {
        if (report.full()) break;
        report.add({.where = rule.place().along(problem.pointer, condition), .message = problem.message});
    }
    // Only values that are open are wrong: there is a rule, though it can't be said which.
    if (report.size() == known && !report.full()) return *data::ChoiceRule::compile(*parse_json(any_rule));
    return std::nullopt;
}

std::optional<std::variant<data::ChoiceRule, data::Query, bool>> read_condition(StateReader& reader,
                                                                                const Fields& rule) {
    if (reader.json_path()) {
        auto comparison = read_comparison(reader, rule);
        if (!comparison) return std::nullopt;
        return *std::move(comparison);
    }
    if (!rule.require({"Condition"})) return std::nullopt;
    const Json* condition = rule.find("Condition");
    if (condition && condition->is_boolean()) return condition->get<bool>();
    if (condition && rule.report().open(rule.at("Condition"))) return true;  // there is one, though not known yet
    if (!rule.is_expression("Condition")) {
        rule.wrong_type("Condition", "Boolean");
        return std::nullopt;
    }
    auto query = rule.query("Condition");
    if (!query) return std::nullopt;
    return *std::move(query);
}

void read_rule(StateReader& reader, const Json& source, Place place, Choice& choice) {
    if (!source.is_object()) {
        reader.parser.report.add({.where = std::move(place), .message = "Expected value of type Object"});
        return;
    }
    const Fields rule{reader.parser.report, source, std::move(place), reader.fields.language()};
    rule.require({"Next"});
    rule.text("Comment");
    std::string next = reader.target(rule, "Next");
    auto output = rule.query_template("Output");
    auto assign = parse_assign(reader, rule, data::StatesPart::None);
    auto condition = read_condition(reader, rule);
    if (!condition) return;
    auto shown = reader.json_path() ? condition_text(source) : to_text(source.at("Condition"));
    if (const auto* query = std::get_if<data::Query>(&*condition)) shown = query->text();
    choice.choices.push_back(
        {*std::move(condition), std::move(next), std::move(assign), std::move(output), std::move(shown)});
}

}  // namespace

Choice parse_choice(StateReader& reader) {
    const Fields& fields = reader.fields;
    Choice choice;
    fields.require({"Choices"});
    if (const Json* rules = fields.list("Choices")) {
        const Place place = fields.at("Choices");
        std::size_t index = 0;
        for (const auto& rule : *rules) read_rule(reader, rule, place.at(index++), choice);
    }
    choice.default_next = reader.target(fields, "Default");
    return choice;
}

}  // namespace pawl::asl
