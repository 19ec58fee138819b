// For callers that have nothing better to do than to wait until their change is durable.
#pragma once
#include "persistence/journal.hpp"

namespace pawl {

// Returns when the changes are durable; StoreError when they are not stored.
void commit_and_wait(Journal& journal, Changes changes);

}  // namespace pawl
