// What a commit may contain.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "persistence/rows.hpp"

namespace pawl {

struct PutMachine {  // insert, or replace the one with this number
    MachineRow row;
};
struct PutRevision {  // insert
    RevisionRow row;
};
struct PutVersion {  // insert
    VersionRow row;
};
struct DeleteVersion {  // nothing happens when there is none
    std::int64_t machine = 0;
    std::int64_t version = 0;
};
struct PutAlias {  // insert, or replace the one of this name
    AliasRow row;
};
struct DeleteAlias {  // nothing happens when there is none
    std::int64_t machine = 0;
    std::string name;
};
struct InsertExecution {
    ExecutionRow row;
};
struct UpdateExecution {  // the columns that change: status, stopped, wake_at, last_event, batches, redrive_*
    ExecutionRow row;
};
// The events of one decision, in order; `batch` counts from 0 within the execution.
struct AppendEvents {
    std::int64_t execution = 0;
    std::int64_t batch = 0;
    std::vector<RecordedEvent> events;
};
// Forgets the batches of an execution before `batch`.
struct DropEvents {
    std::int64_t execution = 0;
    std::int64_t batch = 0;
};
struct PutSetting {  // insert or replace
    std::string name;
    std::string value;  // any bytes
};
struct PutActivity {  // insert, or replace the one with this ARN
    ActivityRow row;
};
struct RemoveActivity {  // of nothing is fine
    std::string arn;
};
struct PutFunction {  // insert, or replace the part of this name
    FunctionRow row;
};
struct RemoveFunction {  // one part; of nothing is fine
    std::string name;
    std::string part;
};
struct PutFunctionEvent {  // insert, or replace the one with this id
    FunctionEventRow row;
};
struct RemoveFunctionEvent {  // of nothing is fine
    std::string id;
};
struct PutMapRun {  // insert, or replace the one with this number
    MapRunRow row;
};

using Change = std::variant<PutMachine, PutRevision, PutVersion, DeleteVersion, PutAlias, DeleteAlias, InsertExecution,
                            UpdateExecution, AppendEvents, DropEvents, PutSetting, PutActivity, RemoveActivity,
                            PutFunction, RemoveFunction, PutFunctionEvent, RemoveFunctionEvent, PutMapRun>;
using Changes = std::vector<Change>;

}  // namespace pawl
