#include "orchestrator/integrations/nested_orphans.hpp"

#include <set>

#include "orchestrator/stored_history.hpp"

namespace pawl {
namespace {

constexpr std::size_t page = 500;

// The tasks of an execution that wait; nothing: that can't be known.
std::optional<std::set<TaskId>> waiting_tasks(const Store& store, std::int64_t number) {
    std::set<TaskId> waiting;
    try {
        const auto row = store.execution(number);
        if (!row) return std::nullopt;
        if (row->status != ExecutionStatus::Running) return waiting;
        for (const auto& [task, frame] : stored_execution(store, *row).tasks) waiting.insert(task);
    } catch (const DamagedError&) {  // its shard says so
        return std::nullopt;
    }
    return waiting;
}

}  // namespace

std::vector<std::string> nested_orphans(const Store& store) {
    std::vector<std::string> orphans;
    std::int64_t awaiting = 0;  // whose tasks these are; an execution may wait for many
    std::optional<std::set<TaskId>> waiting;
    AwaitedQuery query{.after = {}, .limit = page};
    while (true) {
        const auto rows = store.awaited_executions(query);
        for (const auto& row : rows) {
            if (row.awaited_by != awaiting) {
                awaiting = row.awaited_by;
                waiting = waiting_tasks(store, awaiting);
            }
            if (waiting && !waiting->contains(row.awaiting_task)) orphans.push_back(row.arn);
        }
        if (rows.size() < page) return orphans;
        query.after = {rows.back().awaited_by, rows.back().number};
    }
}

bool is_damaged(const Store& store, const std::string& arn) {
    try {
        const auto row = store.find_execution(arn);
        if (!row || row->status != ExecutionStatus::Running) return false;
        if (!store.revision(row->revision)) return true;
        (void)stored_execution(store, *row);
        return false;
    } catch (const DamagedError&) {
        return true;
    }
}

}  // namespace pawl
