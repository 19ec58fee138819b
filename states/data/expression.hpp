// What may stand behind a key that ends in `.$`: a JSONPath or a call of an intrinsic function.
// Spec: states-language.net, "Payload Template", "Intrinsic Functions".
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "states/data/json_path.hpp"

namespace pawl::data {

// `States.Name(argument, …)`. Nested calls are at most 10 deep.
class IntrinsicCall {
  public:
    static Result<IntrinsicCall, std::string> compile(std::string_view text);
    const std::string& text() const;
    // An error is States.IntrinsicFailure (or States.Runtime for a path that selects nothing) with AWS's sentence,
    // without the "An error occurred while executing the state" that the interpreter puts in front.
    Result<Json> evaluate(const Scope& scope) const;
    Result<Json> evaluate(const Scope& scope, Work& work) const;  // on a shared account
    // The paths in it, nested calls included.
    std::vector<JsonPath> paths() const;

  private:
    struct Compiled;
    explicit IntrinsicCall(std::shared_ptr<const Compiled> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<const Compiled> compiled_;
};

class Expression {
  public:
    static Result<Expression, std::string> compile(std::string_view text);
    const std::string& text() const;
    // `field` is how the definition names the place, for the sentence of an error: "value.$", "CausePath".
    Result<Selection> evaluate(const Scope& scope, std::string_view field) const;
    Result<Selection> evaluate(const Scope& scope, std::string_view field, Work& work) const;  // on a shared account
    std::vector<JsonPath> paths() const;
    const JsonPath* path() const { return std::get_if<JsonPath>(&held_); }  // null: an intrinsic

  private:
    explicit Expression(std::variant<JsonPath, IntrinsicCall> held) : held_{std::move(held)} {}
    std::variant<JsonPath, IntrinsicCall> held_;
};

}  // namespace pawl::data
