#include "states/execution.hpp"

#include "states/assert.hpp"

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
    const std::string_view resource = scheduled.resource;
    return scheduled.family == TaskFamily::MapRun || resource.ends_with(".sync") || resource.ends_with(".sync:2");
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
