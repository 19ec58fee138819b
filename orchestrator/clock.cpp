#include "orchestrator/clock.hpp"

#include <algorithm>
#include <limits>

namespace pawl {
namespace {

template <class Time>
std::int64_t millis_of(Time time) {
    return std::chrono::floor<Millis>(time).time_since_epoch().count();
}

}  // namespace

// The wall clock; when that is set back, it goes on from where it was, as the steady clock goes: history must not run
// backwards within one process, and what waits must not wait for the wall clock to catch up.
Instant SystemClock::now() const {
    static std::atomic<std::int64_t> widest{std::numeric_limits<std::int64_t>::min()};  // wall clock less steady clock
    const auto steady = millis_of(std::chrono::steady_clock::now());
    const auto gap = millis_of(std::chrono::system_clock::now()) - steady;
    auto seen = widest.load(std::memory_order_relaxed);
    while (seen < gap && !widest.compare_exchange_weak(seen, gap, std::memory_order_relaxed)) {}
    return Instant{Millis{steady + std::max(seen, gap)}};
}

}  // namespace pawl
