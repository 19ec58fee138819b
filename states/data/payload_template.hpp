// Parameters, ResultSelector, ItemSelector, Assign: JSON in which keys ending in `.$` hold expressions, at any depth
// of objects, also of objects inside arrays. Spec: states-language.net, "Payload Template".
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "states/data/expression.hpp"

namespace pawl::data {

struct TemplateProblem {
    std::string pointer;  // JSON pointer from the template's root to the object that holds the key
    std::string key;      // "name.$"
    std::string message;
    bool duplicate = false;  // the key without `.$` is there already
};

class PayloadTemplate {
  public:
    // All problems, not the first.
    static Result<PayloadTemplate, std::vector<TemplateProblem>> compile(const Json& source);
    const Json& source() const;
    // Errors: States.Runtime or States.IntrinsicFailure, in AWS's words (see Expression, IntrinsicCall).
    Result<Json> evaluate(const Scope& scope) const;
    std::vector<JsonPath> paths() const;

  private:
    struct Compiled;
    explicit PayloadTemplate(std::shared_ptr<const Compiled> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::data
