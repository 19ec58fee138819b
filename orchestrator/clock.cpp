#include "orchestrator/clock.hpp"

namespace pawl {

// The wall clock, held back when it is set back: history must not run backwards within one process.
Instant SystemClock::now() const {
    static std::atomic<std::int64_t> latest{0};
    const auto read = std::chrono::floor<Millis>(std::chrono::system_clock::now()).time_since_epoch().count();
    auto seen = latest.load(std::memory_order_relaxed);
    while (seen < read && !latest.compare_exchange_weak(seen, read, std::memory_order_relaxed)) {}
    return Instant{Millis{seen < read ? read : seen}};
}

}  // namespace pawl
