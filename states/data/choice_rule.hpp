// The condition of a Choice rule in the JSONPath dialect: one of 39 comparison operators on a Variable, or And, Or,
// Not over conditions. Spec: states-language.net, "Choice State".
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "states/data/json_path.hpp"

namespace pawl::data {

struct ChoiceProblem {
    std::string pointer;  // JSON pointer from the rule to the place, "" for the rule itself
    std::string message;
};

// Is this the name of an operator ("StringEquals", "IsPresent", …)? And, Or and Not are none.
bool is_choice_operator(std::string_view name);

class ChoiceRule {
  public:
    // `rule` is one element of Choices, or of an And/Or, or what a Not holds. `Next`, `Comment` and `Assign` are
    // the caller's to read: here they are skipped. All problems, not the first.
    static Result<ChoiceRule, std::vector<ChoiceProblem>> compile(const Json& rule);
    // Does it hold? Errors: States.Runtime for a Variable (or …Path) that selects nothing, but for IsPresent.
    Result<bool> evaluate(const Scope& scope) const;
    std::vector<JsonPath> paths() const;

  private:
    struct Compiled;
    explicit ChoiceRule(std::shared_ptr<const Compiled> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::data
