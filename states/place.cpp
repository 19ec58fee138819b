#include "states/place.hpp"

#include <cmath>
#include <limits>

#include "states/data/context_object.hpp"
#include "states/error_names.hpp"

namespace pawl {

Place::Place(Turn& t, FrameId f) : turn{t}, frame{f}, state{t.state(t.visit(f))}, viewpoint_{f} {}

data::Scope Place::scope(const Json& input) {
    return {input, [this]() -> const Json& { return context(); },
            [this](std::string_view name) { return data::find_variable(turn.execution(), frame, name); },
            turn.random()};
}

data::QueryScope Place::query_scope(data::StatesPart part, const Json* extra) {
    return {raw_input().json(),
            part,
            part == data::StatesPart::None ? nullptr : extra,
            [this]() -> const Json& { return context(); },
            [this](std::string_view name) { return data::find_variable(turn.execution(), frame, name); },
            turn.random(),
            turn.now(),
            turn.limits().jsonata};
}

const Json& Place::context() {
    if (const auto& given = turn.surroundings().given_context) return *given;
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

Result<Payload> Place::evaluate(const data::QueryTemplate& queries, const data::QueryScope& scope) {
    const auto* whole = queries.whole();
    if (whole && whole->is_input()) return raw_input();
    auto value = queries.evaluate(scope);
    if (!value) return evaluation_failed(std::move(value).error());
    return Payload::from_json(*std::move(value));
}

Result<Payload> Place::evaluate(const asl::Template& expressions, const Payload& input) {
    if (const auto* queries = std::get_if<data::QueryTemplate>(&expressions.held))
        return evaluate(*queries, query_scope());
    return evaluate(std::get<data::PayloadTemplate>(expressions.held), input);
}

Result<Json> Place::query(const data::Query& query, data::Wanted wanted) {
    auto value = query.evaluate(query_scope(), wanted);
    if (!value) return evaluation_failed(std::move(value).error());
    return *std::move(value);
}

// Rounded down, as the service does with numbers that it wants whole.
Result<std::int64_t> Place::whole_number(const data::Query& query, std::int64_t min, std::int64_t max) {
    const auto value = this->query(query, data::Wanted::Number);
    if (!value) return value.error();
    const auto number = std::floor(value->get<double>());
    // As a double, the largest 64-bit integer is one too many.
    constexpr auto too_large = static_cast<double>(std::numeric_limits<std::int64_t>::max());
    if (number >= static_cast<double>(min) && number <= static_cast<double>(max) && number < too_large) {
        return static_cast<std::int64_t>(number);
    }
    return out_of_range(query, *value, min, max);
}

Result<double> Place::number(const data::Query& query, std::int64_t min, std::int64_t max) {
    const auto value = this->query(query, data::Wanted::Number);
    if (!value) return value.error();
    const auto number = value->get<double>();
    if (number >= static_cast<double>(min) && number <= static_cast<double>(max)) return number;
    return out_of_range(query, *value, min, max);
}

AslError Place::out_of_range(const data::Query& query, const Json& value, std::int64_t min, std::int64_t max) {
    return evaluation_failed(query.returned("a value out of range. Expected a number from " + std::to_string(min) +
                                            " to " + std::to_string(max) + ", but was: " + to_text(value)));
}

// Recordings show that what fails on entering a state follows the event before its entry, but for Wait.
AslError Place::evaluation_failed(data::QueryFailure failure) {
    auto error = explain({std::string{error::query_evaluation_error}, std::move(failure.text)});
    const auto& here = visit();
    if (viewpoint_ != frame) {  // for a child that has begun: its failure follows
        turn.record(viewpoint_, EvaluationFailed{here.state, std::move(failure.location), error});
        return error;
    }
    const auto last = turn.execution().frame(frame).last_event;
    const bool entering = last == here.entered_event && here.type != StateType::Wait;
    turn.record(frame, EvaluationFailed{here.state, std::move(failure.location), error},
                entering ? here.before_entered : last);
    return error;
}

void Place::note(std::string_view step, const Payload& value) const {
    if (const auto& inspect = turn.surroundings().inspect) inspect(step, value);
}

Result<Payload> Place::input_path() {
    auto input = apply(state.input_path, raw_input());
    if (input && !jsonata()) note("afterInputPath", *input);
    return input;
}

Result<Payload> Place::effective_input() {
    const auto input = input_path();
    return input ? parameters(*input) : input;
}

Result<Payload> Place::parameters(const Payload& input) {
    auto made = state.parameters ? evaluate(*state.parameters, input) : Result<Payload>{input};
    if (made && !jsonata()) note("afterParameters", *made);
    if (made && jsonata() && state.parameters) note("afterArguments", *made);
    return made;
}

Result<Payload> Place::merge(const asl::ResultPath& result_path, const Payload& result) {
    if (result_path.discard) return raw_input();
    if (!result_path.path || result_path.path->text() == "$") return result;
    auto merged = result_path.path->assign(raw_input().json(), result.json());
    if (!merged) {
        return explain(
            {std::string{error::result_path_match_failure},
             "Unable to apply ReferencePath " + result_path.path->text() + " to input " + to_text(raw_input().json())});
    }
    return Payload::from_json(*std::move(merged));
}

Result<Assigned> Place::assign(const std::optional<asl::Template>& expressions, Outcome outcome) {
    Assigned assigned;
    if (!expressions) return assigned;
    std::size_t bytes = 0;
    const auto add = [&](const Json& values) {
        for (const auto& [name, value] : values.items()) {
            assigned.emplace_back(name, Payload::from_json(value));
            bytes += assigned.back().second.size_bytes();
        }
    };
    if (const auto* queries = std::get_if<data::QueryTemplate>(&expressions->held)) {
        const auto values = queries->evaluate(query_scope(outcome.part, &outcome.value.json()));
        if (!values) return evaluation_failed(values.error());
        add(*values);
    } else {
        const auto values = std::get<data::PayloadTemplate>(expressions->held).evaluate(scope(outcome.value.json()));
        if (!values) return explain(values.error());
        add(*values);
    }
    if (bytes > turn.limits().payload_bytes || bytes + variable_bytes() > turn.limits().variable_bytes) {
        return AslError{std::string{error::data_limit_exceeded},
                        "The state/task '" + state.name +
                            "' assigned variables with a size exceeding the maximum number of bytes service limit."};
    }
    return assigned;
}

// Of all variables that the execution holds.
std::size_t Place::variable_bytes() const {
    std::size_t bytes = 0;
    for (const auto& [id, other] : turn.execution().frames) {
        for (const auto& [name, value] : other.variables) bytes += value.size_bytes();
    }
    return bytes;
}

Result<Payload> Place::output(const std::optional<data::QueryTemplate>& queries, Outcome outcome) {
    if (!queries) return outcome.value;
    const auto* whole = queries->whole();
    if (whole && whole->is_extra()) return outcome.value;
    return evaluate(*queries, query_scope(outcome.part, &outcome.value.json()));
}

Step Place::leave(const Payload& output, std::string_view next, Assigned assigned) {
    if (output.size_bytes() > turn.limits().payload_bytes) return Raise{too_large(state.name), false, true};
    if (!output.same(raw_input()) && too_deep(output.text())) {
        return Raise{
            runtime_error("The output is nested more than " + std::to_string(max_json_depth) + " levels deep.")};
    }
    return Advance{output, std::string{next}, std::move(assigned)};
}

// JSONata's way out: Assign and Output read the same values, none sees the other's.
Step Place::leave_with(const std::optional<asl::Template>& assignment,
                       const std::optional<data::QueryTemplate>& queries, Outcome outcome, std::string_view next) {
    auto assigned = assign(assignment, outcome);
    if (!assigned) return Raise{std::move(assigned).error()};
    auto made = output(queries, outcome);
    if (!made) return Raise{std::move(made).error()};
    return leave(*made, next, *std::move(assigned));
}

Step Place::complete(const Payload& result, std::string_view next) {
    const Outcome outcome{result, data::StatesPart::Result};
    note("result", result);
    if (jsonata()) return leave_with(state.assign, state.output, outcome, next);
    auto assigned = assign(state.assign, outcome);
    if (!assigned) return Raise{std::move(assigned).error()};
    auto selected = state.result_selector ? evaluate(*state.result_selector, result) : Result<Payload>{result};
    if (!selected) return Raise{std::move(selected).error()};
    note("afterResultSelector", *selected);
    auto merged = merge(state.result_path, *selected);
    if (!merged) return Raise{std::move(merged).error()};
    note("afterResultPath", *merged);
    auto made = apply(state.output_path, *merged);
    if (!made) return Raise{std::move(made).error()};
    return leave(*made, next, *std::move(assigned));
}

Step Place::pass_on(const Payload& effective_input, std::string_view next,
                    const std::optional<asl::Template>& assignment, const std::optional<data::QueryTemplate>& queries) {
    const Outcome outcome{effective_input, data::StatesPart::None};
    if (jsonata()) return leave_with(assignment, queries, outcome, next);
    auto assigned = assign(assignment, outcome);
    if (!assigned) return Raise{std::move(assigned).error()};
    auto made = apply(state.output_path, effective_input);
    if (!made) return Raise{std::move(made).error()};
    return leave(*made, next, *std::move(assigned));
}

Step Place::caught(const asl::Catcher& catcher, const AslError& error) {
    const auto error_output =
        Payload::from_json({{"Error", error.name.value_or("")}, {"Cause", error.cause.value_or("")}});
    const Outcome outcome{error_output, data::StatesPart::ErrorOutput};
    if (jsonata()) {
        auto step = leave_with(catcher.assign, catcher.output, outcome, catcher.next);
        if (auto* raised = std::get_if<Raise>(&step)) raised->final = true;
        return step;
    }
    auto assigned = assign(catcher.assign, outcome);
    if (!assigned) return Raise{std::move(assigned).error(), false, true};
    auto made = merge(catcher.result_path, error_output);
    if (!made) return Raise{std::move(made).error(), false, true};
    return leave(*made, catcher.next, *std::move(assigned));
}

}  // namespace pawl
