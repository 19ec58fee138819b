#include "persistence/memory_store.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <ranges>
#include <set>
#include <utility>

#include "persistence/execution_update.hpp"

namespace pawl {
namespace {

// What is stored, in the orders that questions come in. Applying a change leaves behind how to undo it.
class Tables {
  public:
    // All or nothing.
    void apply(std::span<const Changes> groups) {
        undo_.clear();
        try {
            for (const auto& changes : groups) {
                for (const auto& change : changes) {
                    std::visit([this](const auto& one) { apply(one); }, change);
                }
            }
        } catch (...) {
            for (const auto& step : std::views::reverse(undo_)) step();
            throw;
        }
    }

    std::map<std::int64_t, MachineRow> machines;
    std::map<std::int64_t, RevisionRow> revisions;
    std::map<std::pair<std::int64_t, std::int64_t>, VersionRow> versions;  // by machine and version
    std::map<std::pair<std::int64_t, std::string>, AliasRow> aliases;      // by machine and name
    std::map<std::int64_t, ExecutionRow> executions;
    std::map<std::string, std::int64_t, std::less<>> numbers_by_arn;
    std::set<std::pair<Instant, std::int64_t>> by_start;
    std::set<std::pair<Instant, std::int64_t>> due;
    std::set<std::pair<std::int64_t, std::int64_t>> awaited;  // running: by who awaits them, and number
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<RecordedEvent>> batches;  // by execution and batch
    std::map<std::string, std::string, std::less<>> settings;
    std::map<std::string, ActivityRow, std::less<>> activities;            // by ARN
    std::map<std::pair<std::string, std::string>, FunctionRow> functions;  // by name and part
    std::map<std::string, FunctionEventRow> function_events;               // by id
    std::map<std::int64_t, MapRunRow> map_runs;
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> children;  // numbers by Map Run and item

    auto children_of(std::int64_t map_run, std::int64_t after_item = -1) const {
        return std::ranges::subrange(children.upper_bound({map_run, after_item}),
                                     children.lower_bound({map_run + 1, 0}));
    }
    auto children_before(std::int64_t map_run, std::int64_t item) const {
        return std::ranges::subrange(children.lower_bound({map_run, 0}), children.lower_bound({map_run, item}));
    }

  private:
    void apply(const PutMachine& change) {
        const auto& row = change.row;
        for (const auto& [number, other] : machines) {
            const bool both_live = row.status != MachineStatus::Deleted && other.status != MachineStatus::Deleted;
            if (number != row.number && both_live && other.arn == row.arn) refuse("machine " + row.arn);
        }
        put(machines, row.number, row);
    }
    void apply(const PutRevision& change) {
        if (revisions.contains(change.row.number)) refuse("revision " + std::to_string(change.row.number));
        put(revisions, change.row.number, change.row);
    }
    void apply(const PutVersion& change) {
        const std::pair key{change.row.machine, change.row.version};
        if (versions.contains(key)) {
            refuse("version " + std::to_string(key.second) + " of machine " + std::to_string(key.first));
        }
        put(versions, key, change.row);
    }
    void apply(const DeleteVersion& change) { remove(versions, {change.machine, change.version}); }
    void apply(const PutAlias& change) { put(aliases, {change.row.machine, change.row.name}, change.row); }
    void apply(const DeleteAlias& change) { remove(aliases, {change.machine, change.name}); }
    void apply(const InsertExecution& change) {
        const auto& row = change.row;
        if (executions.contains(row.number)) refuse("execution " + std::to_string(row.number));
        if (numbers_by_arn.contains(row.arn)) refuse("execution " + row.arn);
        put(executions, row.number, row);
        put(numbers_by_arn, row.arn, row.number);
        if (row.map_run == 0) {
            insert(by_start, {row.started, row.number});
        } else {
            const std::pair place{row.map_run, row.item};
            if (children.contains(place)) refuse("child " + std::to_string(row.item) + " of its Map Run");
            put(children, place, row.number);
        }
        if (const auto wake = wake_of(row)) insert(due, {*wake, row.number});
        if (is_awaited(row)) insert(awaited, {row.awaited_by, row.number});
    }
    void apply(const UpdateExecution& change) {
        const auto found = executions.find(change.row.number);
        if (found == executions.end()) {
            throw StoreError{"there is no execution " + std::to_string(change.row.number)};
        }
        auto row = found->second;
        if (const auto wake = wake_of(row)) erase(due, {*wake, row.number});
        if (is_awaited(row)) erase(awaited, {row.awaited_by, row.number});
        apply_update(row, change.row);
        if (const auto wake = wake_of(row)) insert(due, {*wake, row.number});
        if (is_awaited(row)) insert(awaited, {row.awaited_by, row.number});
        put(executions, row.number, row);
    }
    void apply(const AppendEvents& change) {
        const std::pair place{change.execution, change.batch};
        if (batches.contains(place)) {
            refuse("batch " + std::to_string(change.batch) + " of execution " + std::to_string(change.execution));
        }
        put(batches, place, change.events);
    }
    void apply(const DropEvents& change) {
        std::vector<std::pair<std::int64_t, std::int64_t>> places;
        for (auto it = batches.lower_bound({change.execution, 0}); it != batches.end(); ++it) {
            if (it->first.first != change.execution || it->first.second >= change.batch) break;
            places.push_back(it->first);
        }
        for (const auto& place : places) remove(batches, place);
    }
    void apply(const PutSetting& change) { put(settings, change.name, change.value); }
    void apply(const PutActivity& change) { put(activities, change.row.arn, change.row); }
    void apply(const RemoveActivity& change) {
        const auto found = activities.find(change.arn);
        if (found == activities.end()) return;
        undo_.emplace_back([this, old = std::move(found->second)] { activities.emplace(old.arn, old); });
        activities.erase(found);
    }

