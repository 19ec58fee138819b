#include "states/data/choice_rule.hpp"

#include <algorithm>
#include <variant>

#include "states/data/choice_operators.hpp"
#include "states/error_names.hpp"

namespace pawl::data {
namespace {

struct Comparison {
    JsonPath variable;
    const ChoiceOperator* op;
    Comparand with;
};
struct Condition;
struct And {
    std::vector<Condition> parts;
};
struct Or {
    std::vector<Condition> parts;
};
struct Not {
    std::vector<Condition> part;  // one
};
struct Condition {
    std::variant<Comparison, And, Or, Not> held;
};

bool is_caller_field(std::string_view key) { return key == "Next" || key == "Comment" || key == "Assign"; }
bool is_connective(std::string_view key) { return key == "And" || key == "Or" || key == "Not"; }

class Compiler {
  public:
    // Nothing when there was a problem.
    std::optional<Condition> compile(const Json& rule, const std::string& pointer) {
        if (!rule.is_object()) return problem(pointer, "a rule must be a JSON object");
        std::vector<std::string> connectives;
        std::vector<std::string> operators;
        for (const auto& [key, value] : rule.get_ref<const Json::object_t&>()) {
            if (is_connective(key)) {
                connectives.push_back(key);
            } else if (is_choice_operator(key)) {
                operators.push_back(key);
            } else if (key != "Variable" && !is_caller_field(key)) {
                problem(pointer + "/" + key, "the field '" + key + "' is not known");
            }
        }
        const bool compares = rule.contains("Variable") || !operators.empty();
        if (connectives.size() + (compares ? 1 : 0) > 1) {
            return problem(pointer, "a rule must have exactly one comparison, And, Or or Not");
        }
        if (!connectives.empty()) return connective(connectives.front(), rule, pointer);
        return comparison(operators, rule, pointer);
    }
    std::vector<ChoiceProblem> problems;

  private:
    std::nullopt_t problem(const std::string& pointer, std::string message) {
        problems.push_back({pointer, std::move(message)});
        return std::nullopt;
    }

    std::optional<Condition> connective(const std::string& key, const Json& rule, const std::string& pointer) {
        const Json& held = rule[key];
        const auto at = pointer + "/" + key;
        if (key == "Not") {
            auto part = compile(held, at);
            if (!part) return std::nullopt;
            return Condition{Not{{*std::move(part)}}};
        }
        if (!held.is_array() || held.empty()) return problem(at, key + " must be an array of at least one rule");
        std::vector<Condition> parts;
        for (std::size_t i = 0; i < held.size(); ++i) {
            if (auto part = compile(held[i], at + "/" + std::to_string(i))) parts.push_back(*std::move(part));
        }
        if (parts.size() < held.size()) return std::nullopt;
        if (key == "And") return Condition{And{std::move(parts)}};
        return Condition{Or{std::move(parts)}};
    }

    std::optional<Condition> comparison(const std::vector<std::string>& operators, const Json& rule,
                                        const std::string& pointer) {
        auto path = variable(rule, pointer);
        if (operators.empty()) return problem(pointer, "a rule must have a comparison operator");
        if (operators.size() > 1) return problem(pointer, "a rule must have exactly one comparison operator");
        const auto* op = find_choice_operator(operators.front());
        auto with = read_comparand(*op, rule[operators.front()]);
        if (!with) return problem(pointer + "/" + operators.front(), with.error());
        if (!path) return std::nullopt;
        return Condition{Comparison{*std::move(path), op, *std::move(with)}};
    }

    std::optional<JsonPath> variable(const Json& rule, const std::string& pointer) {
        const auto& members = rule.get_ref<const Json::object_t&>();
        const auto found = members.find("Variable");
        if (found == members.end()) return problem(pointer, "a rule must have a Variable");
        const auto at = pointer + "/Variable";
        if (!found->second.is_string()) return problem(at, "must be a string that holds a reference path");
        auto path = JsonPath::compile(found->second.get_ref<const std::string&>());
        if (!path) return problem(at, "Value is not a Reference Path: " + path.error());
        if (!path->single()) return problem(at, "Value is not a Reference Path: it may select several values");
        return *std::move(path);
    }
};

// Thrown where a path selects nothing, caught in ChoiceRule::evaluate.
struct NoValue {
    const JsonPath& path;
};

class Evaluation {
  public:
    explicit Evaluation(const Scope& scope) : scope_{scope} {}

    bool operator()(const Comparison& test) const {
        const auto value = test.variable.select(scope_);
        if (test.op->comparing == Comparing::present) return static_cast<bool>(value) == std::get<bool>(test.with);
        if (!value || test.variable.reads_null_input(scope_)) throw NoValue{test.variable};
        const auto* path = std::get_if<JsonPath>(&test.with);
        if (path == nullptr) return compare(*test.op, **value, test.with);
        const auto other = path->select(scope_);
        if (!other || path->reads_null_input(scope_)) throw NoValue{*path};
        const auto with = as_comparand(*test.op, **other);
        return with && compare(*test.op, **value, *with);
    }
    bool operator()(const And& all) const {
        return std::all_of(all.parts.begin(), all.parts.end(), [&](const Condition& part) { return holds(part); });
    }
    bool operator()(const Or& any) const {
        return std::any_of(any.parts.begin(), any.parts.end(), [&](const Condition& part) { return holds(part); });
    }
    bool operator()(const Not& none) const { return !holds(none.part.front()); }

  private:
    bool holds(const Condition& condition) const { return std::visit(*this, condition.held); }

    const Scope& scope_;
};

void collect(const Condition& condition, std::vector<JsonPath>& paths) {
    if (const auto* test = std::get_if<Comparison>(&condition.held)) {
        paths.push_back(test->variable);
        if (const auto* path = std::get_if<JsonPath>(&test->with)) paths.push_back(*path);
    }
    const auto collect_all = [&](const std::vector<Condition>& parts) {
        for (const auto& part : parts) collect(part, paths);
    };
    if (const auto* all = std::get_if<And>(&condition.held)) collect_all(all->parts);
    if (const auto* any = std::get_if<Or>(&condition.held)) collect_all(any->parts);
    if (const auto* none = std::get_if<Not>(&condition.held)) collect_all(none->part);
}

}  // namespace

struct ChoiceRule::Compiled {
    Condition condition;
};

bool is_choice_operator(std::string_view name) { return find_choice_operator(name) != nullptr; }

Result<ChoiceRule, std::vector<ChoiceProblem>> ChoiceRule::compile(const Json& rule) {
    Compiler compiler;
    auto condition = compiler.compile(rule, "");
    if (!condition || !compiler.problems.empty()) return std::move(compiler.problems);
    return ChoiceRule{std::make_shared<const Compiled>(Compiled{*std::move(condition)})};
}

Result<bool> ChoiceRule::evaluate(const Scope& scope) const {
    try {
        return std::visit(Evaluation{scope}, compiled_->condition.held);
    } catch (const NoValue& none) {
        if (none.path.reads_null_input(scope)) {
            return AslError{std::string{error::runtime}, std::string{null_input_text}};
        }
        return AslError{
            std::string{error::runtime},
            "Invalid path '" + none.path.text() + "': The choice state's condition path references an invalid value."};
    }
}

std::vector<JsonPath> ChoiceRule::paths() const {
    std::vector<JsonPath> paths;
    collect(compiled_->condition, paths);
    return paths;
}

}  // namespace pawl::data
