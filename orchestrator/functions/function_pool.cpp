#include "orchestrator/functions/function_pool.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/invocation_error.hpp"
#include "orchestrator/functions/pool_impl.hpp"
#include "orchestrator/functions/process_memory.hpp"
#include "orchestrator/functions/trace_id.hpp"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using std::chrono::duration_cast;
using Phase = PoolWorker::Phase;

// From the third start in a row that failed, with no process up, everything that waits fails: a function that can't
// start must not keep thousands waiting for their turn to fail.
constexpr unsigned hopeless_starts = 3;
constexpr auto first_pause = 100ms;
// Short: what comes meanwhile waits for its own error, and must not run into its time-out instead.
constexpr auto longest_pause = 1s;

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

std::string trace_id(std::string_view request_id) {
    return "Root=" + trace_root(request_id) + ";Parent=" + trace_parent(request_id) + ";Sampled=0";
}

}  // namespace

FunctionPool::Impl::Impl(std::vector<FunctionConfig> configs, Settings with)
    : settings{std::move(with)}, launcher{{settings.region, settings.sandbox}}, server_url{settings.server_url} {
    if (!settings.log_folder.empty()) {
        std::error_code ignored;  // an unwritable log drops what it gets
        std::filesystem::create_directories(settings.log_folder, ignored);
    }
    wake_up = FileDescriptor{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!wake_up) throw std::system_error{errno, std::generic_category(), "eventfd"};
    for (auto& config : configs) put(std::move(config));
}

PoolWorker::PoolWorker(std::uint64_t number, std::shared_ptr<PoolFunction> works_for)
    : id{number},
      kept{std::move(works_for)},
      function{*kept},
      config{function.config},
      generation{function.generation} {}

bool PoolWorker::is_outdated() const { return generation != function.generation; }

void FunctionPool::Impl::wake_monitor() {
    if (monitor_wakes_at == SteadyTime::min()) return;  // it is awake, or about to be, and will look at everything
    monitor_wakes_at = SteadyTime::min();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_up.get(), &one, sizeof one);
}

bool FunctionPool::Impl::somebody_waits() const {
    return std::any_of(functions.begin(), functions.end(),
                       [](const auto& entry) { return !entry.second->queue.empty(); });
}

std::shared_ptr<PoolWorker> FunctionPool::Impl::find(std::uint64_t worker) const {
    const auto found = workers.find(worker);
    return found == workers.end() ? nullptr : found->second;
}

// ------------------------------------------------------------------------------------------------- queue and processes

void FunctionPool::Impl::enqueue(PoolFunction& function, std::shared_ptr<PoolJob> job) {
    job->worker = nullptr;
    jobs[job->invocation.request_id] = job;
    job->place = function.queue.insert(function.queue.end(), job);
    offer(function);
}

void FunctionPool::Impl::offer(PoolFunction& function) {
    if (function.queue.empty() || stopping) return;
    const auto now = steady_now();
    if (!function.waiting.empty()) {
        auto* worker = function.waiting.back();
        between(*worker, now);
        worker->called = true;
        worker->wake.notify_all();
    } else if (function.starting + soon_free(function, now) < function.queue.size()) {
        wake_monitor();  // to start one, or to look again when the pause after a failed start is over
    } else {
        arm(now + between_grace);
    }
}

std::size_t FunctionPool::Impl::soon_free(const PoolFunction& function, SteadyTime now) const {
    return static_cast<std::size_t>(std::count_if(workers.begin(), workers.end(), [&](const auto& entry) {
        const auto& worker = *entry.second;
        return &worker.function == &function && worker.phase == Phase::Between && !worker.is_outdated() &&
               now < worker.since + between_grace;
    }));
}

std::size_t FunctionPool::Impl::ending() const {
    return static_cast<std::size_t>(std::count_if(workers.begin(), workers.end(), [](const auto& entry) {
        return entry.second->phase == Phase::Ending && entry.second->function.has_process();
    }));
}

// A thread that is ending takes as long as its call: it is not waited for, and its place is free.
bool FunctionPool::Impl::is_crowded() const {
    const auto places = std::count_if(workers.begin(), workers.end(), [](const auto& entry) {
        return entry.second->phase != Phase::Ending || entry.second->function.has_process();
    });
    return static_cast<std::size_t>(places) >= settings.max_processes;
}

bool FunctionPool::Impl::wants_process(const PoolFunction& function, SteadyTime now) const {
    if (stopping || (function.has_process() && !host) || function.queue.empty() ||
        function.live >= function.config->max_concurrency)
        return false;
    if (now < function.next_start || (function.failed_starts > 0 && function.starting > 0)) return false;
    return function.queue.size() > function.starting + soon_free(function, now);
}