    void apply(const PutFunction& change) { put(functions, {change.row.name, change.row.part}, change.row); }
    void apply(const RemoveFunction& change) { remove(functions, {change.name, change.part}); }
    void apply(const PutFunctionEvent& change) { put(function_events, change.row.id, change.row); }
    void apply(const RemoveFunctionEvent& change) { remove(function_events, change.id); }

    void apply(const PutMapRun& change) {
        for (const auto& [number, other] : map_runs) {
            if (number != change.row.number && other.arn == change.row.arn) refuse("Map Run " + other.arn);
        }
        put(map_runs, change.row.number, change.row);
    }

    static std::optional<Instant> wake_of(const ExecutionRow& row) {
        return row.status == ExecutionStatus::Running ? row.wake_at : std::nullopt;
    }
    static bool is_awaited(const ExecutionRow& row) {
        return row.awaited_by != 0 && row.status == ExecutionStatus::Running && row.redrive_count == 0;
    }
    [[noreturn]] static void refuse(const std::string& what) { throw StoreError{what + " is there already"}; }

    template <class Map>
    void put(Map& map, const typename Map::key_type& key, const typename Map::mapped_type& value) {
        const auto [place, is_new] = map.try_emplace(key, value);
        if (is_new) {
            undo_.emplace_back([&map, key] { map.erase(key); });
        } else {
            undo_.emplace_back([&map, key, old = std::exchange(place->second, value)] { map.at(key) = old; });
        }
    }
    template <class Map>
    void remove(Map& map, const typename Map::key_type& key) {
        const auto found = map.find(key);
        if (found == map.end()) return;
        undo_.emplace_back([&map, key, old = std::move(found->second)] { map.emplace(key, old); });
        map.erase(found);
    }
    template <class Set>
    void insert(Set& set, const typename Set::key_type& key) {
        set.insert(key);
        undo_.emplace_back([&set, key] { set.erase(key); });
    }
    template <class Set>
    void erase(Set& set, const typename Set::key_type& key) {
        set.erase(key);
        undo_.emplace_back([&set, key] { set.insert(key); });
    }

    std::vector<std::function<void()>> undo_;
};

}  // namespace

struct MemoryStore::Impl {
    // Whether this commit is to fail, and how. Counts it.
    std::optional<Fault> next_fault() {
        ++commits;
        if (const auto planned = faults.find(commits); planned != faults.end()) return planned->second;
        if (failing == 0) return std::nullopt;
        --failing;
        return failing_how;
    }

    template <class Row, class Map>
    static std::vector<Row> rows_of(const Map& map) {
        std::vector<Row> rows;
        for (const auto& [key, row] : map) rows.push_back(row);
        return rows;
    }
    template <class Value, class Map, class Key>
    static std::optional<Value> find(const Map& map, const Key& key) {
        const auto found = map.find(key);
        return found == map.end() ? std::nullopt : std::optional<Value>{found->second};
    }

