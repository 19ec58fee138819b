// Ends its machine, branch or iteration well. Spec: states-language.net, "Succeed State".
#include "states/states.hpp"

namespace pawl {

Step enter(const asl::Succeed&, Place& place) {
    auto input = place.input_path();
    if (!input) return Raise{std::move(input).error()};
    return place.pass_on(*input, "", place.state.assign, place.state.output);
}

}  // namespace pawl