// All places are taken: a function with two processes fewer, or none, gets this one's place after its time slice.
bool FunctionPool::Impl::should_yield(const PoolWorker& worker, SteadyTime now) const {
    if (!is_crowded() || now < worker.ready + time_slice || ending() > 0) return false;
    return std::any_of(functions.begin(), functions.end(), [&](const auto& entry) {
        const auto& other = *entry.second;
        return &other != &worker.function && (other.live == 0 || other.live + 2 <= worker.function.live) &&
               wants_process(other, now);
    });
}

std::shared_ptr<PoolJob> FunctionPool::Impl::take_job(PoolFunction& function, SteadyTime now) {
    while (!function.queue.empty()) {
        auto job = std::move(function.queue.front());
        function.queue.pop_front();
        if (now < job->expires) return job;
        jobs.erase(job->invocation.request_id);
        auto error = timed_out(job->invocation.request_id, *job->invocation.timeout);
        to_deliver.push_back(without_worker(std::move(job), std::move(error)));
        wake_monitor();
    }
    return nullptr;
}

void FunctionPool::Impl::became_ready(PoolWorker& worker, SteadyTime now) {
    worker.init_duration = duration_cast<std::chrono::microseconds>(now - worker.since);
    worker.ready = now;
    --worker.function.starting;
    worker.function.failed_starts = 0;
    if (!worker.function.queue.empty()) wake_monitor();  // more may be started now
}

// It will ask for work, perhaps over another connection if one broke; if it does not, its place is for others.
void FunctionPool::Impl::between(PoolWorker& worker, SteadyTime now) {
    if (worker.phase == Phase::Waiting) std::erase(worker.function.waiting, &worker);
    worker.phase = Phase::Between;
    worker.since = now;
    worker.deadline =
        now + std::min<std::chrono::milliseconds>(worker.function.config->idle_stop, settings.asks_again_within);
    arm(worker.deadline);
}

void FunctionPool::Impl::end(PoolWorker& worker, int signal) {
    if (worker.phase == Phase::Ending) return;
    auto& function = worker.function;
    if (worker.phase == Phase::Starting) --function.starting;
    if (worker.phase == Phase::Waiting) std::erase(function.waiting, &worker);
    --function.live;
    const bool was_called = std::exchange(worker.called, false);
    worker.phase = Phase::Ending;
    worker.given_up = true;
    worker.signal = signal;
    worker.deadline = steady_now() + ending_grace;
    worker.wake.notify_all();
    wake_monitor();
    if (was_called) offer(function);
}

void FunctionPool::Impl::start_failed(const std::shared_ptr<PoolWorker>& worker,
                                      const std::function<InvocationError(std::string_view)>& error) {
    auto& function = worker->function;
    const auto pause =
        std::min<std::chrono::milliseconds>(first_pause * (1U << std::min(function.failed_starts, 10U)), longest_pause);
    ++function.failed_starts;
    function.next_start = steady_now() + pause;
    const bool hopeless = function.failed_starts >= hopeless_starts && function.live == function.starting;
    do {
        if (function.queue.empty()) break;
        auto job = std::move(function.queue.front());
        function.queue.pop_front();
        jobs.erase(job->invocation.request_id);
        auto why = error(job->invocation.request_id);
        to_deliver.push_back(not_come_up(std::move(job), std::move(why), worker));
    } while (hopeless);
    wake_monitor();
}

// -------------------------------------------------------------------------------------------- what processes call for

std::optional<FunctionPool::Work> FunctionPool::Impl::next(std::uint64_t id, const std::function<bool()>& still_there) {
    std::unique_lock lock{mutex};
    const auto worker = find(id);
    if (!worker || worker->phase == Phase::Ending) return std::nullopt;
    auto& function = worker->function;
    const auto call = ++worker->latest_call;
    worker->wake.notify_all();
    if (worker->phase == Phase::Busy) {
        auto finished = finish(worker, not_answered(worker->job->invocation.request_id));
        end(*worker, SIGTERM);
        lock.unlock();
        deliver(std::move(finished));
        return std::nullopt;
    }
    if (worker->phase == Phase::Starting) became_ready(*worker, steady_now());
    for (;;) {
        const auto now = steady_now();
        worker->called = false;
        between(*worker, now);
        const bool too_many = function.live > function.config->max_concurrency;
        if (worker->is_outdated() || too_many || should_yield(*worker, now)) {
            end(*worker, SIGTERM);
            offer(function);  // what it was called for, if anything
            return std::nullopt;
        }
        if (!function.queue.empty()) {
            if (still_there && !still_there()) {
                worker->since = now - between_grace;  // not soon free
                offer(function);
                return std::nullopt;
            }
            if (auto job = take_job(function, now)) return hand_over(lock, worker, std::move(job));
        }
        worker->phase = Phase::Waiting;
        worker->deadline = now + function.config->idle_stop;
        arm(worker->deadline);
        function.waiting.push_back(worker.get());
        if (is_crowded() && somebody_waits()) wake_monitor();  // and may get the place
        worker->wake.wait(
            lock, [&] { return worker->called || worker->latest_call != call || worker->phase == Phase::Ending; });
        if (worker->latest_call != call || worker->phase == Phase::Ending) return std::nullopt;
    }
}

