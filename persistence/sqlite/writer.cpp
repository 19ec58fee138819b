#include "persistence/sqlite/writer.hpp"

#include <algorithm>
#include <string>

#include "persistence/event_codec.hpp"
#include "persistence/execution_update.hpp"
#include "persistence/sqlite/event_place.hpp"

namespace pawl::sqlite {
namespace {

// The lowest and the highest id shown; 0 and 0 when none is.
struct ShownIds {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

ShownIds shown_ids(const std::vector<RecordedEvent>& events) {
    ShownIds ids;
    for (const auto& event : events) {
        if (event.id == 0) continue;
        if (ids.first == 0) ids.first = event.id;
        ids.last = event.id;
    }
    return ids;
}

}  // namespace

Writer::Writer(sqlite3* db)
    : db_{db},
      put_machine_{db,
                   "INSERT INTO machines (number, arn, name, type, status, created, revision, tags, last_version)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                   " ON CONFLICT (number) DO UPDATE SET arn = ?2, name = ?3, type = ?4, status = ?5, created = ?6,"
                   " revision = ?7, tags = ?8, last_version = ?9"},
      put_revision_{db,
                    "INSERT INTO revisions (number, machine, revision_id, created, definition, role_arn, configuration)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
      put_version_{db,
                   "INSERT INTO versions (machine, version, revision, created, description)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)"},
      delete_version_{db, "DELETE FROM versions WHERE machine = ?1 AND version = ?2"},
      put_alias_{db,
                 "INSERT INTO aliases (machine, name, description, created, updated, version, weight, second_version,"
                 " second_weight) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                 " ON CONFLICT (machine, name) DO UPDATE SET description = ?3, created = ?4, updated = ?5,"
                 " version = ?6, weight = ?7, second_version = ?8, second_weight = ?9"},
      delete_alias_{db, "DELETE FROM aliases WHERE machine = ?1 AND name = ?2"},
      insert_execution_{db,
                        "INSERT INTO executions (number, arn, name, machine, revision, status, started, stopped,"
                        " wake_at, last_event, batches, redrive_count, redriven, trace_header, test_case, version,"
                        " alias, map_run, item, items, awaited_by, awaiting_task)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
                        " ?19, ?20, ?21, ?22)"},
      // Most updates of a running execution leave its status and wake_at alone; then no index needs to be touched.
      progress_execution_{db,
                          "UPDATE executions SET last_event = ?4, batches = ?5, stopped = ?6, redrive_count = ?7,"
                          " redriven = ?8 WHERE number = ?1 AND status = ?2 AND wake_at IS ?3"},
      update_execution_{db,
                        "UPDATE executions SET status = ?2, wake_at = ?3, last_event = ?4, batches = ?5, stopped = ?6,"
                        " redrive_count = ?7, redriven = ?8 WHERE number = ?1"},
      append_events_{db, "INSERT INTO events (place, first_id, last_id, batch) VALUES (?1, ?2, ?3, ?4)"},
      drop_events_{db, "DELETE FROM events WHERE place >= ?1 AND place < ?2"},
      put_setting_{db,
                   "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2"},
      put_activity_{db,
                    "INSERT INTO activities (arn, name, created, tags, configuration) VALUES (?1, ?2, ?3, ?4, ?5)"
                    " ON CONFLICT (arn) DO UPDATE SET name = ?2, created = ?3, tags = ?4, configuration = ?5"},
      remove_activity_{db, "DELETE FROM activities WHERE arn = ?1"},
      put_function_{db,
                    "INSERT INTO functions (name, part, document) VALUES (?1, ?2, ?3)"
                    " ON CONFLICT (name, part) DO UPDATE SET document = ?3"},
      remove_function_{db, "DELETE FROM functions WHERE name = ?1 AND part = ?2"},
      put_function_event_{db,
                          "INSERT INTO function_events (id, document, payload) VALUES (?1, ?2, ?3)"
                          " ON CONFLICT (id) DO UPDATE SET document = ?2, payload = ?3"},
      remove_function_event_{db, "DELETE FROM function_events WHERE id = ?1"},
      put_map_run_{db,
                   "INSERT INTO map_runs (number, arn, execution, task, state, label, revision, started, stopped,"
                   " status, max_concurrency, tolerated_failure_count, tolerated_failure_percentage, items,"
                   " redrive_count, redriven)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
                   " ON CONFLICT (number) DO UPDATE SET arn = ?2, execution = ?3, task = ?4, state = ?5, label = ?6,"
                   " revision = ?7, started = ?8, stopped = ?9, status = ?10, max_concurrency = ?11,"
                   " tolerated_failure_count = ?12, tolerated_failure_percentage = ?13, items = ?14,"
                   " redrive_count = ?15, redriven = ?16"} {}

void Writer::write(std::span<const Changes> groups) {
    executions_.clear();
    for (const auto& changes : groups) {
        for (const auto& change : changes) {
            std::visit([this](const auto& one) { write(one); }, change);
        }
    }
    write_executions();
}

void Writer::write(const PutMachine& change) {
    const auto& row = change.row;
    put_machine_.run(row.number, row.arn, row.name, row.type, row.status, row.created, row.revision, row.tags,
                     row.last_version);
}

void Writer::write(const PutRevision& change) {
    const auto& row = change.row;
    put_revision_.run(row.number, row.machine, row.revision_id, row.created, row.definition, row.role_arn,
                      row.configuration);
}

void Writer::write(const PutVersion& change) {
    const auto& row = change.row;
    put_version_.run(row.machine, row.version, row.revision, row.created, row.description);
}

void Writer::write(const DeleteVersion& change) { delete_version_.run(change.machine, change.version); }

void Writer::write(const PutAlias& change) {
    const auto& row = change.row;
    if (row.routes.empty() || row.routes.size() > max_alias_routes) {
        throw StoreError{"the alias " + row.name + " has " + std::to_string(row.routes.size()) + " routes"};
    }
    std::optional<std::int64_t> second_version, second_weight;
    if (row.routes.size() == 2) {
        second_version = row.routes[1].version;
        second_weight = row.routes[1].weight;
    }
    put_alias_.run(row.machine, row.name, row.description, row.created, row.updated, row.routes[0].version,
                   row.routes[0].weight, second_version, second_weight);
}

void Writer::write(const DeleteAlias& change) { delete_alias_.run(change.machine, change.name); }

void Writer::write(const AppendEvents& change) {
    const auto ids = shown_ids(change.events);
    append_events_.run(place_of(change.execution, change.batch), ids.first, ids.last,
                       Blob{encode_events(change.events)});
}

void Writer::write(const DropEvents& change) {
    drop_events_.run(first_place(change.execution), place_of(change.execution, change.batch));
}

void Writer::write(const PutSetting& change) { put_setting_.run(change.name, Blob{change.value}); }

void Writer::write(const PutActivity& change) {
    const auto& row = change.row;
    put_activity_.run(row.arn, row.name, row.created, row.tags, row.configuration);
}

void Writer::write(const RemoveActivity& change) { remove_activity_.run(change.arn); }

void Writer::write(const PutFunction& change) {
    put_function_.run(change.row.name, change.row.part, change.row.document);
}

void Writer::write(const RemoveFunction& change) { remove_function_.run(change.name, change.part); }

void Writer::write(const PutFunctionEvent& change) {
    put_function_event_.run(change.row.id, change.row.document, Blob{change.row.payload});
}

void Writer::write(const RemoveFunctionEvent& change) { remove_function_event_.run(change.id); }

void Writer::write(const PutMapRun& change) {
    const auto& row = change.row;
    put_map_run_.run(row.number, row.arn, row.execution, row.task, row.state, row.label, row.revision, row.started,
                     row.stopped, row.status, row.max_concurrency, row.tolerated_failure_count,
                     row.tolerated_failure_percentage, row.items, row.redrive_count, row.redriven);
}

void Writer::write_executions() {
    // By number, each one's changes in their order: also the order that a rowid table likes best.
    std::ranges::stable_sort(executions_, {}, &ExecutionChange::number);
    for (auto change = executions_.begin(); change != executions_.end();) {
        ExecutionChange whole = *change;
        for (++change; change != executions_.end() && change->number == whole.number; ++change) {
            if (change->inserted != nullptr) {
                throw StoreError{"execution " + std::to_string(whole.number) + " is there already"};
            }
            whole.updated = change->updated;
        }
        if (whole.inserted == nullptr) {
            update(*whole.updated);
        } else if (whole.updated == nullptr) {
            insert(*whole.inserted);
        } else {
            auto row = *whole.inserted;
            apply_update(row, *whole.updated);
            insert(row);
        }
    }
}

void Writer::insert(const ExecutionRow& row) {
    insert_execution_.run(row.number, row.arn, row.name, row.machine, row.revision, row.status, row.started,
                          row.stopped, row.wake_at, row.last_event, row.batches, row.redrive_count, row.redriven,
                          row.trace_header, row.test_case, row.version, row.alias, row.map_run, row.item, row.items,
                          row.awaited_by, row.awaiting_task);
}

void Writer::update(const ExecutionRow& row) {
    for (auto* statement : {&progress_execution_, &update_execution_}) {
        statement->run(row.number, row.status, row.wake_at, row.last_event, row.batches, row.stopped, row.redrive_count,
                       row.redriven);
        if (sqlite3_changes(db_) == 1) return;
    }
    throw StoreError{"there is no execution " + std::to_string(row.number)};
}

}  // namespace pawl::sqlite
