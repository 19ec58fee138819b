#include "states/event.hpp"

namespace pawl {

bool is_shown(const Event& event) {
    return std::visit(
        overloaded{
            [](const WaitScheduled&) { return false; },
            [](const RetryScheduled&) { return false; },
            [](const TaskHeartbeat&) { return false; },
            // AWS knows no TaskScheduleFailed: of parameters that a service can't take, the state tells.
            [](const TaskFailed& e) { return e.family != TaskFamily::Task || e.failure != TaskFailure::Schedule; },
            [](const auto&) { return true; },
        },
        event);
}

}  // namespace pawl