FunctionPool::Work FunctionPool::Impl::hand_over(std::unique_lock<std::mutex>& lock,
                                                 const std::shared_ptr<PoolWorker>& worker,
                                                 std::shared_ptr<PoolJob> job) {
    const auto now = steady_now();
    worker->phase = Phase::Busy;
    worker->since = now;
    worker->deadline = std::min(job->expires, now + worker->function.config->timeout);
    worker->job = job;
    ++worker->function.running;
    job->worker = worker.get();
    arm(worker->deadline);
    auto& invocation = job->invocation;
    Work work{
        invocation.request_id,
        std::move(invocation.payload),
        invocation.function_arn,
        trace_id(invocation.request_id),
        invocation.client_context,
        std::chrono::system_clock::now() + duration_cast<std::chrono::system_clock::duration>(worker->deadline - now)};
    const std::unique_lock ordered{job->callbacks, std::try_to_lock};  // free: the job had no callback yet
    lock.unlock();
    worker->output->begin(work.request_id, version_of(worker->config->name));
    if (invocation.started) invocation.started();
    return work;
}

FunctionPool::Impl::Finished FunctionPool::Impl::finish(const std::shared_ptr<PoolWorker>& worker,
                                                        Result<std::string, InvocationError> outcome) {
    auto job = std::move(worker->job);
    job->worker = nullptr;
    jobs.erase(job->invocation.request_id);
    --worker->function.running;
    const auto took = steady_now() - worker->since;
    InvocationReport report{std::move(outcome)};
    report.duration = duration_cast<std::chrono::microseconds>(took);
    report.init_duration = std::exchange(worker->init_duration, 0us);
    report.billed = std::max(std::chrono::ceil<std::chrono::milliseconds>(report.duration), 1ms);
    report.peak_memory_megabytes = worker->peak_megabytes;
    const auto start = std::chrono::system_clock::now() - duration_cast<std::chrono::system_clock::duration>(took);
    return {std::move(job), std::move(report), worker, start};
}

FunctionPool::Impl::Finished FunctionPool::Impl::without_worker(std::shared_ptr<PoolJob> job, InvocationError error) {
    return {std::move(job), InvocationReport{std::move(error)}, nullptr, std::chrono::system_clock::now()};
}

// Initialising that fails is billed, as on Lambda: it does that as a part of the invocation, once more.
FunctionPool::Impl::Finished FunctionPool::Impl::not_come_up(std::shared_ptr<PoolJob> job, InvocationError error,
                                                             const std::shared_ptr<PoolWorker>& worker) {
    const auto took = steady_now() - worker->since;
    InvocationReport report{std::move(error)};
    report.duration = duration_cast<std::chrono::microseconds>(took);
    report.billed = std::max(std::chrono::ceil<std::chrono::milliseconds>(report.duration), 1ms);
    report.peak_memory_megabytes = worker->peak_megabytes;
    const auto start = std::chrono::system_clock::now() - duration_cast<std::chrono::system_clock::duration>(took);
    return {std::move(job), std::move(report), worker, start, false};
}

void FunctionPool::Impl::deliver(Finished finished) {
    { const std::lock_guard started_is_over{finished.job->callbacks}; }
    auto& report = finished.report;
    const auto& invocation = finished.job->invocation;
    if (finished.worker) {
        auto& worker = *finished.worker;
        if (const auto peak = peak_memory_of(worker.pid)) report.peak_memory_megabytes = megabytes(*peak);
        const auto granted = worker.config->memory_megabytes;
        if (granted > 0 && report.peak_memory_megabytes > granted) {  // it has answered; the next one gets another
            const std::lock_guard lock{mutex};
            if (worker.phase != Phase::Busy) end(worker, SIGTERM);
        }
        const auto line = report_line(report, worker.config->memory_megabytes);
        const auto last = report.outcome ? std::string{}
                                         : lines_of(report.outcome.error(), invocation.request_id,
                                                    std::chrono::floor<Millis>(std::chrono::system_clock::now()));
        if (finished.came_up) {
            report.log_tail = worker.output->end(line, last);
        } else if (worker.output) {
            report.log_tail =
                worker.output->never_began(invocation.request_id, version_of(worker.config->name), line, last);
        }
    }
    if (report.outcome || !report.outcome.error().refused) {
        const std::lock_guard lock{mutex};
        finished.job->function->meter.count(
            {invocation.request_id, finished.job->function->config->name, invocation.execution_arn, finished.start,
             report.duration, report.init_duration, report.billed,
             (finished.worker ? finished.worker->config : finished.job->function->config)->memory_megabytes,
             report.peak_memory_megabytes, report.outcome ? std::string{} : report.outcome.error().type});
    }
    if (invocation.finished) invocation.finished(std::move(report));
}

