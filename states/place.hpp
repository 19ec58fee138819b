// One visit to one state, as the state's code sees it: what it may read, and the data flow that all states share.
// Spec: states-language.net, "Input and Output Processing".
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "states/step.hpp"
#include "states/turn.hpp"

namespace pawl {

class Place {
  public:
    Place(Turn& turn, FrameId frame);

    Turn& turn;
    const FrameId frame;
    const asl::State& state;

    const Visit& visit() const { return turn.visit(frame); }
    const Payload& raw_input() const { return visit().input; }

    // What JSONPath reads when `$` is `input`. Both outlive the scope.
    data::Scope scope(const Json& input);
    // What JSONata reads; `extra` is $states.result or $states.errorOutput, as `part` says, and outlives the scope.
    data::QueryScope query_scope(data::StatesPart part = data::StatesPart::None, const Json* extra = nullptr);
    bool jsonata() const { return state.query_language == asl::QueryLanguage::JSONata; }
    const Json& context();  // `$$`
    // What `$$` shows from a child of this visit: of a Map, the iteration's item.
    void look_from(FrameId child);
    // Tells the context object the token of the task that is about to be scheduled.
    void announce_task();

    // "An error occurred while executing the state 'X' (entered at the event id #2). " in front of the cause.
    AslError explain(AslError error) const;
    AslError runtime_error(std::string text) const;
    AslError too_large(std::string_view what) const;

    // InputPath, then Parameters or Arguments.
    Result<Payload> effective_input();
    Result<Payload> parameters(const Payload& input);  // the second step alone
    Result<Payload> input_path();
    // `input` is what `$` means in JSONPath.
    Result<Payload> evaluate(const asl::Template& expressions, const Payload& input);
    Result<Payload> evaluate(const data::PayloadTemplate& payload_template, const Payload& input);
    // What the "…Path" twin of a field selects in `input`.
    Result<Json> select(const data::JsonPath& path, const Json& input);
    // JSONata: a field's expression. An error has been recorded as EvaluationFailed.
    Result<Json> query(const data::Query& query, data::Wanted wanted);
    Result<std::int64_t> whole_number(const data::Query& query, std::int64_t min, std::int64_t max);
    Result<double> number(const data::Query& query, std::int64_t min, std::int64_t max);
    AslError evaluation_failed(data::QueryFailure failure);

    // Tells what a step of the data flow came to, when somebody wants to know.
    void note(std::string_view step, const Payload& value) const;

    // From a result to leaving the state: ResultSelector, Assign, ResultPath, OutputPath or Output, size.
    Step complete(const Payload& result, std::string_view next);
    // The same for states that pass their input on (Choice, Wait, Succeed): only Assign and OutputPath or Output.
    Step pass_on(const Payload& effective_input, std::string_view next, const std::optional<asl::Template>& assign,
                 const std::optional<data::QueryTemplate>& output);
    // A Catcher's way out.
    Step caught(const asl::Catcher& catcher, const AslError& error);

  private:
    // What Assign and Output read besides the input: `$` in JSONPath, a part of $states in JSONata.
    struct Outcome {
        const Payload& value;
        data::StatesPart part;
    };
    Result<Payload> apply(const asl::Filter& filter, const Payload& input);
    Result<Payload> merge(const asl::ResultPath& result_path, const Payload& result);
    Result<Payload> evaluate(const data::QueryTemplate& queries, const data::QueryScope& scope);
    Result<Assigned> assign(const std::optional<asl::Template>& expressions, Outcome outcome);
    AslError out_of_range(const data::Query& query, const Json& value, std::int64_t min, std::int64_t max);
    std::size_t variable_bytes() const;
    Result<Payload> output(const std::optional<data::QueryTemplate>& queries, Outcome outcome);
    Step leave(const Payload& output, std::string_view next, Assigned assigned);
    Step leave_with(const std::optional<asl::Template>& assign, const std::optional<data::QueryTemplate>& output,
                    Outcome outcome, std::string_view next);

    FrameId viewpoint_;
    std::optional<Json> context_;
    std::optional<std::string> token_;
};

}  // namespace pawl