    mutable std::mutex mutex;  // guards all that follows: readers come from any thread
    Tables tables;
    std::uint64_t commits = 0;
    std::map<std::uint64_t, Fault> faults;
    std::size_t failing = 0;
    Fault failing_how = Fault::Before;
};

MemoryStore::MemoryStore() : impl_{std::make_unique<Impl>()} {}
MemoryStore::~MemoryStore() = default;

void MemoryStore::fail_next_commits(std::size_t count, Fault fault) {
    const std::lock_guard lock{impl_->mutex};
    impl_->failing = count;
    impl_->failing_how = fault;
}

void MemoryStore::fail_commit(std::uint64_t which, Fault fault) {
    const std::lock_guard lock{impl_->mutex};
    impl_->faults[which] = fault;
}

std::uint64_t MemoryStore::commits() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->commits;
}

void MemoryStore::commit(std::span<const Changes> groups) {
    const std::lock_guard lock{impl_->mutex};
    const auto fault = impl_->next_fault();
    if (fault != Fault::Before) impl_->tables.apply(groups);
    if (fault) throw StoreError{"the memory store was told to fail commit " + std::to_string(impl_->commits)};
}

std::vector<MachineRow> MemoryStore::machines() const {
    const std::lock_guard lock{impl_->mutex};
    std::vector<MachineRow> found;
    for (const auto& [number, row] : impl_->tables.machines) {
        if (row.status != MachineStatus::Deleted) found.push_back(row);
    }
    return found;
}

std::vector<VersionRow> MemoryStore::versions() const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::rows_of<VersionRow>(impl_->tables.versions);
}

std::vector<AliasRow> MemoryStore::aliases() const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::rows_of<AliasRow>(impl_->tables.aliases);
}

std::optional<RevisionRow> MemoryStore::revision(std::int64_t number) const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::find<RevisionRow>(impl_->tables.revisions, number);
}

std::vector<ActivityRow> MemoryStore::activities() const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::rows_of<ActivityRow>(impl_->tables.activities);
}

std::vector<FunctionRow> MemoryStore::functions() const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::rows_of<FunctionRow>(impl_->tables.functions);
}

std::vector<FunctionEventRow> MemoryStore::function_events() const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::rows_of<FunctionEventRow>(impl_->tables.function_events);
}

std::optional<ExecutionRow> MemoryStore::find_execution(std::string_view arn) const {
    const std::lock_guard lock{impl_->mutex};
    const auto number = Impl::find<std::int64_t>(impl_->tables.numbers_by_arn, arn);
    return number ? Impl::find<ExecutionRow>(impl_->tables.executions, *number) : std::nullopt;
}

std::optional<ExecutionRow> MemoryStore::execution(std::int64_t number) const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::find<ExecutionRow>(impl_->tables.executions, number);
}

std::vector<ExecutionRow> MemoryStore::executions(const ExecutionQuery& query) const {
    const std::lock_guard lock{impl_->mutex};
    std::vector<ExecutionRow> found;
    const auto add = [&](std::int64_t number) {
        const auto& row = impl_->tables.executions.at(number);
        const bool wanted = (!query.machine || *query.machine == row.machine) &&
                            (!query.status || *query.status == row.status) &&
                            (!query.version || *query.version == row.version) &&
                            (!query.alias || *query.alias == row.alias) && row.name.starts_with(query.name_prefix);
        if (wanted) found.push_back(row);
    };
    if (query.map_run == 0) {
        const auto& by_start = impl_->tables.by_start;
        const auto end = query.after ? by_start.lower_bound(*query.after) : by_start.end();
        for (const auto& entry : std::ranges::subrange(by_start.begin(), end) | std::views::reverse) {
            if (found.size() == query.limit) break;
            add(entry.second);
        }
    } else {
        auto below = std::numeric_limits<std::int64_t>::max();
        if (query.after) {
            const auto last = Impl::find<ExecutionRow>(impl_->tables.executions, query.after->second);
            if (!last) return found;
            below = last->item;
        }
        for (const auto& [place, number] : impl_->tables.children_before(query.map_run, below) | std::views::reverse) {
            if (found.size() == query.limit) break;
            add(number);
        }
    }
    return found;
}

std::vector<ExecutionRow> MemoryStore::due_executions(const DueQuery& query) const {
    const std::lock_guard lock{impl_->mutex};
    const auto& due = impl_->tables.due;
    std::vector<ExecutionRow> found;
    for (auto it = query.after ? due.upper_bound(*query.after) : due.begin(); it != due.end(); ++it) {
        if (it->first > query.until || found.size() == query.limit) break;
        found.push_back(impl_->tables.executions.at(it->second));
    }
    return found;
}