bool FunctionPool::Impl::answer(std::uint64_t id, std::string_view request_id,
                                Result<std::string, InvocationError> outcome) {
    std::unique_lock lock{mutex};
    const auto worker = find(id);
    if (!worker || worker->phase != Phase::Busy || worker->job->invocation.request_id != request_id) return false;
    auto finished = finish(worker, std::move(outcome));
    between(*worker, steady_now());
    if (worker->is_outdated()) end(*worker, 0);  // it may end by itself, when it asks for more
    lock.unlock();
    deliver(std::move(finished));
    return true;
}

// ------------------------------------------------------------------------------------------------------------ the door

FunctionPool::FunctionPool(std::vector<FunctionConfig> functions, Settings settings)
    : impl_{std::make_unique<Impl>(std::move(functions), std::move(settings))} {
    impl_->monitor_thread = std::thread{[this] { impl_->monitor(); }};
}

FunctionPool::~FunctionPool() { stop(); }

void FunctionPool::attach(RuntimeApiHost& host) {
    const std::lock_guard lock{impl_->mutex};
    impl_->host = &host;
    impl_->wake_monitor();
}

void FunctionPool::serve_at(std::string url) {
    const std::lock_guard lock{impl_->mutex};
    impl_->server_url = std::move(url);
}

void FunctionPool::stop() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->stopping = true;
        for (auto& [name, function] : impl_->functions) function->queue.clear();
        for (auto& [id, worker] : impl_->workers) {
            worker->job.reset();
            impl_->end(*worker, SIGTERM);
            if (worker->signal == 0) worker->signal = SIGTERM;  // it was given time to end by itself
        }
        impl_->jobs.clear();
        impl_->to_deliver.clear();
        impl_->wake_monitor();
    }
    if (impl_->monitor_thread.joinable()) impl_->monitor_thread.join();
}

void FunctionPool::invoke(Invocation invocation) {
    impl_->look_for_new_code(invocation.function);
    auto job = std::make_shared<PoolJob>();
    job->invocation = std::move(invocation);
    if (job->invocation.timeout) job->expires = steady_now() + *job->invocation.timeout;
    const std::lock_guard lock{impl_->mutex};
    if (impl_->stopping) return;
    const auto found = impl_->functions.find(job->invocation.function);
    if (found == impl_->functions.end()) {
        auto error = not_found(job->invocation.function);
        return impl_->refuse(std::move(job), std::move(error));
    }
    auto& function = *found->second;
    if (function.config->max_concurrency == 0 || (!job->invocation.may_wait && impl_->is_full(function))) {
        function.meter.throttled();
        return impl_->refuse(std::move(job), throttled());
    }
    job->function = found->second;
    impl_->enqueue(function, std::move(job));
}

void FunctionPool::cancel(std::string_view request_id) {
    const std::lock_guard lock{impl_->mutex};
    const auto found = impl_->jobs.find(std::string{request_id});
    if (found == impl_->jobs.end()) return;
    const auto job = std::move(found->second);
    impl_->jobs.erase(found);
    if (!job->worker) {
        job->function->queue.erase(job->place);
        return;
    }
    auto& worker = *job->worker;
    worker.job.reset();
    --worker.function.running;
    impl_->end(worker, SIGKILL);
    impl_->offer(worker.function);
}

std::optional<FunctionPool::Work> FunctionPool::next(std::uint64_t worker, const std::function<bool()>& still_there) {
    return impl_->next(worker, still_there);
}

bool FunctionPool::respond(std::uint64_t worker, std::string_view request_id, std::string payload) {
    if (payload.size() > max_response_bytes) return impl_->answer(worker, request_id, response_too_large());
    return impl_->answer(worker, request_id, std::move(payload));
}

bool FunctionPool::fail(std::uint64_t worker, std::string_view request_id, std::string error_type,
                        std::string document) {
    return impl_->answer(worker, request_id, reported(std::move(error_type), std::move(document)));
}

bool FunctionPool::fail_init(std::uint64_t worker, std::string error_type, std::string document) {
    const std::lock_guard lock{impl_->mutex};
    const auto failed = impl_->find(worker);
    if (!failed || failed->phase != Phase::Starting) return false;
    impl_->end(*failed, 0);  // it may end by itself now
    impl_->start_failed(failed, [&](std::string_view) { return reported(error_type, document); });
    return true;
}

}  // namespace pawl
