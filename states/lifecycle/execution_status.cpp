#include "states/lifecycle/execution_status.hpp"

#include <array>

#include "states/lifecycle/machine.hpp"

namespace pawl {

std::string_view to_string(ExecutionStatus status) {
    switch (status) {
        case ExecutionStatus::Running:
            return "RUNNING";
        case ExecutionStatus::Succeeded:
            return "SUCCEEDED";
        case ExecutionStatus::Failed:
            return "FAILED";
        case ExecutionStatus::TimedOut:
            return "TIMED_OUT";
        case ExecutionStatus::Aborted:
            return "ABORTED";
        case ExecutionStatus::PendingRedrive:
            return "PENDING_REDRIVE";
    }
    return "?";
}

std::optional<ExecutionStatus> parse_execution_status(std::string_view text) {
    using enum ExecutionStatus;
    for (const auto status : {Running, Succeeded, Failed, TimedOut, Aborted, PendingRedrive}) {
        if (to_string(status) == text) return status;
    }
    return std::nullopt;
}

namespace execution_status {
namespace {

using namespace lifecycle;

using InRunning = In<ExecutionStatus::Running>;
using InSucceeded = In<ExecutionStatus::Succeeded>;
using InFailed = In<ExecutionStatus::Failed>;
using InTimedOut = In<ExecutionStatus::TimedOut>;
using InAborted = In<ExecutionStatus::Aborted>;

struct Table : Lifecycle<Table, ExecutionStatus> {
    using Lifecycle::Lifecycle;
    // clang-format off
    struct transition_table : vector<
        Resume<ExecutionStatus::Running>, Resume<ExecutionStatus::Succeeded>, Resume<ExecutionStatus::Failed>,
        Resume<ExecutionStatus::TimedOut>, Resume<ExecutionStatus::Aborted>,
        //   From         On               To
        Row< InRunning  , Completed      , InSucceeded , none , none >,
        Row< InRunning  , Errored        , InFailed    , none , none >,
        Row< InRunning  , DeadlinePassed , InTimedOut  , none , none >,
        Row< InRunning  , Stopped        , InAborted   , none , none >,
        Row< InFailed   , Redriven       , InRunning   , none , none >,
        Row< InTimedOut , Redriven       , InRunning   , none , none >,
        Row< InAborted  , Redriven       , InRunning   , none , none >
    > {};
    // clang-format on
};

}  // namespace

std::optional<ExecutionStatus> next(ExecutionStatus status, const Event& event) { return step<Table>(status, event); }

std::string diagram() { return lifecycle::diagram<Table>(); }

}  // namespace execution_status
}  // namespace pawl
