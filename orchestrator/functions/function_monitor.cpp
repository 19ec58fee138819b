// The pool's monitor thread: starts processes, notices exits, time-outs and idleness, and reads what functions print.
// It sleeps in poll until one of these is due, so an idle pool costs nothing.
#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <utility>

#include "orchestrator/functions/invocation_error.hpp"
#include "orchestrator/functions/pool_impl.hpp"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using Phase = PoolWorker::Phase;
using Workers = std::vector<std::shared_ptr<PoolWorker>>;

// A function may take its time-out to come up, and 10 seconds in any case, as on Lambda.
constexpr std::chrono::seconds least_start_limit{10};

std::chrono::seconds start_limit(const FunctionConfig& config) { return std::max(config.timeout, least_start_limit); }

std::string log_stream_name(std::uint64_t worker) {
    const auto now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 20> day{};
    std::strftime(day.data(), day.size(), "%Y/%m/%d", &utc);
    return std::string{day.data()} + "/[$LATEST]" + std::to_string(worker);
}

}  // namespace

// What Lambda's own environment has, and of ours only what programs need to run: no secret of the server gets there.
std::vector<std::string> FunctionPool::Impl::environment(const PoolFunction& function, std::uint64_t worker,
                                                         const std::string& address) const {
    const auto& config = function.config;
    std::map<std::string, std::string> variables{
        {"LANG", "C.UTF-8"},
        {"AWS_LAMBDA_FUNCTION_NAME", config.name},
        {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
        {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"},
        {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
        {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + config.name},
        {"AWS_LAMBDA_LOG_STREAM_NAME", log_stream_name(worker)},
        {"AWS_REGION", settings.region},
        {"AWS_DEFAULT_REGION", settings.region},
        {"LAMBDA_TASK_ROOT", config.working_directory},
        {"_HANDLER", config.command.back()},  // as in a container image, where the command ends with the handler
    };
    for (const char* name : {"PATH", "HOME", "LANG", "TZ"}) {
        if (const char* value = std::getenv(name)) variables[name] = value;
    }
    for (const auto& [name, value] : config.environment) variables[name] = value;
    variables["AWS_LAMBDA_RUNTIME_API"] = address;
    std::vector<std::string> result;
    result.reserve(variables.size());
    for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
    return result;
}

void FunctionPool::Impl::monitor() {
    std::unique_lock lock{mutex};
    for (;;) {
        Workers gone;
        reap(gone);
        act_on_deadlines(std::chrono::steady_clock::now());
        while (auto* function = gone.empty() ? startable(std::chrono::steady_clock::now()) : nullptr) {
            start_process(*function, lock);
        }
        auto callbacks = std::exchange(to_deliver, {});
        if (stopping && workers.empty() && gone.empty()) return;

        Workers watched;
        for (const auto& [id, worker] : workers) {
            if (const int signal = std::exchange(worker->signal, 0); signal != 0) worker->process->signal(signal);
            watched.push_back(worker);
        }
        monitor_wakes_at = next_wake(std::chrono::steady_clock::now());
        const auto until = monitor_wakes_at;
        lock.unlock();
        for (auto& finished : callbacks) deliver(std::move(finished));
        for (const auto& worker : gone) {
            worker->output->drain();
            worker->output->end("Status: stopped");  // of a cancelled invocation; others have ended already
            host->close(worker->id);
        }
        wait_for_events(watched, gone.empty() ? until : SteadyTime::min());
        lock.lock();
    }
}

void FunctionPool::Impl::reap(Workers& gone) {
    for (auto entry = workers.begin(); entry != workers.end();) {
        const auto worker = entry->second;
        const auto pid = worker->process ? worker->process->pid() : -1;
        const auto exit = worker->exit_seen ? worker->process->reap() : std::nullopt;
        if (!exit) {
            ++entry;
            continue;
        }
        guard->forget(pid);
        const bool was_starting = worker->phase == Phase::Starting;
        if (worker->job) to_deliver.push_back(finish(worker, exited(worker->job->invocation.request_id, exit)));
        end(*worker, 0);
        worker->signal = 0;
        if (was_starting) {
            start_failed(worker->function, [&](std::string_view request_id) { return exited(request_id, exit); });
        }
        gone.push_back(worker);
        entry = workers.erase(entry);
    }
}

void FunctionPool::Impl::act_on_deadlines(SteadyTime now) {
    for (const auto& [id, worker] : workers) {
        if (now < worker->deadline) continue;
        switch (worker->phase) {
            case Phase::Starting:
                end(*worker, SIGKILL);
                start_failed(worker->function, [&](std::string_view request_id) {
                    return timed_out(request_id, start_limit(worker->function.config));
                });
                break;
            case Phase::Busy: {
                const auto granted = std::chrono::ceil<std::chrono::milliseconds>(worker->deadline - worker->since);
                to_deliver.push_back(finish(worker, timed_out(worker->job->invocation.request_id, granted)));
                end(*worker, SIGKILL);
                break;
            }
            case Phase::Waiting:
            case Phase::Between:
                end(*worker, SIGTERM);
                break;
            case Phase::Ending:
                worker->signal = SIGKILL;
                worker->deadline = never;
                break;
        }
    }
}

// The function that gets the next process, in turn; null: none wants one, or there is no place.
PoolFunction* FunctionPool::Impl::startable(SteadyTime now) {
    auto next = functions.upper_bound(last_started);
    for (std::size_t i = 0; i < functions.size(); ++i, ++next) {
        if (next == functions.end()) next = functions.begin();
        if (!wants_process(next->second, now)) continue;
        if (workers.size() >= settings.max_processes) {
            make_room(next->second, now);
            return nullptr;
        }
        last_started = next->first;
        return &next->second;
    }
    return nullptr;
}

// Ends the process of another function that has been idle the longest.
void FunctionPool::Impl::make_room(const PoolFunction& wanting, SteadyTime now) {
    if (ending() > 0) return;
    PoolWorker* idle = nullptr;
    for (const auto& [id, worker] : workers) {
        if (worker->phase != Phase::Waiting || &worker->function == &wanting) continue;
        if (wanting.live > 0 && now < worker->since + time_slice) continue;
        if (!idle || worker->since < idle->since) idle = worker.get();
    }
    if (idle) end(*idle, SIGTERM);
}

void FunctionPool::Impl::start_process(PoolFunction& function, std::unique_lock<std::mutex>& lock) {
    const auto worker = std::make_shared<PoolWorker>(++last_worker, function);
    worker->since = std::chrono::steady_clock::now();
    workers.emplace(worker->id, worker);
    ++function.live;
    ++function.starting;
    std::array<int, 2> pipe{-1, -1};
    Result<Process, std::string> process{std::string{"no pipe"}};
    if (::pipe2(pipe.data(), O_CLOEXEC) == 0) {
        worker->output = std::make_unique<FunctionOutput>(function.log, FileDescriptor{pipe[0]});
        const FileDescriptor theirs{pipe[1]};
        lock.unlock();  // meanwhile the process may call already, or the pool may stop
        process = spawn(*worker, theirs.get());
        lock.lock();
    }
    if (process) {
        worker->process = *std::move(process);
        if (worker->phase == Phase::Starting) worker->deadline = worker->since + start_limit(function.config);
        return;
    }
    end(*worker, 0);
    workers.erase(worker->id);
    start_failed(function, [&](std::string_view request_id) {
        return not_startable(request_id, function.config.command.front(), process.error());
    });
}

Result<Process, std::string> FunctionPool::Impl::spawn(const PoolWorker& worker, int output) const {
    try {
        const auto& config = worker.function.config;
        const auto address = host->open(worker.id);
        auto process = Process::spawn(
            {config.command, config.working_directory, environment(worker.function, worker.id, address), output});
        if (process) {
            guard->watch(process->pid());
        } else {
            host->close(worker.id);
        }
        return process;
    } catch (const std::exception& broken) {  // no descriptors, ports or threads left
        return std::string{broken.what()};
    }
}

SteadyTime FunctionPool::Impl::next_wake(SteadyTime now) const {
    auto wake = to_deliver.empty() ? never : now;
    const auto consider = [&](SteadyTime when) {
        if (when > now) wake = std::min(wake, when);
    };
    bool crowded = false;
    for (const auto& [name, function] : functions) {
        if (function.queue.empty()) continue;
        consider(function.next_start);
        crowded = crowded || (workers.size() >= settings.max_processes && wants_process(function, now));
    }
    for (const auto& [id, worker] : workers) {
        wake = std::min(wake, worker->deadline);
        if (worker->phase == Phase::Between && !worker->function.queue.empty()) consider(worker->since + between_grace);
        if (worker->phase == Phase::Waiting && crowded) consider(worker->since + time_slice);
    }
    return wake;
}

void FunctionPool::Impl::wait_for_events(const Workers& watched, SteadyTime until) {
    std::vector<pollfd> fds{{wake_up.get(), POLLIN, 0}};
    for (const auto& worker : watched) {
        fds.push_back({worker->process->exit_fd(), POLLIN, 0});
        fds.push_back({worker->output_open ? worker->output->fd() : -1, POLLIN, 0});
    }
    int timeout_ms = -1;
    if (until != never) {
        const auto left = until == SteadyTime::min() ? 0s : until - std::chrono::steady_clock::now();
        const auto millis = std::chrono::ceil<std::chrono::milliseconds>(left).count();
        timeout_ms = static_cast<int>(std::clamp<std::int64_t>(millis, 0, INT_MAX));
    }
    if (::poll(fds.data(), fds.size(), timeout_ms) <= 0) return;
    if (fds[0].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(wake_up.get(), &count, sizeof count);
    }
    for (std::size_t i = 0; i < watched.size(); ++i) {
        auto& worker = *watched[i];
        if (fds[2 * i + 2].revents != 0) worker.output_open = worker.output->drain();
        if (fds[2 * i + 1].revents != 0) worker.exit_seen = true;
    }
}

}  // namespace pawl
