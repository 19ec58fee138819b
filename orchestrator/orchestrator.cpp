#include "orchestrator/orchestrator.hpp"

#include <algorithm>
#include <condition_variable>

#include "orchestrator/arn.hpp"
#include "orchestrator/commit.hpp"
#include "orchestrator/machine_tags.hpp"
#include "orchestrator/orchestrator_impl.hpp"

namespace pawl {
namespace {

constexpr std::chrono::seconds answer_patience{60};  // for a shard and the disk; beyond it something is badly wrong

ApiError throttled() { return {"ThrottlingException", "Rate exceeded"}; }

// The key that signs task tokens: made once for a store, so that tokens outlive the process.
std::string token_key(Store& store, Journal& journal) {
    constexpr std::string_view name = "task_token_key";
    if (auto key = store.setting(name)) return *std::move(key);
    auto key = TokenSigner::new_key();
    commit_and_wait(journal, {PutSetting{std::string{name}, key}});
    return key;
}

}  // namespace

Orchestrator::Impl::Impl(Store& s, Journal& j, TaskRunner& tasks, Clock& c, OrchestratorSettings given)
    : store{s},
      journal{j},
      clock{c},
      settings{std::move(given)},
      arns{settings.region, settings.account},
      signer{token_key(store, journal)},
      surroundings{settings.limits, settings.region,
                   [this](const ExecutionIdentity& id, TaskId task) { return signer.mint(id.number, task); }},
      activities{store, journal, clock, arns,
                 [this](const TaskKey& key) { return signer.mint(key.execution, key.task); }},
      sfn_sdk{activities, worker_answers()},
      router{{{is_activity, activities},
              {NestedExecutions::serves, nested},
              {SfnSdk::serves, sfn_sdk},
              {is_any_resource, tasks}}},
      mocks{settings.mocks, store},
      resources{router, mocks.present()},
      machines{store, journal, resources, clock, arns},
      outbox{router, mocks, watchers, settings.log},
      resets(settings.shards, false),
      last_number{store.last_numbers().execution},
      map_runs{map_run_world()} {
    // Tasks may answer after the shards have gone: then nobody is there to hear it.
    outbox.connect(
        [weak = std::weak_ptr<Shards>{shards}](std::int64_t execution, decltype(Stimulus::what) what) {
            if (const auto alive = weak.lock()) {
                of(*alive, execution).post(StimulusMessage{execution, std::move(what), {}});
            }
        },
        map_runs);
    activities.connect([weak = std::weak_ptr<Shards>{shards}](const TaskKey& key, std::string worker, auto reply) {
        const auto alive = weak.lock();
        if (!alive) return reply(ApiError{"ServiceUnavailable", "The engine stops."});
        of(*alive, key.execution)
            .post(StimulusMessage{
                key.execution, TaskBegan{key.task, std::move(worker)},
                [reply](const ApiResult<Instant>& begun) { begun ? reply(Done{}) : reply(begun.error()); }});
    });
    const ShardContext context{.store = store,
                               .journal = journal,
                               .machines = machines,
                               .outbox = outbox,
                               .clock = clock,
                               .surroundings = surroundings,
                               .shards = settings.shards,
                               .skip_time = settings.skip_time,
                               .keep_express_history = settings.keep_express_history,
                               .was_reset = [this](std::size_t i) { shard_was_reset(i); },
                               .child_ended = [this](const ExecutionRow& child) { map_runs.child_ended(child); }};
    // The shards hear of a failed commit after all else that was posted before it, and so does what they hold.
    journal.on_failure([weak = std::weak_ptr<Shards>{shards}](const std::string& why) {
        if (const auto alive = weak.lock()) {
            for (const auto& shard : *alive) shard->post(ResetMessage{why});
        }
    });
    for (std::size_t i = 0; i < settings.shards; ++i) shards->push_back(std::make_unique<Shard>(context, i));
    for (const auto& shard : *shards) shard->start();
    shards_run = true;
}

Orchestrator::Impl::~Impl() {
    map_runs.stop();
    for (const auto& shard : *shards) shard->stop();
    journal.flush();
}

MapRunWorld Orchestrator::Impl::map_run_world() {
    MapRunWorld world{store, journal, machines, clock, arns, surroundings, settings.buckets, {}, {}, {},
                      {},    {},      {},       {},    {}};
    world.next_execution = [this] { return ++last_number; };
    world.start_child = [this](StartMessage message) {
        const auto execution = message.row.number;
        return of(*shards, execution).try_post(std::move(message));
    };
    world.stop_child = [this](std::int64_t execution, Reply reply) {
        of(*shards, execution).post(StimulusMessage{execution, Stop{}, std::move(reply)});
    };
    world.recovered = [this] { return recovered(); };
    world.redrive_child = [this](std::int64_t execution, Reply reply) {
        of(*shards, execution).post(StimulusMessage{execution, Redrive{}, std::move(reply)});
    };
    return world;
}

void Orchestrator::Impl::shard_was_reset(std::size_t index) {
    const std::lock_guard lock{resets_mutex};
    resets[index] = true;
    if (std::find(resets.begin(), resets.end(), false) != resets.end()) return;
    resets.assign(resets.size(), false);
    journal.resume();
}

ApiResult<Instant> Orchestrator::Impl::ask(std::int64_t execution, const MakeMessage& make_message) {
    auto promise = std::make_shared<std::promise<ApiResult<Instant>>>();
    auto future = promise->get_future();
    Reply reply = [promise](ApiResult<Instant> answer) { promise->set_value(std::move(answer)); };
    if (!of(*shards, execution).try_post(make_message(std::move(reply)))) return throttled();
    if (future.wait_for(answer_patience) != std::future_status::ready) {
        return ApiError{"ServiceUnavailable", "The engine did not answer in time; the request may still be done."};
    }
    return future.get();
}

ApiResult<Instant> Orchestrator::Impl::stimulate(std::int64_t execution, decltype(Stimulus::what) what) {
    return ask(execution, [&](Reply reply) { return StimulusMessage{execution, std::move(what), std::move(reply)}; });
}

Orchestrator::Orchestrator(Store& store, Journal& journal, TaskRunner& tasks, Clock& clock,
                           OrchestratorSettings settings)
    : impl_{std::make_unique<Impl>(store, journal, tasks, clock, std::move(settings))} {
    impl_->nested.attach(*this);
}

Orchestrator::~Orchestrator() { impl_->nested.detach(); }

const OrchestratorSettings& Orchestrator::settings() const { return impl_->settings; }

// --- machines

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
    StateMachineView view{machine, *revision, std::nullopt, impl_->machines.definition(row->revision)};
    if (row->map_run != 0) {
        if (const auto run = impl_->store.map_run(row->map_run)) view.map_run_arn = run->arn;
    }
    return view;
}
ApiResult<std::vector<RevisionRow>> Orchestrator::list_revisions(std::string_view arn, std::size_t limit) {
    constexpr std::int64_t looked_through = 5000;  // of all machines together; each is a read by its number
    const auto view = impl_->machines.describe(arn);
    if (!view) return view.error();
    std::vector<RevisionRow> found;
    const auto newest = view->revision.number;
    for (auto number = newest; number > 0 && number > newest - looked_through && found.size() < limit; --number) {
        auto revision = impl_->store.revision(number);
        if (revision && revision->machine == view->machine.number) found.push_back(*std::move(revision));
    }
    return found;
}
ApiResult<Done> Orchestrator::delete_state_machine(std::string_view arn) { return impl_->machines.remove(arn); }
std::vector<StateMachineView> Orchestrator::list_state_machines(std::string_view after_name, std::size_t limit) {
    return impl_->machines.list(after_name, limit);
}
ApiResult<VersionView> Orchestrator::publish_version(const PublishVersion& request) {
    return impl_->machines.publish(request);
}
ApiResult<Done> Orchestrator::delete_version(std::string_view arn) { return impl_->machines.remove_version(arn); }
ApiResult<std::vector<VersionView>> Orchestrator::list_versions(const ListVersions& query) {
    return impl_->machines.versions(query);
}
ApiResult<AliasView> Orchestrator::create_alias(const CreateAlias& request) {
    return impl_->machines.create_alias(request);
}
ApiResult<AliasView> Orchestrator::update_alias(const UpdateAlias& request) {
    return impl_->machines.update_alias(request);
}
ApiResult<AliasView> Orchestrator::describe_alias(std::string_view arn) { return impl_->machines.describe_alias(arn); }
ApiResult<Done> Orchestrator::delete_alias(std::string_view arn) { return impl_->machines.remove_alias(arn); }
ApiResult<std::vector<AliasView>> Orchestrator::list_aliases(const ListAliases& query) {
    return impl_->machines.aliases(query);
}
// Whether an ARN names an activity or a machine shows in its form.
ApiResult<Json> Orchestrator::list_tags(std::string_view arn) {
    return check_arn(arn, "activity") ? impl_->machines.tags(arn) : impl_->activities.tags(arn);
}
ApiResult<Done> Orchestrator::tag_resource(std::string_view arn, const Json& tags) {
    return check_arn(arn, "activity") ? impl_->machines.tag(arn, tags) : impl_->activities.tag(arn, tags);
}
ApiResult<Done> Orchestrator::untag_resource(std::string_view arn, const std::vector<std::string>& keys) {
    return check_arn(arn, "activity") ? impl_->machines.untag(arn, keys) : impl_->activities.untag(arn, keys);
}
asl::Parsed Orchestrator::check_definition(std::string_view definition, asl::MachineType type,
                                           asl::Syntax syntax) const {
    return impl_->machines.check(definition, type, syntax);
}

