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

    // What expressions read when `$` is `input`. Both outlive the scope.
    data::Scope scope(const Json& input);
    const Json& context();  // `$$`
    // What `$$` shows from a child of this visit: of a Map, the iteration's item.
    void look_from(FrameId child);
    // Tells the context object the token of the task that is about to be scheduled.
    void announce_task();

    // "An error occurred while executing the state 'X' (entered at the event id #2). " in front of the cause.
    AslError explain(AslError error) const;
    AslError runtime_error(std::string text) const;
    AslError too_large(std::string_view what) const;

    // InputPath, then Parameters.
    Result<Payload> effective_input();
    Result<Payload> input_path();
    Result<Payload> evaluate(const data::PayloadTemplate& payload_template, const Payload& input);
    // What the "…Path" twin of a field selects in `input`.
    Result<Json> select(const data::JsonPath& path, const Json& input);

    // From a result to leaving the state: ResultSelector, Assign, ResultPath, OutputPath, size.
    Step complete(const Payload& result, std::string_view next);
    // The same for states that pass their input on (Choice, Wait, Succeed): only Assign and OutputPath.
    Step pass_on(const Payload& effective_input, std::string_view next,
                 const std::optional<data::PayloadTemplate>& assign);
    // A Catcher's way out.
    Step caught(const asl::Catcher& catcher, const AslError& error);

  private:
    Result<Payload> apply(const asl::Filter& filter, const Payload& input);
    Result<Payload> merge(const asl::ResultPath& result_path, const Payload& result);
    Result<Assigned> assign(const std::optional<data::PayloadTemplate>& payload_template, const Payload& input);
    Step leave(const Payload& output, std::string_view next, Assigned assigned);

    FrameId viewpoint_;
    std::optional<Json> context_;
    std::optional<std::string> token_;
};

}  // namespace pawl
