#include "states/retry.hpp"

#include <algorithm>
#include <cmath>

#include "states/error_names.hpp"

namespace pawl {
namespace {

bool matches(const std::vector<std::string>& error_equals, const Raise& raised) {
    const auto& name = raised.error.name;
    if (name == error::runtime || raised.final) return false;  // terminal, also for States.ALL
    return std::any_of(error_equals.begin(), error_equals.end(), [&](const std::string& pattern) {
        if (pattern == error::all || pattern == name) return true;
        if (pattern == error::heartbeat_timeout) return raised.heartbeat;
        return pattern == error::task_failed && name && *name != error::timeout;
    });
}

}  // namespace

std::optional<RetrierMatch> matching_retrier(const asl::State& state, const Visit& visit, const Raise& raised) {
    for (std::size_t i = 0; i < state.retry.size(); ++i) {
        if (!matches(state.retry[i].error_equals, raised)) continue;
        const auto used = i < visit.retries_by.size() ? visit.retries_by[i] : 0;
        if (used >= state.retry[i].max_attempts) return std::nullopt;
        return RetrierMatch{i, used};
    }
    return std::nullopt;
}

Millis retry_delay(const asl::Retrier& retrier, std::int64_t retry, SeededRandom& random) {
    constexpr double longest_seconds = 31'622'400;  // AWS's ceiling of MaxDelaySeconds: a leap year
    const double grown =
        static_cast<double>(retrier.interval.count()) * std::pow(retrier.backoff_rate, static_cast<double>(retry - 1));
    const double cap = retrier.max_delay ? static_cast<double>(retrier.max_delay->count()) : longest_seconds;
    double seconds = std::min(grown, cap);
    if (retrier.full_jitter) seconds *= random.uniform();
    return Millis{std::llround(seconds * 1000)};
}

const asl::Catcher* matching_catcher(const asl::State& state, const Raise& raised) {
    const auto found = std::find_if(state.catchers.begin(), state.catchers.end(),
                                    [&](const asl::Catcher& catcher) { return matches(catcher.error_equals, raised); });
    return found == state.catchers.end() ? nullptr : &*found;
}

}  // namespace pawl
