// Executions that should have been stopped with the task that waited for them (startExecution.sync). The commit that
// ends the wait comes first; when the process ends before the stop, nobody else knows of it.
#pragma once
#include <string>
#include <vector>

#include "persistence/store.hpp"

namespace pawl {

// Their ARNs. What is found once stays true: a task that has ended never waits again. Who waited, but is damaged, may
// wait still.
std::vector<std::string> nested_orphans(const Store& store);

// Can't it be loaded? Then it can't be stopped either.
bool is_damaged(const Store& store, const std::string& arn);

}  // namespace pawl
