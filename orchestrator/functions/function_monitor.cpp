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
#include <filesystem>
#include <system_error>
#include <utility>

#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/invocation_error.hpp"
#include "orchestrator/functions/network_door.hpp"
#include "orchestrator/functions/pool_impl.hpp"
#include "orchestrator/functions/process_memory.hpp"
#include "orchestrator/functions/runtime_kind.hpp"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using Phase = PoolWorker::Phase;
using Workers = std::vector<std::shared_ptr<PoolWorker>>;

std::string program_of(const FunctionConfig& config) {
    return runtime_command(config).value_or(std::vector<std::string>{config.runtime}).front();
}

// Asked of the disk: that starting it says "no such file or directory" may also mean its interpreter.
bool lacks_bootstrap(const FunctionConfig& config) {
    std::error_code ignored;
    return runtime_kind(config.runtime) == RuntimeKind::Provided &&
           !std::filesystem::exists(program_of(config), ignored);
}

}  // namespace

FunctionOutput::Listener FunctionPool::Impl::listener_of(const PoolWorker& worker) const {
    if (!settings.printed) return {};
    return [this, name = std::string{base_of(worker.config->name)}](std::string_view lines) {
        settings.printed(name, lines);
    };
}

std::chrono::milliseconds FunctionPool::Impl::start_limit(const FunctionConfig& config) const {
    return std::max<std::chrono::milliseconds>(config.timeout, settings.least_start_limit);
}

