// Finding executions by what the store has no index for: the text of their errors, when they started.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/orchestrator.hpp"

namespace pawl::web::rest {

struct ExecutionSearch {
    ListExecutions query;                   // `after` is where to go on; `limit` is how many to find at most
    std::optional<Instant> started_after;   // inclusive
    std::optional<Instant> started_before;  // exclusive
    std::string error_text;                 // in error or cause, whatever the case; empty: any
};

struct FoundExecution {
    ExecutionListItem item;
    AslError error;  // looked up only when error_text asks for it
};

struct ExecutionsFound {
    std::vector<FoundExecution> items;
    std::optional<std::pair<Instant, std::int64_t>> more;  // there may be more beyond this one
};

// A search for a text looks into a bounded number of executions a call, and then says where to go on.
ApiResult<ExecutionsFound> search_executions(Orchestrator& orchestrator, const ExecutionSearch& search);

}  // namespace pawl::web::rest