// --- watching

Subscription Orchestrator::watch(std::string_view arn, std::function<void(const ExecutionNews&)> listener) {
    return Subscription{impl_->watchers.add(std::string{arn}, std::move(listener))};
}

ApiResult<std::optional<ExecutionView>> Orchestrator::wait_for_end(std::string_view arn,
                                                                   std::chrono::milliseconds patience,
                                                                   const StillWanted& still_wanted) {
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
        const auto until = std::chrono::steady_clock::now() + patience;
        const auto soon = [&] { return std::min(until, std::chrono::steady_clock::now() + a_while); };
        while (!waiting->news.wait_until(lock, soon(), [&] { return waiting->ended; })) {
            const bool over = std::chrono::steady_clock::now() >= until;
            if (over || (still_wanted && !still_wanted())) return std::optional<ExecutionView>{};
        }
        lock.unlock();
        view = describe_execution(arn);
        if (!view) return std::move(view).error();
    }
    return std::optional{*std::move(view)};
}

bool Orchestrator::Impl::recovered() const {
    return shards_run && std::ranges::all_of(*shards, [](const auto& shard) { return shard->ready(); });
}

bool Orchestrator::ready() const { return impl_->recovered(); }

Orchestrator::Stats Orchestrator::stats() const {
    Stats stats;
    stats.executions = impl_->outbox.counters().snapshot();
    stats.journal = impl_->journal.stats();
    for (const auto& shard : *impl_->shards) {
        stats.executions_in_memory += shard->in_memory();
        stats.messages_waiting += shard->waiting();
    }
    return stats;
}

}  // namespace pawl
