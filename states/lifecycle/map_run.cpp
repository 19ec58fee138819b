#include "states/lifecycle/map_run.hpp"

#include "states/lifecycle/machine.hpp"

namespace pawl {

std::string_view to_string(MapRunStatus status) {
    switch (status) {
        case MapRunStatus::Running:
            return "RUNNING";
        case MapRunStatus::Succeeded:
            return "SUCCEEDED";
        case MapRunStatus::Failed:
            return "FAILED";
        case MapRunStatus::Aborted:
            return "ABORTED";
    }
    return "?";
}

namespace map_run_status {
namespace {

using namespace lifecycle;

using InRunning = In<MapRunStatus::Running>;
using InSucceeded = In<MapRunStatus::Succeeded>;
using InFailed = In<MapRunStatus::Failed>;
using InAborted = In<MapRunStatus::Aborted>;

struct Table : Lifecycle<Table, MapRunStatus> {
    using Lifecycle::Lifecycle;
    // clang-format off
    struct transition_table : vector<
        Resume<MapRunStatus::Running>, Resume<MapRunStatus::Succeeded>, Resume<MapRunStatus::Failed>,
        Resume<MapRunStatus::Aborted>,
        //   From        On          To
        Row< InRunning , Completed , InSucceeded , none , none >,
        Row< InRunning , Errored   , InFailed    , none , none >,
        Row< InRunning , Stopped   , InAborted   , none , none >,
        Row< InFailed  , Redriven  , InRunning   , none , none >,
        Row< InAborted , Redriven  , InRunning   , none , none >
    > {};
    // clang-format on
};

}  // namespace

std::optional<MapRunStatus> next(MapRunStatus status, const Event& event) { return step<Table>(status, event); }

std::string diagram() { return lifecycle::diagram<Table>(); }

}  // namespace map_run_status
}  // namespace pawl
