#include "states/place.hpp"

#include "states/data/context_object.hpp"
#include "states/error_names.hpp"

namespace pawl {

Place::Place(Turn& t, FrameId f) : turn{t}, frame{f}, state{t.state(t.visit(f))}, viewpoint_{f} {}

data::Scope Place::scope(const Json& input) {
    return {input, [this]() -> const Json& { return context(); },
            [this](std::string_view name) { return data::find_variable(turn.execution(), frame, name); }, turn.random()};
}

const Json& Place::context() {
    if (!context_) context_ = data::context_object(turn.execution(), turn.visit(frame), viewpoint_, token_);
    return *context_;
}

void Place::look_from(FrameId child) {
    viewpoint_ = child;
    context_.reset();
}

void Place::announce_task() {
    token_ = turn.surroundings().task_token(turn.execution().identity, turn.next_event());
    context_.reset();
}

AslError Place::explain(AslError error) const {
    const auto& v = visit();
    error.cause = "An error occurred while executing the state '" + v.state + "' (entered at the event id #" +
                  std::to_string(v.entered_event) + "). " + error.cause.value_or("");
    return error;
}

AslError Place::runtime_error(std::string text) const {
    return explain({std::string{error::runtime}, std::move(text)});
}

AslError Place::too_large(std::string_view what) const {
    return {std::string{error::data_limit_exceeded},
            "The state/task '" + std::string{what} +
                "' returned a result with a size exceeding the maximum number of bytes service limit."};
}

Result<Json> Place::select(const data::JsonPath& path, const Json& input) {
    const auto selected = path.select(scope(input));
    if (!selected) return runtime_error("Invalid path '" + path.text() + "' : " + selected.error().message);
    return **selected;
}

Result<Payload> Place::apply(const asl::Filter& filter, const Payload& input) {
    if (filter.null) return Payload{};
    if (!filter.path || filter.path->text() == "$") return input;
    auto selected = select(*filter.path, input.json());
    if (!selected) return std::move(selected).error();
    return Payload::from_json(*std::move(selected));
}

Result<Payload> Place::evaluate(const data::PayloadTemplate& payload_template, const Payload& input) {
    auto value = payload_template.evaluate(scope(input.json()));
    if (!value) return explain(std::move(value).error());
    return Payload::from_json(*std::move(value));
}

Result<Payload> Place::input_path() { return apply(state.input_path, raw_input()); }

Result<Payload> Place::effective_input() {
    auto input = input_path();
    if (!input || !state.parameters) return input;
    return evaluate(*state.parameters, *input);
}

Result<Payload> Place::merge(const asl::ResultPath& result_path, const Payload& result) {
    if (result_path.discard) return raw_input();
    if (!result_path.path || result_path.path->text() == "$") return result;
    auto merged = result_path.path->assign(raw_input().json(), result.json());
    if (!merged) {
        return explain({std::string{error::result_path_match_failure},
                        "Unable to apply ReferencePath " + result_path.path->text() + " to input " +
                            raw_input().text()});
    }
    return Payload::from_json(*std::move(merged));
}

Result<Assigned> Place::assign(const std::optional<data::PayloadTemplate>& payload_template, const Payload& input) {
    Assigned assigned;
    if (!payload_template) return assigned;
    const auto values = payload_template->evaluate(scope(input.json()));
    if (!values) return explain(values.error());
    for (const auto& [name, value] : values->items()) assigned.emplace_back(name, Payload::from_json(value));
    return assigned;
}

Step Place::leave(const Payload& output, std::string_view next, Assigned assigned) {
    if (output.size_bytes() > turn.limits().payload_bytes) return Raise{too_large(state.name), false, true};
    if (!output.same(raw_input()) && too_deep(output.text())) {
        return Raise{runtime_error("The output is nested more than " + std::to_string(max_json_depth) +
                                   " levels deep.")};
    }
    return Advance{output, std::string{next}, std::move(assigned)};
}

Step Place::complete(const Payload& result, std::string_view next) {
    auto assigned = assign(state.assign, result);
    if (!assigned) return Raise{std::move(assigned).error()};
    auto selected = state.result_selector ? evaluate(*state.result_selector, result) : Result<Payload>{result};
    if (!selected) return Raise{std::move(selected).error()};
    auto merged = merge(state.result_path, *selected);
    if (!merged) return Raise{std::move(merged).error()};
    auto output = apply(state.output_path, *merged);
    if (!output) return Raise{std::move(output).error()};
    return leave(*output, next, *std::move(assigned));
}

Step Place::pass_on(const Payload& effective_input, std::string_view next,
                    const std::optional<data::PayloadTemplate>& assignment) {
    auto assigned = assign(assignment, effective_input);
    if (!assigned) return Raise{std::move(assigned).error()};
    auto output = apply(state.output_path, effective_input);
    if (!output) return Raise{std::move(output).error()};
    return leave(*output, next, *std::move(assigned));
}

Step Place::caught(const asl::Catcher& catcher, const AslError& error) {
    const auto error_output = Payload::from_json(
        {{"Error", error.name.value_or("")}, {"Cause", error.cause.value_or("")}});
    auto assigned = assign(catcher.assign, error_output);
    if (!assigned) return Raise{std::move(assigned).error(), false, true};
    auto output = merge(catcher.result_path, error_output);
    if (!output) return Raise{std::move(output).error(), false, true};
    return leave(*output, catcher.next, *std::move(assigned));
}

}  // namespace pawl
