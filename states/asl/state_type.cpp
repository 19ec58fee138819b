#include "states/asl/state_type.hpp"

namespace pawl::asl {

std::string_view to_string(StateType type) {
    switch (type) {
        case StateType::Pass:
            return "Pass";
        case StateType::Task:
            return "Task";
        case StateType::Choice:
            return "Choice";
        case StateType::Wait:
            return "Wait";
        case StateType::Succeed:
            return "Succeed";
        case StateType::Fail:
            return "Fail";
        case StateType::Parallel:
            return "Parallel";
        case StateType::Map:
            return "Map";
    }
    return "?";
}

}  // namespace pawl::asl
