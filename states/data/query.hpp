// JSONata in a definition: a text `{% … %}`, and JSON whose texts may be such. The results differ from JSONata alone in
// that nothing (undefined) is an error, and errors are told in AWS's sentences.
// Spec: AWS Step Functions Developer Guide, "Transforming data with JSONata in Step Functions".
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "states/data/scope.hpp"
#include "states/jsonata/jsonata.hpp"
#include "states/result.hpp"

namespace pawl::data {

// What `$states` holds besides `input` and `context`, by where the expression stands.
enum class StatesPart : std::uint8_t { None, Result, ErrorOutput };

// What the expressions of one visit to a state may read. Nothing here is owned; it lives for one evaluation.
struct QueryScope {
    const Json& input;  // $states.input
    StatesPart part = StatesPart::None;
    const Json* extra = nullptr;           // $states.result or $states.errorOutput, as `part` says
    std::function<const Json&()> context;  // $states.context, built at the first look
    FindVariable variable;
    SeededRandom& random;
    Instant now;
    const jsonata::Limits& limits;
};

struct QueryFailure {
    std::string location;  // "Arguments/items[2]"; empty: no field is to blame
    std::string text;      // "The JSONata expression '…' specified for the field '…' returned nothing (undefined)."
};

struct QueryProblem {
    std::string pointer;       // JSON pointer from the field to the text
    std::string message;       // AWS's sentence where one is known
    bool unsupported = false;  // valid JSONata, but not here
};

// What a field wants of its expression.
enum class Wanted : std::uint8_t { Anything, Number, String, Boolean, Array };

class Query {
  public:
    // Does the text claim to be an expression, at either end?
    static bool claims(std::string_view text);
    // `location`: the field in the state, "Output/v" or "Choices[0]/Condition".
    static Result<Query, std::vector<QueryProblem>> compile(std::string_view text, std::string location,
                                                            StatesPart part = StatesPart::None);

    Result<Json, QueryFailure> evaluate(const QueryScope& scope, Wanted wanted = Wanted::Anything) const;
    // A sentence about the value that the expression gave: "… returned " + what.
    QueryFailure returned(std::string_view what) const;

    const std::string& text() const;  // without the {% %} and the blanks inside them
    const std::string& location() const;
    std::span<const std::string> variables() const;  // that it reads, without `$states` and the functions'
    // It is `$states.input` or, with a result, `$states.result`: the value needs no evaluation.
    bool is_input() const;
    bool is_extra() const;

  private:
    struct Compiled;
    explicit Query(std::shared_ptr<const Compiled> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<const Compiled> compiled_;
};

// Arguments, Output, Assign, ItemSelector, …: any JSON with expressions at any depth, also inside arrays.
class QueryTemplate {
  public:
    static Result<QueryTemplate, std::vector<QueryProblem>> compile(const Json& source, const std::string& location,
                                                                    StatesPart part = StatesPart::None);

    Result<Json, QueryFailure> evaluate(const QueryScope& scope) const;
    const Json& source() const;
    // The one expression that the whole template is; null: it is more than that.
    const Query* whole() const;
    std::vector<std::string> variables() const;

  private:
    struct Compiled;
    explicit QueryTemplate(std::shared_ptr<const Compiled> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::data
