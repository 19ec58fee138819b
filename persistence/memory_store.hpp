// A Store that forgets everything with its object: for tests, simulation and "memory:". It can be told to fail.
#pragma once
#include <cstdint>
#include <memory>

#include "persistence/store.hpp"

namespace pawl {

class MemoryStore final : public Store {
  public:
    MemoryStore();
    ~MemoryStore() override;

    // How a commit fails; both throw StoreError.
    enum class Fault : std::uint8_t {
        Before,  // as Store promises: nothing is stored
        After,   // everything is stored, as when a disk wrote and then failed to say so. What a crash leaves behind too
    };
    void fail_next_commits(std::size_t count, Fault fault = Fault::Before);
    // The `which`-th call of commit, counted from 1 since the store was made; one of the past has no effect.
    void fail_commit(std::uint64_t which, Fault fault = Fault::Before);
    std::uint64_t commits() const;  // calls so far, failed ones too

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

}  // namespace pawl
