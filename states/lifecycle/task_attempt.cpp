#include "states/lifecycle/task_attempt.hpp"

#include "states/lifecycle/machine.hpp"

namespace pawl::attempt {
namespace {

using namespace lifecycle;

using InScheduled = In<Phase::Scheduled>;
using InRunning = In<Phase::Running>;
using InSubmitted = In<Phase::Submitted>;
using InSucceeded = In<Phase::Succeeded>;
using InFailed = In<Phase::Failed>;
using InTimedOut = In<Phase::TimedOut>;
using InAborted = In<Phase::Aborted>;

struct Table : Lifecycle<Table, Phase> {
    using Lifecycle::Lifecycle;
    // clang-format off
    struct transition_table : vector<
        Resume<Phase::Scheduled>, Resume<Phase::Running>, Resume<Phase::Submitted>,
        Resume<Phase::Succeeded>, Resume<Phase::Failed>, Resume<Phase::TimedOut>, Resume<Phase::Aborted>,
        //   From          On               To
        Row< InScheduled , Started        , InRunning   , none , none >,
        Row< InScheduled , Heartbeat      , none        , none , none >,
        Row< InScheduled , Errored        , InFailed    , none , none >,
        Row< InScheduled , DeadlinePassed , InTimedOut  , none , none >,
        Row< InScheduled , Stopped        , InAborted   , none , none >,

        Row< InRunning   , Submitted      , InSubmitted , none , none >,
        Row< InRunning   , Heartbeat      , none        , none , none >,
        Row< InRunning   , Completed      , InSucceeded , none , none >,
        Row< InRunning   , Errored        , InFailed    , none , none >,
        Row< InRunning   , DeadlinePassed , InTimedOut  , none , none >,
        Row< InRunning   , Stopped        , InAborted   , none , none >,

        Row< InSubmitted , Heartbeat      , none        , none , none >,
        Row< InSubmitted , Completed      , InSucceeded , none , none >,
        Row< InSubmitted , Errored        , InFailed    , none , none >,
        Row< InSubmitted , DeadlinePassed , InTimedOut  , none , none >,
        Row< InSubmitted , Stopped        , InAborted   , none , none >
    > {};
    // clang-format on
};

}  // namespace

std::optional<Phase> next(Phase phase, const Event& event) { return step<Table>(phase, event); }

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::Scheduled:
            return "Scheduled";
        case Phase::Running:
            return "Running";
        case Phase::Submitted:
            return "Submitted";
        case Phase::Succeeded:
            return "Succeeded";
        case Phase::Failed:
            return "Failed";
        case Phase::TimedOut:
            return "TimedOut";
        case Phase::Aborted:
            return "Aborted";
    }
    return "?";
}

std::string diagram() { return lifecycle::diagram<Table>(); }

}  // namespace pawl::attempt