void FunctionPool::Impl::monitor() {
    std::unique_lock lock{mutex};
    for (;;) {
        Workers gone;
        reap(gone);
        act_on_deadlines(std::chrono::steady_clock::now());
        look_at_use(std::chrono::steady_clock::now(), lock);
        while (auto function = gone.empty() ? startable(std::chrono::steady_clock::now()) : nullptr) {
            start_process(std::move(function), lock);
        }
        auto callbacks = std::exchange(to_deliver, {});
        if (stopping && workers.empty() && gone.empty()) return;

        Workers watched;
        for (const auto& [id, worker] : workers) {
            if (const int signal = std::exchange(worker->signal, 0); signal != 0 && worker->process) {
                worker->process->signal(signal);
            }
            watched.push_back(worker);
        }
        monitor_wakes_at = next_wake(std::chrono::steady_clock::now());
        const auto until = monitor_wakes_at;
        lock.unlock();
        for (auto& finished : callbacks) deliver(std::move(finished));
        for (const auto& worker : gone) {
            worker->output->drain();
            worker->output->end("Status: stopped");  // of a cancelled invocation; others have ended already
            if (worker->thread.joinable()) {
                worker->thread.join();
                continue;
            }
            launcher.clean_up(worker->id);
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
        auto exit = worker->exit_seen ? worker->process->reap() : std::nullopt;
        if (worker->thread_over) exit = ProcessExit{};
        if (!exit) {
            ++entry;
            continue;
        }
        if (pid > 0) guard->forget(pid);
        worker->pid = -1;
        worker->peak_megabytes = megabytes(exit->peak_bytes);
        const bool was_starting = worker->phase == Phase::Starting;
        if (worker->job) {
            const auto& id = worker->job->invocation.request_id;
            to_deliver.push_back(finish(worker, worker->out_of_memory ? out_of_memory(id) : exited(id, exit)));
        }
        end(*worker, 0);
        worker->signal = 0;
        if (was_starting) {
            start_failed(worker, [&](std::string_view request_id) {
                return worker->out_of_memory ? out_of_memory(request_id) : exited(request_id, exit);
            });
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
                // Of the limit that was reached users know nothing: like Lambda, it names the one that they set.
                start_failed(worker, [&](std::string_view request_id) {
                    return timed_out(request_id, worker->config->timeout);
                });
                break;
            case Phase::Busy: {
                if (const auto peak = peak_memory_of(worker->pid)) worker->peak_megabytes = megabytes(*peak);
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
std::shared_ptr<PoolFunction> FunctionPool::Impl::startable(SteadyTime now) {
    auto next = functions.upper_bound(last_started);
    for (std::size_t i = 0; i < functions.size(); ++i, ++next) {
        if (next == functions.end()) next = functions.begin();
        if (!wants_process(*next->second, now)) continue;
        if (is_crowded()) {
            make_room(*next->second, now);
            return nullptr;
        }
        last_started = next->first;
        return next->second;
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

void FunctionPool::Impl::start_process(std::shared_ptr<PoolFunction> starting, std::unique_lock<std::mutex>& lock) {
    auto& function = *starting;
    const auto worker = std::make_shared<PoolWorker>(++last_worker, std::move(starting));
    worker->since = std::chrono::steady_clock::now();
    workers.emplace(worker->id, worker);
    ++function.live;
    ++function.starting;
    std::array<int, 2> pipe{-1, -1};
    Result<Process, std::string> process{std::string{"no pipe"}};
    if (::pipe2(pipe.data(), O_CLOEXEC) == 0) {
        worker->output = std::make_unique<FunctionOutput>(function.log, FileDescriptor{pipe[0]}, listener_of(*worker));
        const FileDescriptor theirs{pipe[1]};
        if (!function.has_process()) {
            try {
                worker->thread = std::thread{[this, worker] { serve_here(worker); }};
                return;
            } catch (const std::system_error& none_left) {
                process = std::string{none_left.what()};
            }
        } else {
            const auto server = server_url;
            lock.unlock();  // meanwhile the process may call already, or the pool may stop
            process = spawn(*worker, server, theirs.get());
            if (!process) launcher.clean_up(worker->id);
            lock.lock();
        }
    }
    if (process) {
        worker->pid = process->pid();
        worker->process = *std::move(process);
        if (worker->phase == Phase::Starting) worker->deadline = worker->since + start_limit(*worker->config);
        return;
    }
    end(*worker, 0);
    workers.erase(worker->id);
    if (worker->is_outdated()) return;  // it has another configuration now, which is tried next
    start_failed(worker, [&](std::string_view request_id) {
        return lacks_bootstrap(*worker->config)
                   ? no_bootstrap(request_id)
                   : not_startable(request_id, program_of(*worker->config), process.error());
    });
}

Result<Process, std::string> FunctionPool::Impl::spawn(const PoolWorker& worker, const std::string& server,
                                                       int output) const {
    try {
        const auto& config = *worker.config;
        if (lacks_bootstrap(config)) return std::string{"no bootstrap"};  // a sandbox would start, and fail in there
        auto door = launcher.has_own_network(config) ? make_network_door() : NetworkDoor{};
        const auto runtime_api = host->open(worker.id, std::move(door.ours));
        auto request = launcher.request(config, worker.id, {runtime_api, server});
        request.output = output;
        request.door = door.theirs.get();
        auto process = Process::spawn(request);
        if (process) {
            guard->watch(process->pid());
            limit_data(process->pid(), config.memory_megabytes);
        } else {
            host->close(worker.id);
        }
        return process;
    } catch (const std::exception& broken) {  // no descriptors, ports or threads left
        host->close(worker.id);
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
        if (function->queue.empty()) continue;
        consider(function->next_start);
        crowded = crowded || (is_crowded() && wants_process(*function, now));
    }
    for (const auto& [id, worker] : workers) {
        wake = std::min({wake, worker->deadline, next_look(*worker)});
        if (worker->phase == Phase::Between && !worker->function.queue.empty()) consider(worker->since + between_grace);
        if (worker->phase == Phase::Waiting && crowded) consider(worker->since + time_slice);
    }
    return wake;
}

void FunctionPool::Impl::wait_for_events(const Workers& watched, SteadyTime until) {
    std::vector<pollfd> fds{{wake_up.get(), POLLIN, 0}};
    for (const auto& worker : watched) {
        fds.push_back({worker->process ? worker->process->exit_fd() : -1, POLLIN, 0});
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
