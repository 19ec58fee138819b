// Changes as SQL: the statements of the write connection.
#pragma once
#include <span>
#include <vector>

#include "persistence/change.hpp"
#include "persistence/sqlite/statement.hpp"

namespace pawl::sqlite {

class Writer {
  public:
    explicit Writer(sqlite3* db);

    // Within a transaction that the caller began. What happens to an execution within these groups is written once:
    // one that starts and ends here costs one insert and no index of running ones.
    void write(std::span<const Changes> groups);

  private:
    // What becomes of one execution: inserted, updated, or inserted as the update leaves it.
    struct ExecutionChange {
        std::int64_t number = 0;
        const ExecutionRow* inserted = nullptr;
        const ExecutionRow* updated = nullptr;
    };

    void write(const PutMachine& change);
    void write(const PutRevision& change);
    void write(const PutVersion& change);
    void write(const DeleteVersion& change);
    void write(const PutAlias& change);
    void write(const DeleteAlias& change);
    void write(const InsertExecution& change) { executions_.push_back({change.row.number, &change.row, nullptr}); }
    void write(const UpdateExecution& change) { executions_.push_back({change.row.number, nullptr, &change.row}); }
    void write(const AppendEvents& change);
    void write(const DropEvents& change);
    void write(const PutSetting& change);
    void write(const PutActivity& change);
    void write(const RemoveActivity& change);
    void write(const PutFunction& change);
    void write(const RemoveFunction& change);
    void write(const PutFunctionEvent& change);
    void write(const RemoveFunctionEvent& change);
    void write(const PutMapRun& change);

    void write_executions();
    void insert(const ExecutionRow& row);
    void update(const ExecutionRow& row);

    sqlite3* db_;
    std::vector<ExecutionChange> executions_;  // of the groups being written
    Statement put_machine_, put_revision_, put_version_, delete_version_, put_alias_, delete_alias_, insert_execution_,
        progress_execution_, update_execution_, append_events_, drop_events_, put_setting_, put_activity_,
        remove_activity_, put_function_, remove_function_, put_function_event_, remove_function_event_, put_map_run_;
};

}  // namespace pawl::sqlite
