#include "persistence/sqlite/reader.hpp"

#include <algorithm>
#include <limits>
#include <ranges>

#include "persistence/event_codec.hpp"
#include "persistence/sqlite/event_place.hpp"

namespace pawl::sqlite {
namespace {

const std::string select_execution =
    "SELECT number, arn, name, machine, revision, status, started, stopped, wake_at, last_event, batches,"
    " redrive_count, redriven, trace_header, test_case, version, alias, map_run, item, items,"
    " awaited_by, awaiting_task FROM executions";

const std::string select_map_run =
    "SELECT number, arn, execution, task, state, label, revision, started, stopped, status, max_concurrency,"
    " tolerated_failure_count, tolerated_failure_percentage, items, redrive_count, redriven FROM map_runs";

template <class E>
E enumerator(std::int64_t stored, E last) {
    if (stored < 0 || stored > static_cast<std::int64_t>(last)) {
        throw DamagedError{"a stored value is out of range: " + std::to_string(stored)};
    }
    return static_cast<E>(stored);
}

MachineRow machine_of(const Rows& rows) {
    return {rows.integer(0),
            std::string{rows.text(1)},
            std::string{rows.text(2)},
            enumerator(rows.integer(3), asl::MachineType::Express),
            enumerator(rows.integer(4), MachineStatus::Deleted),
            rows.instant(5),
            rows.integer(6),
            std::string{rows.text(7)},
            rows.integer(8)};
}

VersionRow version_of(const Rows& rows) {
    return {rows.integer(0), rows.integer(1), rows.integer(2), rows.instant(3), std::string{rows.text(4)}};
}

AliasRow alias_of(const Rows& rows) {
    AliasRow row{rows.integer(0), std::string{rows.text(1)}, std::string{rows.text(2)},
                 rows.instant(3), rows.instant(4),           {{rows.integer(5), rows.integer(6)}}};
    if (!rows.is_null(7)) row.routes.push_back({rows.integer(7), rows.integer(8)});
    return row;
}

ExecutionRow execution_of(const Rows& rows) {
    return {rows.integer(0),
            std::string{rows.text(1)},
            std::string{rows.text(2)},
            rows.integer(3),
            rows.integer(4),
            enumerator(rows.integer(5), ExecutionStatus::PendingRedrive),
            rows.instant(6),
            rows.optional_instant(7),
            rows.optional_instant(8),
            rows.integer(9),
            rows.integer(10),
            rows.integer(11),
            rows.optional_instant(12),
            std::string{rows.text(13)},
            std::string{rows.text(14)},
            rows.integer(15),
            std::string{rows.text(16)},
            rows.integer(17),
            rows.integer(18),
            rows.integer(19),
            rows.integer(20),
            rows.integer(21)};
}

MapRunRow map_run_of(const Rows& rows) {
    return {rows.integer(0),
            std::string{rows.text(1)},
            rows.integer(2),
            rows.integer(3),
            std::string{rows.text(4)},
            std::string{rows.text(5)},
            rows.integer(6),
            rows.instant(7),
            rows.optional_instant(8),
            enumerator(rows.integer(9), MapRunStatus::Aborted),
            rows.integer(10),
            rows.integer(11),
            rows.real(12),
            rows.integer(13),
            rows.integer(14),
            rows.optional_instant(15)};
}

std::vector<ExecutionRow> executions_of(Rows rows) {
    std::vector<ExecutionRow> found;
    while (rows.next()) found.push_back(execution_of(rows));
    return found;
}

// Of a row of (place, batch).
std::vector<RecordedEvent> batch_of(const Rows& rows) {
    try {
        return decode_events(rows.blob(1));
    } catch (const DamagedError& e) {
        const auto place = rows.integer(0);
        throw DamagedError{"batch " + std::to_string(place & (batch_limit - 1)) + " of execution " +
                           std::to_string(place >> batch_bits) + ": " + e.what()};
    }
}

std::int64_t as_limit(std::size_t limit) {
    return static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace

Reader::Reader(const std::string& file) : connection_{file, Connection::Access::Read} {
    connection_.execute("PRAGMA cache_size = -1000");  // KiB: there may be several of us
}

const Statement& Reader::prepared(const std::string& sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second;
    return statements_.emplace(sql, Statement{connection_.handle(), sql}).first->second;
}

std::vector<MachineRow> Reader::machines() {
    Rows rows{
        prepared("SELECT number, arn, name, type, status, created, revision, tags, last_version FROM machines"
                 " WHERE status <> 2 ORDER BY number")};
    std::vector<MachineRow> found;
    while (rows.next()) found.push_back(machine_of(rows));
    return found;
}

std::vector<VersionRow> Reader::versions() {
    Rows rows{
        prepared("SELECT machine, version, revision, created, description FROM versions ORDER BY machine, version")};
    std::vector<VersionRow> found;
    while (rows.next()) found.push_back(version_of(rows));
    return found;
}

std::vector<AliasRow> Reader::aliases() {
    Rows rows{
        prepared("SELECT machine, name, description, created, updated, version, weight, second_version, second_weight"
                 " FROM aliases ORDER BY machine, name")};
    std::vector<AliasRow> found;
    while (rows.next()) found.push_back(alias_of(rows));
    return found;
}

std::optional<RevisionRow> Reader::revision(std::int64_t number) {
    Rows rows{prepared("SELECT number, machine, revision_id, created, definition, role_arn, configuration"
                       " FROM revisions WHERE number = ?1"),
              number};
    if (!rows.next()) return std::nullopt;
    return RevisionRow{rows.integer(0),           rows.integer(1),           std::string{rows.text(2)}, rows.instant(3),
                       std::string{rows.text(4)}, std::string{rows.text(5)}, std::string{rows.text(6)}};
}

std::vector<ActivityRow> Reader::activities() {
    Rows rows{prepared("SELECT arn, name, created, tags, configuration FROM activities ORDER BY arn")};
    std::vector<ActivityRow> found;
    while (rows.next()) {
        found.push_back({std::string{rows.text(0)}, std::string{rows.text(1)}, rows.instant(2),
                         std::string{rows.text(3)}, std::string{rows.text(4)}});
    }
    return found;
}

std::vector<FunctionRow> Reader::functions() {
    Rows rows{prepared("SELECT name, part, document FROM functions ORDER BY name, part")};
    std::vector<FunctionRow> found;
    while (rows.next()) {
        found.push_back({std::string{rows.text(0)}, std::string{rows.text(1)}, std::string{rows.text(2)}});
    }
    return found;
}

std::vector<FunctionEventRow> Reader::function_events() {
    Rows rows{prepared("SELECT id, document, payload FROM function_events ORDER BY id")};
    std::vector<FunctionEventRow> found;
    while (rows.next()) {
        found.push_back({std::string{rows.text(0)}, std::string{rows.text(1)}, std::string{rows.blob(2)}});
    }
    return found;
}

std::optional<ExecutionRow> Reader::find_execution(std::string_view arn) {
    Rows rows{prepared(select_execution + " WHERE arn = ?1"), arn};
    if (!rows.next()) return std::nullopt;
    return execution_of(rows);
}

std::optional<ExecutionRow> Reader::execution(std::int64_t number) {
    Rows rows{prepared(select_execution + " WHERE number = ?1"), number};
    if (!rows.next()) return std::nullopt;
    return execution_of(rows);
}

std::string executions_sql(const ExecutionQuery& query) {
    // SQLite uses a partial index when the query spells the index's condition: `status <> 1`, not Succeeded.
    const bool children = query.map_run != 0;
    const bool unsuccessful = !children && query.status && *query.status != ExecutionStatus::Succeeded;
    std::string sql = select_execution + " WHERE ";
    sql += query.machine ? "machine = ?1" : "?1 IS NULL";
    sql += unsuccessful ? " AND status <> 1 AND status = ?2" : query.status ? " AND status = ?2" : " AND ?2 IS NULL";
    sql += children ? " AND map_run <> 0 AND map_run = ?9" : " AND map_run = 0 AND ?9 = 0";
    sql += !query.after ? " AND ?3 IS NULL AND ?4 IS NULL"
           : children   ? " AND ?3 IS NOT NULL AND item < (SELECT item FROM executions WHERE number = ?4)"
                        : " AND (started, number) < (?3, ?4)";
    sql += query.name_prefix.empty() ? " AND ?5 = ''" : " AND substr(name, 1, length(?5)) = ?5";
    // As above: the partial indexes over those that were started by a version or an alias.
    sql += query.version ? " AND version <> 0 AND version = ?7" : " AND ?7 IS NULL";
    sql += query.alias ? " AND alias <> '' AND alias = ?8" : " AND ?8 IS NULL";
    return sql + (children ? " ORDER BY item DESC LIMIT ?6" : " ORDER BY started DESC, number DESC LIMIT ?6");
}

std::vector<ExecutionRow> Reader::executions(const ExecutionQuery& query) {
    const auto after_started = query.after ? std::optional{query.after->first} : std::nullopt;
    const auto after_number = query.after ? std::optional{query.after->second} : std::nullopt;
    return executions_of(Rows{prepared(executions_sql(query)), query.machine, query.status, after_started, after_number,
                              query.name_prefix, as_limit(query.limit), query.version, query.alias, query.map_run});
}

std::vector<ExecutionRow> Reader::due_executions(const DueQuery& query) {
    const auto after = query.after.value_or(std::pair{Instant::min(), std::int64_t{0}});
    return executions_of(Rows{prepared(select_execution + " WHERE status = 0 AND wake_at IS NOT NULL AND wake_at <= ?1"
                                                          " AND (wake_at, number) > (?2, ?3)"
                                                          " ORDER BY wake_at, number LIMIT ?4"),
                              query.until, after.first, after.second, as_limit(query.limit)});
}

std::string awaited_sql() {
    return select_execution +
           " WHERE status = 0 AND awaited_by <> 0 AND (awaited_by, number) > (?1, ?2) AND redrive_count = 0"
           " ORDER BY awaited_by, number LIMIT ?3";
}

std::vector<ExecutionRow> Reader::awaited_executions(const AwaitedQuery& query) {
    return executions_of(Rows{prepared(awaited_sql()), query.after.first, query.after.second, as_limit(query.limit)});
}

std::vector<RecordedEvent> Reader::events(std::int64_t execution) {
    std::vector<RecordedEvent> found;
    if (execution < 0 || execution >= execution_limit) return found;
    Rows rows{prepared("SELECT place, batch FROM events WHERE place BETWEEN ?1 AND ?2 ORDER BY place"),
              first_place(execution), last_place(execution)};
    while (rows.next()) std::ranges::move(batch_of(rows), std::back_inserter(found));
    return found;
}

std::vector<RecordedEvent> Reader::history(const HistoryQuery& query) {
    std::vector<RecordedEvent> found;
    if (query.execution < 0 || query.execution >= execution_limit) return found;
    // first_id and last_id come before the batch in a row, so passing over a batch does not read it.
    const auto* const forwards =
        "SELECT place, batch FROM events WHERE place BETWEEN ?1 AND ?2 AND last_id > ?3 ORDER BY place";
    const auto* const backwards =
        "SELECT place, batch FROM events WHERE place BETWEEN ?1 AND ?2 AND first_id < ?3 AND last_id > 0"
        " ORDER BY place DESC";
    const auto beyond = query.reverse && query.after == 0 ? std::numeric_limits<std::int64_t>::max() : query.after;
    Rows rows{prepared(query.reverse ? backwards : forwards), first_place(query.execution), last_place(query.execution),
              beyond};
    while (found.size() < query.limit && rows.next()) {
        auto batch = batch_of(rows);
        if (query.reverse) std::ranges::reverse(batch);
        for (auto& event : batch) {
            const bool wanted = event.id > 0 && (query.reverse ? event.id < beyond : event.id > beyond);
            if (wanted && found.size() < query.limit) found.push_back(std::move(event));
        }
    }
    return found;
}

std::optional<std::string> Reader::setting(std::string_view name) {
    Rows rows{prepared("SELECT value FROM settings WHERE name = ?1"), name};
    if (!rows.next()) return std::nullopt;
    return std::string{rows.blob(0)};
}

std::optional<MapRunRow> Reader::map_run(std::int64_t number) {
    Rows rows{prepared(select_map_run + " WHERE number = ?1"), number};
    if (!rows.next()) return std::nullopt;
    return map_run_of(rows);
}

std::optional<MapRunRow> Reader::find_map_run(std::string_view arn) {
    Rows rows{prepared(select_map_run + " WHERE arn = ?1"), arn};
    if (!rows.next()) return std::nullopt;
    return map_run_of(rows);
}

namespace {

std::vector<MapRunRow> map_runs_of(Rows rows) {
    std::vector<MapRunRow> found;
    while (rows.next()) found.push_back(map_run_of(rows));
    return found;
}

}  // namespace

std::vector<MapRunRow> Reader::map_runs(std::int64_t execution) {
    return map_runs_of(Rows{prepared(select_map_run + " WHERE execution = ?1 ORDER BY number"), execution});
}

std::vector<MapRunRow> Reader::running_map_runs() {
    return map_runs_of(Rows{prepared(select_map_run + " WHERE status = ?1 ORDER BY number"), MapRunStatus::Running});
}

std::string children_sql(const ChildQuery& query) {
    return select_execution + " WHERE map_run <> 0 AND map_run = ?1 AND item > ?2" +
           (query.status ? " AND status = ?3" : " AND ?3 IS NULL") + " ORDER BY item LIMIT ?4";
}

std::vector<ExecutionRow> Reader::map_run_children(const ChildQuery& query) {
    return executions_of(
        Rows{prepared(children_sql(query)), query.map_run, query.after_item, query.status, as_limit(query.limit)});
}

StatusCounts Reader::map_run_counts(std::int64_t map_run) {
    Rows rows{prepared("SELECT status, count(*), sum(items) FROM executions WHERE map_run <> 0 AND map_run = ?1"
                       " GROUP BY status"),
              map_run};
    StatusCounts counts{};
    while (rows.next()) {
        const auto status = enumerator(rows.integer(0), ExecutionStatus::PendingRedrive);
        counts.at(static_cast<std::size_t>(status)) = {rows.integer(1), rows.integer(2)};
    }
    return counts;
}

StatusCount Reader::failed_children(std::int64_t map_run, std::int64_t events) {
    Rows rows{prepared("SELECT count(*), coalesce(sum(items), 0) FROM executions WHERE map_run <> 0 AND map_run = ?1"
                       " AND last_event >= ?2 AND status NOT IN (?3, ?4)"),
              map_run, events, ExecutionStatus::Running, ExecutionStatus::Succeeded};
    if (!rows.next()) return {};
    return {rows.integer(0), rows.integer(1)};
}

Store::Numbers Reader::last_numbers() {
    Rows rows{
        prepared("SELECT (SELECT max(number) FROM machines), (SELECT max(number) FROM revisions),"
                 " (SELECT max(number) FROM executions), (SELECT max(number) FROM map_runs)")};
    if (!rows.next()) return {};
    return {rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3)};
}

}  // namespace pawl::sqlite
