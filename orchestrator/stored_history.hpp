// An execution as its stored history has it.
#pragma once
#include <vector>

#include "persistence/store.hpp"
#include "states/execution.hpp"

namespace pawl {

// Follows all events of an execution. DamagedError when they are not whole, or make no sense.
void follow(Execution& execution, const ExecutionRow& row, const std::vector<RecordedEvent>& events);

// From its row, which may be behind its events: other threads go on with it.
Execution stored_execution(const Store& store, const ExecutionRow& row);

}  // namespace pawl
