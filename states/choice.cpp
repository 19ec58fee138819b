// Goes where the first rule that holds points. Spec: states-language.net, "Choice State".
#include "states/error_names.hpp"
#include "states/states.hpp"

namespace pawl {

Step enter(const asl::Choice& choice, Place& place) {
    auto input = place.input_path();
    if (!input) return Raise{std::move(input).error()};
    const auto scope = place.scope(input->json());
    for (const auto& branch : choice.choices) {
        auto holds = branch.condition.evaluate(scope);
        if (!holds) return Raise{place.explain(std::move(holds).error())};
        if (*holds) return place.pass_on(*input, branch.next, branch.assign);
    }
    if (!choice.default_next.empty()) return place.pass_on(*input, choice.default_next, place.state.assign);
    return Raise{place.explain({std::string{error::no_choice_matched},
                                "Failed to transition out of the state. The state's choices did not match: no rule "
                                "holds and there is no Default."})};
}

}  // namespace pawl
