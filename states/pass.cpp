// Passes its input on, or puts a fixed result in its place. Spec: states-language.net, "Pass State".
#include "states/states.hpp"

namespace pawl {

Step enter(const asl::Pass& pass, Place& place) {
    auto input = place.effective_input();
    if (!input) return Raise{std::move(input).error()};
    if (place.jsonata())
        return place.pass_on(place.raw_input(), place.state.next, place.state.assign, place.state.output);
    return place.complete(pass.result ? Payload::from_json(*pass.result) : *input, place.state.next);
}

}  // namespace pawl
