// Goes where the first rule that holds points. Spec: states-language.net, "Choice State".
#include "states/error_names.hpp"
#include "states/states.hpp"

namespace pawl {

namespace {

Result<bool> holds(const asl::ChoiceBranch& branch, Place& place, const data::Scope& scope) {
    if (const auto* constant = std::get_if<bool>(&branch.condition)) return *constant;
    if (const auto* query = std::get_if<data::Query>(&branch.condition)) {
        const auto value = place.query(*query, data::Wanted::Boolean);
        if (!value) return value.error();
        return value->get<bool>();
    }
    auto result = std::get<data::ChoiceRule>(branch.condition).evaluate(scope);
    if (!result) return place.explain(std::move(result).error());
    return *result;
}

}  // namespace

Step enter(const asl::Choice& choice, Place& place) {
    auto input = place.input_path();
    if (!input) return Raise{std::move(input).error()};
    const auto scope = place.scope(input->json());
    for (const auto& branch : choice.choices) {
        auto matches = holds(branch, place, scope);
        if (!matches) return Raise{std::move(matches).error()};
        if (*matches) return place.pass_on(*input, branch.next, branch.assign, branch.output);
    }
    if (!choice.default_next.empty())
        return place.pass_on(*input, choice.default_next, place.state.assign, place.state.output);
    // The specification names States.NoChoiceMatched for it, which the service does not use.
    return Raise{
        place.runtime_error("Failed to transition out of the state. The state does not point to a next state.")};
}

}  // namespace pawl
