// Retry and Catch: which rule an error meets, and how long a retry waits.
// Spec: states-language.net, "Errors"; each Retrier counts for itself.
#pragma once
#include <cstdint>
#include <optional>

#include "states/asl/definition.hpp"
#include "states/entropy.hpp"
#include "states/execution.hpp"
#include "states/step.hpp"

namespace pawl {

// The first Retrier that the error meets, if it has an attempt left. Later ones are not asked.
struct RetrierMatch {
    std::size_t index = 0;
    std::int64_t used = 0;  // attempts
};
std::optional<RetrierMatch> matching_retrier(const asl::State& state, const Visit& visit, const Raise& raised);

// Before retry number `retry` (from 1) by this Retrier.
Millis retry_delay(const asl::Retrier& retrier, std::int64_t retry, SeededRandom& random);

const asl::Catcher* matching_catcher(const asl::State& state, const Raise& raised);

}  // namespace pawl
