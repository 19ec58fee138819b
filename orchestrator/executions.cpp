// Starting, stopping and looking at executions.
#include "orchestrator/arn.hpp"
#include "orchestrator/execution_input.hpp"
#include "orchestrator/name_rules.hpp"
#include "orchestrator/orchestrator_impl.hpp"

namespace pawl {
namespace {

// "…:stateMachine:m#Case" -> the machine's ARN and "m#Case"; without a test case, the ARN and nothing.
std::pair<std::string, std::string> split_test_case(const std::string& machine_arn) {
    const auto hash = machine_arn.find('#');
    if (hash == std::string::npos) return {machine_arn, {}};
    const auto name = machine_arn.rfind(':', hash);
    return {machine_arn.substr(0, hash), machine_arn.substr(name + 1)};
}

// Longer than an Express machine may run, for what happens around it.
constexpr std::chrono::seconds sync_patience{310};

ApiError type_not_supported() {
    return {"StateMachineTypeNotSupported", "This operation is not supported by this type of state machine"};
}

std::optional<ApiError> check_start(const StartExecution& request) {
    if (auto error = check_arn(request.machine_arn, "stateMachine")) return error;
    if (auto error = refuse_labeled(request.machine_arn)) return error;
    return request.name ? check_name(*request.name) : std::nullopt;
}

}  // namespace

ApiError execution_does_not_exist(std::string_view arn) {
    return {"ExecutionDoesNotExist", "Execution Does Not Exist: '" + std::string{arn} + "'"};
}

ApiResult<ExecutionStartedView> Orchestrator::Impl::start_new(const StartExecution& request, Asked asked,
                                                              std::string arn, std::string name, Payload input) {
    auto& machine = asked.machine;
    const auto number = ++last_number;
    const auto now = clock.now();
    ExecutionIdentity identity{number, arn, name, machine.machine.arn, machine.machine.name, machine.role_arn, now};
    ExecutionRow row;
    row.number = number;
    row.arn = arn;
    row.name = std::move(name);
    row.machine = machine.machine.number;
    row.revision = machine.revision;
    row.started = now;
    row.trace_header = request.trace_header;
    row.test_case = std::move(asked.test_case);
    row.version = machine.version;
    row.alias = std::move(machine.alias);
    if (request.task && request.awaited) {
        row.awaited_by = request.task->execution;
        row.awaiting_task = request.task->task;
    }
    const auto begun = ask(number, [&](Reply reply) {
        return StartMessage{std::move(identity), std::move(row), std::move(machine.definition), std::move(input),
                            std::move(reply)};
    });
    if (!begun) return begun.error();
    return ExecutionStartedView{std::move(arn), now};
}

ApiResult<ExecutionStartedView> Orchestrator::Impl::start_again(const ExecutionRow& row, const Payload& input,
                                                                const StartExecution& request, bool same_call) {
    const ExecutionStartedView view{row.arn, row.started};
    if (same_call) return view;
    const auto first = store.history({row.number, false, 0, 1});
    const auto* started = first.empty() ? nullptr : std::get_if<ExecutionStarted>(&first.front().event);
    const bool same_input = started && started->input.json() == input.json();
    if (same_input && row.status == ExecutionStatus::Running) return view;
    // A process before this one may have ended between the start and the task's hearing of it.
    if (same_input && request.task && row.started < began) {
        const auto asked = store.history({request.task->execution, false, request.task->task - 1, 1});
        if (!asked.empty() && asked.front().at <= row.started) return view;
    }
    return ApiError{"ExecutionAlreadyExists", "Execution Already Exists: '" + row.arn + "'"};
}

// What a start's ARN means: what there is to run, and whose mocks answer its tasks.
ApiResult<Orchestrator::Impl::Asked> Orchestrator::Impl::resolve(const StartExecution& request) {
    if (auto error = check_start(request)) return *std::move(error);
    auto [machine_arn, test_case] = split_test_case(request.machine_arn);
    auto machine = machines.runnable(machine_arn, new_seed());
    if (!machine) return std::move(machine).error();
    if (!test_case.empty()) {
        if (const auto problem = mocks.problem_with(test_case)) return ApiError{"ValidationException", *problem};
    }
    return Asked{*std::move(machine), std::move(test_case)};
}

ApiResult<ExecutionStartedView> Orchestrator::Impl::start(const StartExecution& request, Asked asked) {
    const auto& machine = asked.machine;
    auto input = execution_input(request.input, settings.limits);
    if (!input) return std::move(input).error();
    const bool express = machine.machine.type == asl::MachineType::Express;
    const bool retryable = !request.retry_key.empty();
    const auto call = request.machine_arn + "\n" + request.retry_key;
    const auto name = request.name ? *request.name
                      : retryable  ? execution_name_for(call)
                                   : new_execution_name(clock.now());
    // Express executions may share a name: it is their UUID that tells them apart.
    const auto uuid = !express ? std::string{} : retryable ? execution_name_for(call + "\n" + name) : new_uuid();
    auto arn = express ? arns.express(machine.machine.name, name, uuid) : arns.execution(machine.machine.name, name);
    const bool by_call = retryable && (express || !request.name);
    if (!by_call && (express || !request.name)) {  // made up just now: nobody else has it
        return start_new(request, std::move(asked), std::move(arn), name, *std::move(input));
    }
    const auto turn = gate.enter(arn);
    if (const auto existing = store.find_execution(arn)) return start_again(*existing, *input, request, by_call);
    return start_new(request, std::move(asked), std::move(arn), name, *std::move(input));
}

ApiResult<ExecutionStartedView> Orchestrator::start_execution(const StartExecution& request) {
    auto asked = impl_->resolve(request);
    if (!asked) return std::move(asked).error();
    return impl_->start(request, *std::move(asked));
}

ApiResult<ExecutionView> Orchestrator::start_sync_execution(const StartExecution& request,
                                                            const StillWanted& still_wanted) {
    auto asked = impl_->resolve(request);
    if (!asked) return std::move(asked).error();
    if (asked->machine.machine.type != asl::MachineType::Express) return type_not_supported();
    const auto started = impl_->start(request, *std::move(asked));
    if (!started) return started.error();
    auto ended = wait_for_end(started->arn, sync_patience, still_wanted);
    if (!ended) return ended.error();
    if (!*ended) return ApiError{"ServiceUnavailable", "The execution did not end in time: " + started->arn};
    return **std::move(ended);
}

ApiResult<Instant> Orchestrator::stop_execution(const StopExecution& request) {
    const auto row = impl_->store.find_execution(request.arn);
    if (!row) return execution_does_not_exist(request.arn);
    if (row->stopped) return *row->stopped;
    auto stopped = impl_->stimulate(row->number, Stop{request.error});
    if (stopped || stopped.error().type != "TaskTimedOut") return stopped;
    const auto ended = impl_->store.execution(row->number);  // it ended while we asked
    return ended && ended->stopped ? *ended->stopped : impl_->clock.now();
}

ApiResult<ExecutionView> Orchestrator::describe_execution(std::string_view arn) {
    const auto row = impl_->store.find_execution(arn);
    if (!row) return execution_does_not_exist(arn);
    ExecutionView view{*row, machine_arn_of(row->arn), Payload{}, std::nullopt, {}, impl_->redrive_status(*row), {}};
    if (row->map_run != 0) {
        if (const auto run = impl_->store.map_run(row->map_run)) {
            view.map_run_arn = run->arn;
            view.map_state = run->state;
            if (const auto parent = impl_->store.execution(run->execution)) view.parent_arn = parent->arn;
        }
    }
    const auto first = impl_->store.history({row->number, false, 0, 1});
    if (!first.empty()) {
        if (const auto* started = std::get_if<ExecutionStarted>(&first.front().event)) view.input = started->input;
    }
    if (row->status == ExecutionStatus::Running) return view;
    const auto last = impl_->store.history({row->number, true, 0, 1});
    if (last.empty()) return view;
    std::visit(overloaded{
                   [&](const ExecutionSucceeded& e) { view.output = e.output; },
                   [&](const ExecutionFailed& e) { view.error = e.error; },
                   [&](const ExecutionTimedOut& e) { view.error = e.error; },
                   [&](const ExecutionAborted& e) { view.error = e.error; },
                   [](const auto&) {},
               },
               last.front().event);
    return view;
}

ApiResult<std::vector<ExecutionListItem>> Orchestrator::list_executions(const ListExecutions& query) {
    ExecutionQuery rows;
    rows.status = query.status;
    rows.name_prefix = query.name_prefix;
    rows.after = query.after;
    rows.limit = query.limit;
    if (!query.map_run_arn.empty()) {
        const auto run = impl_->find_map_run(query.map_run_arn);
        if (!run) return map_run_does_not_exist(query.map_run_arn);
        rows.map_run = run->number;
    }
    if (!query.machine_arn.empty()) {
        const auto scope = impl_->machines.scope(query.machine_arn);
        if (!scope) return scope.error();
        if (query.standard_only && scope->machine.type == asl::MachineType::Express) return type_not_supported();
        rows.machine = scope->machine.number;
        rows.version = scope->version;
        rows.alias = scope->alias;
    }
    std::vector<ExecutionListItem> items;
    for (auto& row : impl_->store.executions(rows)) {
        auto machine_arn = machine_arn_of(row.arn);
        items.push_back({std::move(row), std::move(machine_arn), query.map_run_arn});
    }
    return items;
}

ApiResult<std::vector<RecordedEvent>> Orchestrator::history(const GetHistory& query) {
    const auto row = impl_->store.find_execution(query.arn);
    if (!row) return execution_does_not_exist(query.arn);
    return impl_->store.history({row->number, query.reverse, query.after, query.limit});
}

}  // namespace pawl
