// What a state says should happen next. A state does nothing itself but record the events that are its own.
#pragma once
#include <string>
#include <variant>

#include "states/event.hpp"

namespace pawl {

// Leave the state with this output; an empty `next` ends the frame.
struct Advance {
    Payload output;
    std::string next;
    Assigned assigned;
};
// Stay: an answer or a timer brings the execution back here.
struct Suspend {};
// Retry and Catch decide. `heartbeat`: a missed one, which States.HeartbeatTimeout matches too.
struct Raise {
    AslError error;
    bool heartbeat = false;
    bool final = false;  // beyond Retry and Catch: the execution fails
};

using Step = std::variant<Advance, Suspend, Raise>;

}  // namespace pawl
