// Which functions the pool has, and what is known of each: put, removed and asked about while it runs.
#include <algorithm>
#include <csignal>
#include <tuple>
#include <utility>

#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/invocation_error.hpp"
#include "orchestrator/functions/pool_impl.hpp"
#include "states/assert.hpp"

namespace pawl {
namespace {

using Phase = PoolWorker::Phase;

// Would a process of the one do for the other?
bool same_process(const FunctionConfig& one, const FunctionConfig& other) {
    const auto parts = [](const FunctionConfig& c) {
        return std::tie(c.command, c.runtime, c.handler, c.code_folder, c.url, c.working_directory, c.environment,
                        c.memory_megabytes, c.hot_reload, c.revision);
    };
    return !one.callable && !other.callable && parts(one) == parts(other);
}

bool is_complete(const FunctionConfig& config) {
    const int ways = (config.command.empty() ? 0 : 1) + (config.runtime.empty() ? 0 : 1) +
                     (config.url.empty() ? 0 : 1) + (config.callable ? 1 : 0);
    return ways == 1;
}

}  // namespace

std::shared_ptr<FunctionLog> FunctionPool::Impl::log_of(std::string_view name) {
    auto& log = logs[std::string{base_of(name)}];
    if (!log) {
        const auto& folder = settings.log_folder;
        log = std::make_shared<FunctionLog>(folder.empty() ? std::string{}
                                                           : folder + "/" + std::string{base_of(name)} + ".log");
    }
    return log;
}

void FunctionPool::Impl::put(FunctionConfig config) {
    PAWL_ASSERT(is_complete(config), "a function has a command, a runtime, a URL or a callable");
    if (!guard) guard = std::make_unique<OrphanGuard>();
    auto& function = functions[config.name];
    const bool is_new = !function;
    if (is_new) {
        function = std::make_shared<PoolFunction>();
        function->log = log_of(config.name);
    }
    const bool stays = !is_new && same_process(*function->config, config);
    function->config = std::make_shared<const FunctionConfig>(std::move(config));
    if (!stays && !is_new) replace_processes(*function);
    if (function->config->max_concurrency == 0) return refuse_queue(*function, throttled());
    while (function->live > function->config->max_concurrency && !function->waiting.empty()) {
        end(*function->waiting.front(), SIGTERM);
    }
    offer(*function);
}

void FunctionPool::Impl::replace_processes(PoolFunction& function) {
    ++function.generation;
    function.code.reset();
    function.failed_starts = 0;
    function.next_start = {};
    for (const auto& [id, worker] : workers) {
        if (&worker->function == &function && worker->phase != Phase::Busy) end(*worker, SIGTERM);
    }
}

void FunctionPool::Impl::remove(std::string_view name) {
    const auto found = functions.find(name);
    if (found == functions.end()) return;
    const auto function = found->second;
    functions.erase(found);
    replace_processes(*function);
    refuse_queue(*function, not_found(name));
    if (versions_of(base_of(name)).empty()) logs.erase(std::string{base_of(name)});
}

void FunctionPool::Impl::refuse_queue(PoolFunction& function, const InvocationError& error) {
    for (auto& job : std::exchange(function.queue, {})) {
        jobs.erase(job->invocation.request_id);
        refuse(std::move(job), error);
    }
}

// Names sort so that "f" and all "f:…" are two places in the map.
std::vector<const PoolFunction*> FunctionPool::Impl::versions_of(std::string_view name) const {
    std::vector<const PoolFunction*> found;
    if (const auto exact = functions.find(name); exact != functions.end()) found.push_back(exact->second.get());
    if (name.find(':') != std::string_view::npos) return found;
    const auto prefix = std::string{name} + ":";
    for (auto at = functions.lower_bound(prefix); at != functions.end() && at->first.starts_with(prefix); ++at) {
        found.push_back(at->second.get());
    }
    return found;
}

bool FunctionPool::Impl::is_full(const PoolFunction& function) const {
    std::size_t in_work = 0;
    for (const auto* version : versions_of(base_of(function.config->name))) {
        in_work += version->running + version->queue.size();
    }
    return in_work >= function.config->max_concurrency;
}

void FunctionPool::Impl::refuse(std::shared_ptr<PoolJob> job, InvocationError error) {
    to_deliver.push_back(without_worker(std::move(job), std::move(error)));
    wake_monitor();
}

void FunctionPool::put(FunctionConfig function) {
    const std::lock_guard lock{impl_->mutex};
    impl_->put(std::move(function));
}

void FunctionPool::remove(std::string_view function) {
    const std::lock_guard lock{impl_->mutex};
    impl_->remove(function);
}

bool FunctionPool::knows(std::string_view function) const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->functions.find(function) != impl_->functions.end();
}

std::optional<FunctionConfig> FunctionPool::config(std::string_view function) const {
    const std::lock_guard lock{impl_->mutex};
    const auto found = impl_->functions.find(function);
    if (found == impl_->functions.end()) return std::nullopt;
    return *found->second->config;
}

std::vector<InvocationRecord> FunctionPool::recent(std::string_view function, std::size_t limit) const {
    const std::lock_guard lock{impl_->mutex};
    std::vector<InvocationRecord> records;
    for (const auto* version : impl_->versions_of(function)) {
        const auto& some = version->meter.recent();
        records.insert(records.end(), some.rbegin(),
                       some.rbegin() + static_cast<std::ptrdiff_t>(std::min(limit, some.size())));
    }
    std::stable_sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.start > b.start; });
    if (records.size() > limit) records.resize(limit);
    return records;
}

std::map<std::string, FunctionCounters> FunctionPool::counters() const {
    const std::lock_guard lock{impl_->mutex};
    std::map<std::string, FunctionCounters> all;
    for (const auto& [name, function] : impl_->functions) {
        auto& counters = all[name] = function->meter.counters();
        counters.running = function->running;
        counters.queued = function->queue.size();
        counters.processes = function->live;
    }
    return all;
}

std::shared_ptr<FunctionLog> FunctionPool::log(std::string_view function) const {
    const std::lock_guard lock{impl_->mutex};
    const auto found = impl_->logs.find(base_of(function));
    return found == impl_->logs.end() ? nullptr : found->second;
}

}  // namespace pawl