std::vector<ExecutionRow> MemoryStore::awaited_executions(const AwaitedQuery& query) const {
    const std::lock_guard lock{impl_->mutex};
    const auto& awaited = impl_->tables.awaited;
    std::vector<ExecutionRow> found;
    for (auto it = awaited.upper_bound(query.after); it != awaited.end() && found.size() < query.limit; ++it) {
        found.push_back(impl_->tables.executions.at(it->second));
    }
    return found;
}

std::vector<RecordedEvent> MemoryStore::events(std::int64_t execution) const {
    const std::lock_guard lock{impl_->mutex};
    const auto& batches = impl_->tables.batches;
    std::vector<RecordedEvent> found;
    for (auto batch = batches.lower_bound({execution, 0}); batch != batches.end(); ++batch) {
        if (batch->first.first != execution) break;
        std::ranges::copy(batch->second, std::back_inserter(found));
    }
    return found;
}

std::vector<RecordedEvent> MemoryStore::history(const HistoryQuery& query) const {
    auto all = events(query.execution);
    if (query.reverse) std::ranges::reverse(all);
    std::vector<RecordedEvent> found;
    for (auto& event : all) {
        if (found.size() == query.limit) break;
        const bool beyond = query.after == 0 || (query.reverse ? event.id < query.after : event.id > query.after);
        if (event.id > 0 && beyond) found.push_back(std::move(event));
    }
    return found;
}

std::optional<std::string> MemoryStore::setting(std::string_view name) const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::find<std::string>(impl_->tables.settings, name);
}

std::optional<MapRunRow> MemoryStore::map_run(std::int64_t number) const {
    const std::lock_guard lock{impl_->mutex};
    return Impl::find<MapRunRow>(impl_->tables.map_runs, number);
}

std::optional<MapRunRow> MemoryStore::find_map_run(std::string_view arn) const {
    const std::lock_guard lock{impl_->mutex};
    for (const auto& [number, row] : impl_->tables.map_runs) {
        if (row.arn == arn) return row;
    }
    return std::nullopt;
}

std::vector<MapRunRow> MemoryStore::map_runs(std::int64_t execution) const {
    const std::lock_guard lock{impl_->mutex};
    std::vector<MapRunRow> found;
    for (const auto& [number, row] : impl_->tables.map_runs) {
        if (row.execution == execution) found.push_back(row);
    }
    return found;
}

std::vector<MapRunRow> MemoryStore::running_map_runs() const {
    const std::lock_guard lock{impl_->mutex};
    std::vector<MapRunRow> found;
    for (const auto& [number, row] : impl_->tables.map_runs) {
        if (row.status == MapRunStatus::Running) found.push_back(row);
    }
    return found;
}

std::vector<ExecutionRow> MemoryStore::map_run_children(const ChildQuery& query) const {
    const std::lock_guard lock{impl_->mutex};
    std::vector<ExecutionRow> found;
    for (const auto& [place, number] : impl_->tables.children_of(query.map_run, query.after_item)) {
        if (found.size() == query.limit) break;
        const auto& row = impl_->tables.executions.at(number);
        if (!query.status || *query.status == row.status) found.push_back(row);
    }
    return found;
}

StatusCounts MemoryStore::map_run_counts(std::int64_t map_run) const {
    const std::lock_guard lock{impl_->mutex};
    StatusCounts counts{};
    for (const auto& [place, number] : impl_->tables.children_of(map_run)) {
        const auto& row = impl_->tables.executions.at(number);
        auto& count = counts.at(static_cast<std::size_t>(row.status));
        ++count.executions;
        count.items += row.items;
    }
    return counts;
}

StatusCount MemoryStore::failed_children(std::int64_t map_run, std::int64_t events) const {
    const std::lock_guard lock{impl_->mutex};
    StatusCount count;
    for (const auto& [place, number] : impl_->tables.children_of(map_run)) {
        const auto& row = impl_->tables.executions.at(number);
        const bool failed = row.status != ExecutionStatus::Running && row.status != ExecutionStatus::Succeeded;
        if (!failed || row.last_event < events) continue;
        ++count.executions;
        count.items += row.items;
    }
    return count;
}

Store::Numbers MemoryStore::last_numbers() const {
    const std::lock_guard lock{impl_->mutex};
    const auto last = [](const auto& map) { return map.empty() ? 0 : map.rbegin()->first; };
    const auto& tables = impl_->tables;
    return {last(tables.machines), last(tables.revisions), last(tables.executions), last(tables.map_runs)};
}

}  // namespace pawl
