// Walks an execution through its states, within one decision, until every frame waits or the execution ends.
#pragma once
#include <optional>

#include "states/step.hpp"
#include "states/turn.hpp"

namespace pawl {

// Enters one state after the other while there are frames to run and the decision is not long enough.
void run(Turn& turn);

// Does what a state said.
void perform(Turn& turn, FrameId frame, Step step);

// Takes all open visits of a fork's children down, innermost first, and the tasks with them. `previous`: what the
// events follow. `failed`: the child that brought this about, which is down already.
void abort_children(Turn& turn, FrameId frame, std::int64_t previous, std::optional<FrameId> failed = std::nullopt);

// The same for a frame's own visit, what is inside it first.
void abort_visit(Turn& turn, FrameId frame, std::int64_t previous);

// Ends the execution with one of the four last events.
void end_execution(Turn& turn, Event last_event, std::int64_t previous);

}  // namespace pawl
