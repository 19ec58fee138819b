#include "states/asl/fields.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "states/asl/spelling.hpp"
#include "states/asl/template_lint.hpp"

namespace pawl::asl {
namespace {

std::string_view name_of(QueryLanguage language) {
    return language == QueryLanguage::JSONPath ? "JSONPath" : "JSONata";
}

std::string listed(std::initializer_list<std::string_view> names) {
    std::string list;
    for (const auto name : names) list += (list.empty() ? "" : ", ") + std::string{name};
    return "[" + list + "]";
}

// "1.0", "99.5": as Java prints a double of moderate size.
std::string decimal(double value) {
    std::string text = to_text(Json(value));
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

// What does in the other dialect what this field does in its own.
std::string twin_of(std::string_view field) {
    constexpr std::pair<std::string_view, std::string_view> twins[] = {
        {"Arguments", "'Parameters'"}, {"Output", "'ResultSelector', 'ResultPath' and 'OutputPath'"},
        {"Items", "'ItemsPath'"},      {"Condition", "'Variable' and a comparison operator"},
        {"Parameters", "'Arguments'"}, {"ResultSelector", "'Output'"},
        {"ResultPath", "'Output'"},    {"OutputPath", "'Output'"},
        {"Result", "'Output'"},        {"ItemsPath", "'Items'"},
        {"Variable", "'Condition'"},   {"InputPath", "expressions over '$states.input'"}};
    for (const auto& [name, twin] : twins) {
        if (name == field) return std::string{twin};
    }
    return {};
}

}  // namespace

void Fields::allow_only(std::span<const FieldRule> rules) {
    const auto here = language_ == QueryLanguage::JSONPath ? Dialect::JSONPath : Dialect::JSONata;
    const auto other = language_ == QueryLanguage::JSONPath ? QueryLanguage::JSONata : QueryLanguage::JSONPath;
    for (const auto& [name, value] : object_.items()) {
        const auto rule =
            std::find_if(rules.begin(), rules.end(), [&wanted = name](const auto& r) { return r.name == wanted; });
        if (rule != rules.end() && (rule->dialect == Dialect::Both || rule->dialect == here)) continue;
        if (refused_.size() >= Report::max_problems || report_.full()) break;
        refused_.insert(object_.find(name).key());
        if (rule == rules.end()) {
            std::vector<std::string_view> names;
            for (const auto& r : rules) names.push_back(r.name);
            error_here("Field '" + name + "' is not supported", did_you_mean(name, names), name);
            continue;
        }
        const auto twin = twin_of(name);
        error_here("The QueryLanguage is set to '" + std::string{name_of(language_)} + "', but field '" + name +
                       "' is only supported for the '" + std::string{name_of(other)} + "' QueryLanguage",
                   twin.empty() ? "" : "in " + std::string{name_of(language_)} + " use " + twin, name);
    }
}

const Json* Fields::find(std::string_view name) const {
    const auto found = object_.find(name);
    return found == object_.end() || refused_.contains(name) ? nullptr : &*found;
}

bool Fields::is_query(const Json& value) const {
    return language_ == QueryLanguage::JSONata && value.is_string() &&
           data::Query::claims(value.get_ref<const std::string&>());
}

bool Fields::is_expression(std::string_view name) const {
    const Json* value = find(name);
    return value && is_query(*value);
}

std::optional<std::string> Fields::text(std::string_view name) const {
    const Json* value = find(name);
    if (!value) return std::nullopt;
    if (value->is_string()) return value->get<std::string>();
    wrong_type(name, "String");
    return std::nullopt;
}

std::optional<std::string> Fields::non_empty_text(std::string_view name) const {
    auto value = text(name);
    if (value && value->empty()) {
        error(name, "Value cannot be empty");
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> Fields::one_of(std::string_view name, std::initializer_list<std::string_view> values) const {
    auto value = text(name);
    if (!value || std::find(values.begin(), values.end(), *value) != values.end()) return value;
    error(name, "Value should be one of the following: " + listed(values), did_you_mean(*value, values));
    return std::nullopt;
}

std::optional<bool> Fields::flag(std::string_view name) const {
    const Json* value = find(name);
    if (!value) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    wrong_type(name, "Boolean");
    return std::nullopt;
}

std::optional<std::int64_t> Fields::integer(std::string_view name, std::int64_t min, std::int64_t max) const {
    const Json* value = find(name);
    if (!value || is_query(*value)) return std::nullopt;
    if (!value->is_number_integer()) {
        wrong_type(name, "Integer");
        return std::nullopt;
    }
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool huge = value->is_number_unsigned() && value->get<std::uint64_t>() > largest;
    const auto integer = huge ? std::numeric_limits<std::int64_t>::max() : value->get<std::int64_t>();
    if (integer >= min && integer <= max) return integer;
    error(name, integer < min ? "Minimum value is " + std::to_string(min) : "Maximum value is " + std::to_string(max));
    return std::nullopt;
}

std::optional<double> Fields::number(std::string_view name, double min, double max) const {
    const Json* value = find(name);
    if (!value || is_query(*value)) return std::nullopt;
    if (!value->is_number()) {
        wrong_type(name, "Number");
        return std::nullopt;
    }
    const auto number = value->get<double>();
    if (number >= min && number <= max) return number;
    error(name, number < min ? "Minimum value is " + decimal(min) : "Maximum value is " + decimal(max));
    return std::nullopt;
}

const Json* Fields::object(std::string_view name) const {
    const Json* value = find(name);
    if (!value || value->is_object()) return value;
    wrong_type(name, "Object");
    return nullptr;
}

const Json* Fields::list(std::string_view name) const {
    const Json* value = find(name);
    if (!value) return nullptr;
    if (!value->is_array()) {
        wrong_type(name, "Array");
        return nullptr;
    }
    if (!value->empty()) return value;
    error(name, "Value cannot be empty");
    return nullptr;
}

std::optional<data::JsonPath> Fields::path(std::string_view name) const {
    const auto written = text(name);
    if (!written) return std::nullopt;
    auto path = data::JsonPath::compile(*written);
    if (path) return *std::move(path);
    error(name, "Value must be a valid JSONPath.", path.error());
    return std::nullopt;
}

std::optional<data::JsonPath> Fields::reference_path(std::string_view name, Roots roots) const {
    const auto written = text(name);
    if (!written) return std::nullopt;
    if (!written->starts_with('$')) {
        error(name, "Value is not a Reference Path: Reference path didn't start with '$'");
        return std::nullopt;
    }
    auto path = data::JsonPath::compile(*written);
    std::string trouble;
    if (!path) {
        trouble = path.error();
    } else if (path->reads_context() && roots != Roots::Any) {
        trouble = "the context object can not be used here";
    } else if (!path->variable().empty() && roots == Roots::Data) {
        trouble = "variables are written by 'Assign'";
    } else if (!path->single() || (roots == Roots::Data && !path->reference())) {
        trouble = "it must lead to a single place: no wildcards, filters, slices, '..' or functions";
    } else {
        return *std::move(path);
    }
    error(name, "Value is not a Reference Path", std::move(trouble));
    return std::nullopt;
}

std::optional<data::PayloadTemplate> Fields::payload_template(std::string_view name) const {
    const Json* source = object(name);
    if (!source || language_ == QueryLanguage::JSONata) return std::nullopt;
    lint_template(*source, at(name), report_);
    auto compiled = data::PayloadTemplate::compile(*source);
    if (compiled) return *std::move(compiled);
    for (const auto& problem : compiled.error()) {
        if (report_.full()) break;
        const std::string wanted =
            "The value for the field '" + problem.key + "' must be a valid JSONPath or a valid intrinsic function call";
        report_.add({.where = at(name).along(problem.pointer, *source),
                     .message = problem.duplicate ? problem.message : wanted,
                     .hint = problem.duplicate ? "" : problem.message,
                     .member = problem.key});
    }
    return std::nullopt;
}

void Fields::report_problems(std::string_view name, const std::vector<data::QueryProblem>& problems) const {
    for (const auto& problem : problems) {
        if (report_.full()) break;
        report_.add({.where = at(name).along(problem.pointer, *find(name)),
                     .message = problem.message,
                     .hint = problem.unsupported ? "start from $states or from a variable" : "",
                     .code = problem.unsupported ? code::unsupported_jsonata : code::invalid_jsonata});
    }
}

std::optional<data::Query> Fields::query(std::string_view name, data::StatesPart part) const {
    const auto written = text(name);
    if (!written) return std::nullopt;
    auto query = data::Query::compile(*written, at(name).in_state(), part);
    if (query) return *std::move(query);
    report_problems(name, query.error());
    return std::nullopt;
}

std::optional<data::QueryTemplate> Fields::query_template(std::string_view name, data::StatesPart part) const {
    const Json* source = find(name);
    if (!source || language_ != QueryLanguage::JSONata) return std::nullopt;
    auto compiled = data::QueryTemplate::compile(*source, at(name).in_state(), part);
    if (compiled) return *std::move(compiled);
    report_problems(name, compiled.error());
    return std::nullopt;
}

std::optional<Template> Fields::object_template(std::string_view name, data::StatesPart part) const {
    if (language_ == QueryLanguage::JSONPath) {
        auto compiled = payload_template(name);
        return compiled ? std::optional{Template{*std::move(compiled)}} : std::nullopt;
    }
    if (!is_expression(name) && !object(name)) return std::nullopt;
    auto compiled = query_template(name, part);
    return compiled ? std::optional{Template{*std::move(compiled)}} : std::nullopt;
}

ValueOrPath<std::int64_t> Fields::integer_or_path(std::string_view name, std::int64_t min, std::int64_t max) const {
    const std::string path_name = std::string{name} + "Path";
    ValueOrPath<std::int64_t> held;
    if (!at_most_one({name, path_name})) return held;
    if (is_expression(name)) {
        if (auto expression = query(name)) held.held = *std::move(expression);
        return held;
    }
    if (auto value = integer(name, min, max)) held.held = *value;
    if (auto path = reference_path(path_name)) held.held = *std::move(path);
    return held;
}

bool Fields::require(std::initializer_list<std::string_view> names) const {
    std::string missing;
    for (const auto name : names) {
        if (!object_.contains(name)) missing += (missing.empty() ? "" : ", ") + std::string{name};
    }
    if (missing.empty()) return true;
    error_here("These fields are required: [" + missing + "]");
    return false;
}

bool Fields::at_most_one(std::initializer_list<std::string_view> names) const {
    std::string_view last;
    int present = 0;
    for (const auto name : names) {
        if (!has(name)) continue;
        last = name;
        ++present;
    }
    if (present <= 1) return true;
    error_here("There should only be one of the following fields: " + listed(names), {}, last);
    return false;
}

bool Fields::exactly_one(std::initializer_list<std::string_view> names) const {
    if (!at_most_one(names)) return false;
    if (std::any_of(names.begin(), names.end(), [&](auto name) { return object_.contains(name); })) return true;
    error_here("This object should have only one of the following fields: " + listed(names));
    return false;
}

void Fields::wrong_type(std::string_view name, std::string_view type) const {
    error(name, "Expected value of type " + std::string{type});
}

void Fields::error(std::string_view name, std::string message, std::string hint) const {
    report_.add({.where = at(name), .message = std::move(message), .hint = std::move(hint)});
}

void Fields::error_here(std::string message, std::string hint, std::string_view member) const {
    report_.add(
        {.where = place_, .message = std::move(message), .hint = std::move(hint), .member = std::string{member}});
}

}  // namespace pawl::asl
