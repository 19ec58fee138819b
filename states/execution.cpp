#include "states/execution.hpp"

#include "states/assert.hpp"
#include "states/integration_pattern.hpp"

namespace pawl {

std::optional<Instant> TaskAttempt::due() const {
    if (scheduled.family == TaskFamily::Activity && phase == attempt::Phase::Scheduled) return std::nullopt;
    auto soonest = deadline;
    if (scheduled.heartbeat) {
        const auto missed = last_sign_of_life + *scheduled.heartbeat;
        if (!soonest || missed < *soonest) soonest = missed;
    }
    return soonest;
}

bool TaskAttempt::is_job() const {
    return scheduled.family == TaskFamily::MapRun ||
           integration_pattern(scheduled.resource) == IntegrationPattern::RunAJob;
}

bool TaskAttempt::waits_for_a_worker() const {
    if (phase == attempt::Phase::Running) return scheduled.family == TaskFamily::Activity;
    return phase == attempt::Phase::Submitted && !is_job();
}

const Frame& Execution::frame(FrameId id) const {
    const auto found = frames.find(id);
    PAWL_ASSERT(found != frames.end(), "a frame that is asked for exists");
    return found->second;
}

std::optional<Instant> Execution::next_wake() const {
    if (!running()) return std::nullopt;
    auto soonest = deadline;
    if (!timers.empty() && (!soonest || timers.begin()->first < *soonest)) soonest = timers.begin()->first;
    return soonest;
}

}  // namespace pawl
