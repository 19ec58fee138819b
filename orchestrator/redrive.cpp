// Redriving an execution: whether it can be, and the doing. Spec: AWS Step Functions Developer Guide, "Restarting state
// machine executions with redrive", and DescribeExecution's redriveStatusReason.
#include "orchestrator/orchestrator_impl.hpp"

namespace pawl {
namespace {

constexpr Millis redrivable_period = std::chrono::hours{14 * 24};
constexpr Millis token_period = std::chrono::minutes{15};  // in which the same client token means the same call

constexpr auto history_full = "Execution history event limit exceeded";

RedriveStatus no(std::string why) { return {RedriveStatus::Kind::NotRedrivable, std::move(why)}; }

bool has_not_failed(ExecutionStatus status) {
    return status == ExecutionStatus::Running || status == ExecutionStatus::Succeeded;
}

std::string wrong_status(ExecutionStatus status) {
    return "Execution is " + std::string{to_string(status)} + " and cannot be redriven";
}

ApiError not_redrivable(const std::string& why) {
    return {"ExecutionNotRedrivable", "Execution Not Redrivable: '" + why + "'"};
}

// When this client token has redriven the execution; nothing when it has not, or long ago.
std::optional<Instant> redriven_by(const Store& store, const ExecutionRow& row, const std::string& client_token,
                                   Instant now) {
    if (client_token.empty() || !row.redriven || now - *row.redriven > token_period) return std::nullopt;
    constexpr std::size_t page = 256;
    std::int64_t after = 0;
    while (true) {
        const auto events = store.history({row.number, true, after, page});
        for (const auto& event : events) {
            if (now - event.at > token_period) return std::nullopt;
            const auto* redriven = std::get_if<ExecutionRedriven>(&event.event);
            if (redriven && redriven->client_token == client_token) return event.at;
        }
        if (events.size() < page) return std::nullopt;
        after = events.back().id;
    }
}

}  // namespace

std::string_view to_string(RedriveStatus::Kind kind) {
    switch (kind) {
        case RedriveStatus::Kind::Redrivable:
            return "REDRIVABLE";
        case RedriveStatus::Kind::NotRedrivable:
            return "NOT_REDRIVABLE";
        case RedriveStatus::Kind::RedrivableByMapRun:
            return "REDRIVABLE_BY_MAP_RUN";
    }
    return "NOT_REDRIVABLE";
}

RedriveStatus redrive_status_of_child(const ExecutionRow& row, const Limits& limits) {
    if (has_not_failed(row.status)) return no(wrong_status(row.status));
    if (row.last_event >= events_of_a_full_history(limits)) return no(history_full);
    return {RedriveStatus::Kind::RedrivableByMapRun};
}

RedriveStatus Orchestrator::Impl::redrive_status(const ExecutionRow& row) const {
    if (row.map_run != 0) return redrive_status_of_child(row, settings.limits);
    if (has_not_failed(row.status)) return no(wrong_status(row.status));
    if (is_express(row.arn)) return no("Execution is of an Express state machine and cannot be redriven");
    if (!machines.is_active(machine_arn_of(row.arn), row.machine)) return no("State machine is in DELETING status");
    if (row.last_event >= events_of_a_full_history(settings.limits)) return no(history_full);
    if (row.stopped && clock.now() - *row.stopped > redrivable_period) {
        return no("Execution redrivable period exceeded");
    }
    return {};
}

ApiResult<Instant> Orchestrator::redrive_execution(std::string_view arn, const std::string& client_token) {
    const auto row = impl_->store.find_execution(arn);
    if (!row) return execution_does_not_exist(arn);
    if (const auto at = redriven_by(impl_->store, *row, client_token, impl_->clock.now())) return *at;
    const auto status = impl_->redrive_status(*row);
    if (status.kind == RedriveStatus::Kind::NotRedrivable) return not_redrivable(status.reason);
    if (status.kind == RedriveStatus::Kind::RedrivableByMapRun) {
        return not_redrivable("Execution is of a Map Run: redrive the execution that the Map Run belongs to");
    }
    auto redriven = impl_->stimulate(row->number, Redrive{client_token});
    if (redriven || redriven.error().type != "TaskTimedOut") return redriven;
    // Somebody else was first, with the same token or another, and may not be durable yet.
    impl_->journal.flush();
    const auto now = impl_->store.execution(row->number);
    if (now) {
        if (const auto at = redriven_by(impl_->store, *now, client_token, impl_->clock.now())) return *at;
        const auto since = impl_->redrive_status(*now);
        if (since.kind == RedriveStatus::Kind::NotRedrivable) return not_redrivable(since.reason);
    }
    return not_redrivable("Execution has nothing to go on from");
}

}  // namespace pawl
