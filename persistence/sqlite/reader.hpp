// The store's questions as SQL, on a connection that only reads.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/sqlite/connection.hpp"
#include "persistence/sqlite/statement.hpp"
#include "persistence/store.hpp"

namespace pawl::sqlite {

class Reader {
  public:
    explicit Reader(const std::string& file);

    std::vector<MachineRow> machines();
    std::vector<VersionRow> versions();
    std::vector<AliasRow> aliases();
    std::optional<RevisionRow> revision(std::int64_t number);
    std::vector<ActivityRow> activities();
    std::vector<FunctionRow> functions();
    std::vector<FunctionEventRow> function_events();
    std::optional<ExecutionRow> find_execution(std::string_view arn);
    std::optional<ExecutionRow> execution(std::int64_t number);
    std::vector<ExecutionRow> executions(const ExecutionQuery& query);
    std::vector<ExecutionRow> due_executions(const DueQuery& query);
    std::vector<ExecutionRow> awaited_executions(const AwaitedQuery& query);
    std::vector<RecordedEvent> events(std::int64_t execution);
    std::vector<RecordedEvent> history(const HistoryQuery& query);
    std::optional<std::string> setting(std::string_view name);
    std::optional<MapRunRow> map_run(std::int64_t number);
    std::optional<MapRunRow> find_map_run(std::string_view arn);
    std::vector<MapRunRow> map_runs(std::int64_t execution);
    std::vector<MapRunRow> running_map_runs();
    std::vector<ExecutionRow> map_run_children(const ChildQuery& query);
    StatusCounts map_run_counts(std::int64_t map_run);
    StatusCount failed_children(std::int64_t map_run, std::int64_t events);
    Store::Numbers last_numbers();

  private:
    // Prepared when first asked for: a reader seldom gets to see every question.
    const Statement& prepared(const std::string& sql);

    Connection connection_;
    std::map<std::string, Statement, std::less<>> statements_;  // by their SQL, of which there are a few dozen
};

// The SQL of `executions`: it depends on which conditions a query has, so that each kind finds its index.
std::string executions_sql(const ExecutionQuery& query);
std::string children_sql(const ChildQuery& query);  // same
std::string awaited_sql();

}  // namespace pawl::sqlite
