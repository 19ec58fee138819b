// A Store in one SQLite file, in WAL mode with synchronous=FULL: a commit is one fsync of the log.
//
// Connections: the writer's (commit only), the checkpointer's, and as many for reading as there are threads that
// read at the same time. After a failed fsync the disk may or may not hold the commit that was reported as failed;
// within this process it is gone.
#pragma once
#include <memory>
#include <string>

#include "persistence/store.hpp"

namespace pawl::sqlite {

class SqliteStore final : public Store {
  public:
    // Creates the file when it is missing, brings one of an older version up to date.
    explicit SqliteStore(const std::string& file);
    ~SqliteStore() override;
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    void commit(std::span<const Changes> groups) override;

    std::vector<MachineRow> machines() const override;
    std::vector<VersionRow> versions() const override;
    std::vector<AliasRow> aliases() const override;
    std::optional<RevisionRow> revision(std::int64_t number) const override;
    std::vector<ActivityRow> activities() const override;
    std::vector<FunctionRow> functions() const override;
    std::vector<FunctionEventRow> function_events() const override;
    std::optional<ExecutionRow> find_execution(std::string_view arn) const override;
    std::optional<ExecutionRow> execution(std::int64_t number) const override;
    std::vector<ExecutionRow> executions(const ExecutionQuery& query) const override;
    std::vector<ExecutionRow> due_executions(const DueQuery& query) const override;
    std::vector<ExecutionRow> awaited_executions(const AwaitedQuery& query) const override;
    std::vector<RecordedEvent> events(std::int64_t execution) const override;
    std::vector<RecordedEvent> history(const HistoryQuery& query) const override;
    std::optional<std::string> setting(std::string_view name) const override;
    std::optional<MapRunRow> map_run(std::int64_t number) const override;
    std::optional<MapRunRow> find_map_run(std::string_view arn) const override;
    std::vector<MapRunRow> map_runs(std::int64_t execution) const override;
    std::vector<MapRunRow> running_map_runs() const override;
    std::vector<ExecutionRow> map_run_children(const ChildQuery& query) const override;
    StatusCounts map_run_counts(std::int64_t map_run) const override;
    StatusCount failed_children(std::int64_t map_run, std::int64_t events) const override;
    Numbers last_numbers() const override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::sqlite
