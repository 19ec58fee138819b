#include "states/event.hpp"

namespace pawl {

bool is_shown(const Event& event) {
    return std::visit(overloaded{
                          [](const WaitScheduled&) { return false; },
                          [](const RetryScheduled&) { return false; },
                          [](const TaskHeartbeat&) { return false; },
                          [](const auto&) { return true; },
                      },
                      event);
}

}  // namespace pawl
