// What UpdateExecution means, for every store: which columns of an execution may change after its start.
#pragma once
#include "persistence/rows.hpp"

namespace pawl {

inline void apply_update(ExecutionRow& row, const ExecutionRow& update) {
    row.status = update.status;
    row.stopped = update.stopped;
    row.wake_at = update.wake_at;
    row.last_event = update.last_event;
    row.batches = update.batches;
    row.redrive_count = update.redrive_count;
    row.redriven = update.redriven;
}

}  // namespace pawl
