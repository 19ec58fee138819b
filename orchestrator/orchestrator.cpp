#include "orchestrator/orchestrator.hpp"

#include <condition_variable>
#include <future>
#include <mutex>

#include "orchestrator/clock.hpp"
#include "orchestrator/functions/task_token.hpp"
#include "orchestrator/machines.hpp"
#include "orchestrator/names.hpp"
#include "orchestrator/outbox.hpp"
#include "orchestrator/shard.hpp"
#include "orchestrator/start_gate.hpp"
#include "orchestrator/commit.hpp"
#include "persistence/journal.hpp"
#include "states/asl/json_syntax.hpp"

namespace pawl {
namespace {

constexpr std::chrono::seconds answer_patience{60};  // for a shard and the disk; beyond it something is badly wrong

ApiError execution_does_not_exist(std::string_view arn) {
    return {"ExecutionDoesNotExist", "Execution Does Not Exist: '" + std::string{arn} + "'"};
}

ApiError invalid_token() { return {"InvalidToken", "Invalid Token: 'Invalid token'"}; }

ApiError throttled() { return {"ThrottlingException", "Rate exceeded"}; }

ApiError too_large_input() {
    return {"ValidationException",
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less "
            "than or equal to 262144"};
}

// The key that signs task tokens: made once for a store, so that tokens outlive the process.
std::string token_key(Store& store, Journal& journal) {
    constexpr std::string_view name = "task_token_key";
    if (auto key = store.setting(name)) return *std::move(key);
    auto key = TokenSigner::new_key();
    commit_and_wait(journal, {PutSetting{std::string{name}, key}});
    return key;
}

ApiResult<Payload> execution_input(const std::optional<std::string>& text, const Limits& limits) {
    if (!text) return Payload{};
    if (text->size() > limits.payload_bytes) return too_large_input();
    const auto invalid = [](const std::string& why) {
        return ApiError{"InvalidExecutionInput", "Invalid State Machine Execution Input: '" + why + "'"};
    };
    if (text->empty()) return invalid("Invalid execution input.");
    if (const auto problem = asl::find_syntax_problem(*text)) return invalid(problem->message);
    auto payload = Payload::parse(*text);
    if (!payload) return invalid(payload.error().message);
    return *std::move(payload);
}

}  // namespace

struct Orchestrator::Impl {
    Impl(Store& s, Journal& j, TaskRunner& tasks, Clock& c, OrchestratorSettings given)
        : store{s},
          journal{j},
          clock{c},
          settings{std::move(given)},
          arns{settings.region, settings.account},
          signer{token_key(store, journal)},
          surroundings{settings.limits, settings.region,
                       [this](const ExecutionIdentity& id, TaskId task) { return signer.mint(id.number, task); }},
          machines{store, journal, tasks, clock, arns},
          outbox{tasks, watchers},
          resets(settings.shards, false),
          last_number{store.last_numbers().execution} {
        // Tasks may answer after the shards have gone: then nobody is there to hear it.
        outbox.connect([weak = std::weak_ptr<Shards>{shards}](std::int64_t execution, decltype(Stimulus::what) what) {
            if (const auto alive = weak.lock()) {
                of(*alive, execution).post(StimulusMessage{execution, std::move(what), {}});
            }
        });
        const ShardContext context{store,   journal,      machines,         outbox,
                                   clock,   surroundings, settings.shards,  [this](std::size_t i) { shard_was_reset(i); }};
        // The shards hear of a failed commit after all else that was posted before it, and so does what they hold.
        journal.on_failure([weak = std::weak_ptr<Shards>{shards}](const std::string& why) {
            if (const auto alive = weak.lock()) {
                for (const auto& shard : *alive) shard->post(ResetMessage{why});
            }
        });
        for (std::size_t i = 0; i < settings.shards; ++i) shards->push_back(std::make_unique<Shard>(context, i));
    }
    ~Impl() {
        for (const auto& shard : *shards) shard->stop();
        journal.flush();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    using Shards = std::vector<std::unique_ptr<Shard>>;
    static Shard& of(Shards& all, std::int64_t execution) {
        return *all[static_cast<std::size_t>(execution) % all.size()];
    }

    // After a failed commit the journal refuses everything until no shard holds anything that is not stored.
    void shard_was_reset(std::size_t index) {
        const std::lock_guard lock{resets_mutex};
        resets[index] = true;
        if (std::find(resets.begin(), resets.end(), false) != resets.end()) return;
        resets.assign(resets.size(), false);
        journal.resume();
    }

    // Posts a message and waits for its reply.
    template <class MakeMessage>
    ApiResult<Instant> ask(std::int64_t execution, MakeMessage make_message) {
        auto promise = std::make_shared<std::promise<ApiResult<Instant>>>();
        auto future = promise->get_future();
        Reply reply = [promise](ApiResult<Instant> answer) { promise->set_value(std::move(answer)); };
        if (!of(*shards, execution).try_post(make_message(std::move(reply)))) return throttled();
        if (future.wait_for(answer_patience) != std::future_status::ready) {
            return ApiError{"ServiceUnavailable", "The engine did not answer in time; the request may still be done."};
        }
        return future.get();
    }

    ApiResult<Instant> stimulate(std::int64_t execution, decltype(Stimulus::what) what) {
        return ask(execution, [&](Reply reply) { return StimulusMessage{execution, std::move(what), std::move(reply)}; });
    }

    ApiResult<ExecutionStartedView> start_new(Runnable machine, std::string arn, std::string name, Payload input,
                                              std::string trace_header) {
        const auto number = ++last_number;
        const auto now = clock.now();
        ExecutionIdentity identity{number,       arn, name, machine.machine.arn, machine.machine.name,
                                   machine.role_arn, now};
        ExecutionRow row;
        row.number = number;
        row.arn = arn;
        row.name = std::move(name);
        row.machine = machine.machine.number;
        row.revision = machine.revision;
        row.started = now;
        row.trace_header = std::move(trace_header);
        const auto begun = ask(number, [&](Reply reply) {
            return StartMessage{std::move(identity), std::move(row), std::move(machine.definition), std::move(input),
                                std::move(reply)};
        });
        if (!begun) return begun.error();
        return ExecutionStartedView{std::move(arn), now};
    }

    // The answer to a start whose name is taken.
    ApiResult<ExecutionStartedView> start_again(const ExecutionRow& row, const Payload& input, bool same_call) {
        if (same_call) return ExecutionStartedView{row.arn, row.started};
        const auto first = store.history({row.number, false, 0, 1});
        const auto* started = first.empty() ? nullptr : std::get_if<ExecutionStarted>(&first.front().event);
        if (row.status == ExecutionStatus::Running && started && started->input.json() == input.json()) {
            return ExecutionStartedView{row.arn, row.started};
        }
        return ApiError{"ExecutionAlreadyExists", "Execution Already Exists: '" + row.arn + "'"};
    }

    ApiResult<TokenSigner::Opened> open(std::string_view token) {
        const auto opened = signer.open(token);
        if (!opened) return invalid_token();
        return *opened;
    }

    ApiResult<Done> answer_task(std::string_view token, const std::function<decltype(Stimulus::what)(TaskId)>& what) {
        const auto opened = open(token);
        if (!opened) return opened.error();
        const auto answered = stimulate(opened->execution, what(opened->task));
        if (!answered) return answered.error();
        return Done{};
    }

    Store& store;
    Journal& journal;
    Clock& clock;
    const OrchestratorSettings settings;
    const ArnSpace arns;
    const TokenSigner signer;
    const Surroundings surroundings;
    Machines machines;
    Watchers watchers;
    Outbox outbox;
    StartGate gate;
    std::mutex resets_mutex;  // shards meet here only after the store has failed
    std::vector<bool> resets;
    std::atomic<std::int64_t> last_number;
    std::shared_ptr<Shards> shards = std::make_shared<Shards>();
};

Orchestrator::Orchestrator(Store& store, Journal& journal, TaskRunner& tasks, Clock& clock,
                           OrchestratorSettings settings)
    : impl_{std::make_unique<Impl>(store, journal, tasks, clock, std::move(settings))} {}

Orchestrator::~Orchestrator() = default;

const OrchestratorSettings& Orchestrator::settings() const { return impl_->settings; }

// --- machines ---------------------------------------------------------------------------------------------------------

ApiResult<StateMachineCreated> Orchestrator::create_state_machine(const CreateStateMachine& request) {
    return impl_->machines.create(request);
}
ApiResult<StateMachineUpdated> Orchestrator::update_state_machine(const UpdateStateMachine& request) {
    return impl_->machines.update(request);
}
ApiResult<StateMachineView> Orchestrator::describe_state_machine(std::string_view arn) {
    return impl_->machines.describe(arn);
}
ApiResult<StateMachineView> Orchestrator::describe_state_machine_for_execution(std::string_view execution_arn) {
    const auto row = impl_->store.find_execution(execution_arn);
    if (!row) return execution_does_not_exist(execution_arn);
    const auto revision = impl_->store.revision(row->revision);
    if (!revision) throw StoreError{"the store has lost the revision that " + row->arn + " runs"};
    MachineRow machine;
    machine.number = row->machine;
    machine.arn = machine_arn_of(row->arn);
    machine.name = machine_name_of(row->arn);
    return StateMachineView{machine, *revision};
}
ApiResult<Done> Orchestrator::delete_state_machine(std::string_view arn) { return impl_->machines.remove(arn); }
std::vector<StateMachineView> Orchestrator::list_state_machines(std::string_view after_name, std::size_t limit) {
    return impl_->machines.list(after_name, limit);
}
asl::Parsed Orchestrator::check_definition(std::string_view definition, asl::MachineType type) const {
    return impl_->machines.check(definition, type);
}

// --- executions -------------------------------------------------------------------------------------------------------

ApiResult<ExecutionStartedView> Orchestrator::start_execution(const StartExecution& request) {
    auto machine = impl_->machines.runnable(request.machine_arn);
    if (!machine) return std::move(machine).error();
    auto input = execution_input(request.input, impl_->settings.limits);
    if (!input) return std::move(input).error();

    const bool by_call = !request.name && !request.retry_key.empty();
    const auto name = request.name ? *request.name
                      : by_call   ? execution_name_for(request.machine_arn + "\n" + request.retry_key)
                                  : new_execution_name(impl_->clock.now());
    auto arn = impl_->arns.execution(machine->machine.name, name);
    if (!request.name && !by_call) {  // made up just now: nobody else has it
        return impl_->start_new(*std::move(machine), std::move(arn), name, *std::move(input), request.trace_header);
    }
    const auto turn = impl_->gate.enter(arn);
    if (const auto existing = impl_->store.find_execution(arn)) return impl_->start_again(*existing, *input, by_call);
    return impl_->start_new(*std::move(machine), std::move(arn), name, *std::move(input), request.trace_header);
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
    ExecutionView view{*row, machine_arn_of(row->arn), Payload{}, std::nullopt, {}};
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
    if (!query.machine_arn.empty()) {
        rows.machine = impl_->machines.number_of(query.machine_arn);
        if (!rows.machine) {
            return ApiError{"StateMachineDoesNotExist", "State Machine Does Not Exist: '" + query.machine_arn + "'"};
        }
    }
    std::vector<ExecutionListItem> items;
    for (auto& row : impl_->store.executions(rows)) {
        auto machine_arn = machine_arn_of(row.arn);
        items.push_back({std::move(row), std::move(machine_arn)});
    }
    return items;
}

ApiResult<std::vector<RecordedEvent>> Orchestrator::history(const GetHistory& query) {
    const auto row = impl_->store.find_execution(query.arn);
    if (!row) return execution_does_not_exist(query.arn);
    return impl_->store.history({row->number, query.reverse, query.after, query.limit});
}

// --- tasks ------------------------------------------------------------------------------------------------------------

ApiResult<Done> Orchestrator::send_task_success(std::string_view token, std::string output) {
    const auto invalid = [](const std::string& why) {
        return ApiError{"InvalidOutput", "Invalid Output: '" + why + "'"};
    };
    if (const auto problem = asl::find_syntax_problem(output)) return invalid(problem->message);
    const auto payload = Payload::parse(std::move(output));
    if (!payload) return invalid(payload.error().message);
    return impl_->answer_task(token, [&](TaskId task) { return TaskAnswered{task, *payload, TaskFailure::Run}; });
}

ApiResult<Done> Orchestrator::send_task_failure(std::string_view token, AslError error) {
    return impl_->answer_task(token, [&](TaskId task) { return TaskAnswered{task, error, TaskFailure::Run}; });
}

ApiResult<Done> Orchestrator::send_task_heartbeat(std::string_view token) {
    return impl_->answer_task(token, [](TaskId task) { return TaskIsAlive{task}; });
}

// --- watching ---------------------------------------------------------------------------------------------------------

Subscription Orchestrator::watch(std::string_view arn, std::function<void(const ExecutionNews&)> listener) {
    return Subscription{impl_->watchers.add(std::string{arn}, std::move(listener))};
}

ApiResult<std::optional<ExecutionView>> Orchestrator::wait_for_end(std::string_view arn,
                                                                   std::chrono::milliseconds patience) {
    struct Waiting {
        std::mutex mutex;  // between the journal's thread and this one
        std::condition_variable news;
        bool ended = false;
    };
    const auto waiting = std::make_shared<Waiting>();
    const auto subscription = watch(arn, [waiting](const ExecutionNews& news) {
        if (news.status == ExecutionStatus::Running) return;
        const std::lock_guard lock{waiting->mutex};
        waiting->ended = true;
        waiting->news.notify_all();
    });
    auto view = describe_execution(arn);
    if (!view) return std::move(view).error();
    if (view->row.status == ExecutionStatus::Running) {
        std::unique_lock lock{waiting->mutex};
        if (!waiting->news.wait_for(lock, patience, [&] { return waiting->ended; })) return std::optional<ExecutionView>{};
        lock.unlock();
        view = describe_execution(arn);
        if (!view) return std::move(view).error();
    }
    return std::optional{*std::move(view)};
}

bool Orchestrator::ready() const {
    const auto& shards = *impl_->shards;
    return std::all_of(shards.begin(), shards.end(), [](const auto& shard) { return shard->ready(); });
}

Orchestrator::Stats Orchestrator::stats() const {
    Stats stats;
    for (const auto& shard : *impl_->shards) {
        stats.executions_in_memory += shard->in_memory();
        stats.messages_waiting += shard->waiting();
    }
    return stats;
}

}  // namespace pawl
