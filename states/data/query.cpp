#include "states/data/query.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace pawl::data {
namespace {

constexpr std::string_view opening = "{%";
constexpr std::string_view closing = "%}";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view extra_name(StatesPart part) {
    switch (part) {
        case StatesPart::Result:
            return "result";
        case StatesPart::ErrorOutput:
            return "errorOutput";
        case StatesPart::None:
            break;
    }
    return {};
}

// What a reference reads that can't be read here; empty: it may.
std::string out_of_reach(const jsonata::Reference& reference, StatesPart part) {
    if (reference.name == "$") return "Reference to '$$' is not supported.";
    if (reference.name.empty()) {
        return "Reference to '" + (reference.path.empty() ? "$" : reference.path.front()) +
               "' at the top level is not supported.";
    }
    if (reference.name != "states" || reference.path.empty()) return {};
    const auto& field = reference.path.front();
    if (field == "input" || field == "context" || field == extra_name(part)) return {};
    return "Field '$states." + field + "' does not exist.";
}

std::string_view type_name(const Json& value) {
    if (value.is_null()) return "null";
    if (value.is_boolean()) return "boolean";
    if (value.is_number()) return "number";
    if (value.is_string()) return "string";
    return value.is_array() ? "array" : "object";
}

std::string_view wanted_name(Wanted wanted) {
    constexpr std::array<std::string_view, 5> names = {"", "number", "string", "boolean", "array"};
    return names[static_cast<std::size_t>(wanted)];
}

// The functions that a name may stand for are no variables of the workflow.
bool is_variable(const jsonata::Reference& reference) {
    return !reference.name.empty() && reference.name != "$" && reference.name != "states";
}

}  // namespace

struct Query::Compiled {
    std::string text;
    std::string location;
    StatesPart part = StatesPart::None;
    jsonata::Expression expression;
    std::vector<std::string> variables = {};
    bool reads_states = false;
    bool reads_context = false;
    std::string only_field = {};  // "input" when the text is `$states.input`
};

bool Query::claims(std::string_view text) { return text.starts_with(opening) || text.ends_with(closing); }

Result<Query, std::vector<QueryProblem>> Query::compile(std::string_view text, std::string location, StatesPart part) {
    using Problems = std::vector<QueryProblem>;
    const bool closed =
        text.size() >= opening.size() + closing.size() && text.starts_with(opening) && text.ends_with(closing);
    if (!closed) {
        return Problems{
            {"", "A JSONata expression must begin with '{%' and end with '%}', without blanks around.", false}};
    }
    const auto inside = trimmed(text.substr(opening.size(), text.size() - opening.size() - closing.size()));
    auto expression = jsonata::Expression::compile(inside, {.coalescing_operators = false, .eval = false});
    if (!expression) return Problems{{"", expression.error().message, false}};

    Compiled compiled{std::string{inside}, std::move(location), part, *std::move(expression)};
    Problems problems;
    std::set<std::string> told;  // a name that is written twice is one problem
    for (const auto& reference : compiled.expression.references()) {
        if (auto trouble = out_of_reach(reference, part); !trouble.empty()) {
            if (told.insert(trouble).second) problems.push_back({"", std::move(trouble), true});
        } else if (reference.name == "states") {
            compiled.reads_states = true;
            if (reference.path.empty() || reference.path.front() == "context") compiled.reads_context = true;
        } else if (is_variable(reference)) {
            compiled.variables.push_back(reference.name);
        }
    }
    if (!problems.empty()) return problems;
    auto& names = compiled.variables;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    constexpr std::string_view states = "$states.";
    if (inside == "$states.input") compiled.only_field = "input";
    if (inside.starts_with(states) && inside.substr(states.size()) == extra_name(part))
        compiled.only_field = extra_name(part);
    return Query{std::make_shared<const Compiled>(std::move(compiled))};
}

Result<Json, QueryFailure> Query::evaluate(const QueryScope& scope, Wanted wanted) const {
    const auto& query = *compiled_;
    std::array<jsonata::Binding, 3> states;
    std::size_t fields = 0;
    if (query.reads_states) {
        states[fields++] = {"input", &scope.input};
        if (query.reads_context) states[fields++] = {"context", &scope.context()};
        if (scope.extra) states[fields++] = {extra_name(scope.part), scope.extra};
    }
    std::vector<jsonata::Binding> bindings;
    bindings.reserve(query.variables.size() + 1);
    for (const auto& name : query.variables) {
        if (const Json* value = scope.variable(name)) bindings.push_back({name, value});
    }
    if (fields > 0) bindings.push_back({"states", nullptr, std::span{states.data(), fields}});

    jsonata::Environment environment;
    environment.now_ms = scope.now.time_since_epoch().count();
    environment.seed = scope.random.next();
    environment.limits = scope.limits;
    environment.non_finite = jsonata::NonFinite::as_text;
    auto result = query.expression.evaluate(nullptr, bindings, environment);
    if (!result) {
        const auto& error = result.error();
        const bool limit = error.code == "U1001";
        return QueryFailure{query.location, "The JSONata expression '" + query.text + "' specified for the field '" +
                                                query.location + "' threw an error during evaluation" +
                                                (limit ? ": " : ". " + error.code + ": ") + error.message};
    }
    if (!*result) return returned("nothing (undefined).");
    auto& value = **result;
    if (wanted != Wanted::Anything && type_name(value) != wanted_name(wanted)) {
        return returned("an unexpected result type. Expected '" + std::string{wanted_name(wanted)} + "', but was '" +
                        std::string{type_name(value)} + "' for value: " + to_text(value));
    }
    return std::move(value);
}

QueryFailure Query::returned(std::string_view what) const {
    return {compiled_->location, "The JSONata expression '" + compiled_->text + "' specified for the field '" +
                                     compiled_->location + "' returned " + std::string{what}};
}

const std::string& Query::text() const { return compiled_->text; }
const std::string& Query::location() const { return compiled_->location; }
std::span<const std::string> Query::variables() const { return compiled_->variables; }
bool Query::is_input() const { return compiled_->only_field == "input"; }
bool Query::is_extra() const { return !compiled_->only_field.empty() && !is_input(); }

}  // namespace pawl::data
