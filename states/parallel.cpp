// Runs its branches side by side on the same input; their outputs, in the branches' order, are its result.
// Spec: states-language.net, "Parallel State".
#include "states/states.hpp"

namespace pawl {

Step enter(const asl::Parallel& parallel, Place& place) {
    // Evaluated for its errors now; a branch evaluates its own input when it starts.
    auto input = place.effective_input();
    if (!input) return Raise{std::move(input).error()};
    place.turn.record(place.frame, ParallelStateStarted{*input, static_cast<std::int64_t>(parallel.branches.size())});
    return Suspend{};
}

Step resume(const asl::Parallel&, Place& place) {
    const auto& fork = *place.visit().fork;
    if (fork.succeeded < fork.length) return Suspend{};
    const auto result = joined(fork.results);
    place.turn.record(place.frame, ParallelStateSucceeded{});
    return place.complete(result, place.state.next);
}

Payload joined(const std::vector<Payload>& results) {
    std::size_t size = 2;
    for (const auto& result : results) size += result.size_bytes() + 1;
    std::string text;
    text.reserve(size);
    text += '[';
    for (const auto& result : results) {
        if (text.size() > 1) text += ',';
        text += result.text();
    }
    text += ']';
    return Payload::from_text(std::move(text));
}

}  // namespace pawl
