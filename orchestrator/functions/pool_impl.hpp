// The pool's inside. Calls come from any thread, function processes call through the host's threads, and one monitor
// thread starts processes and watches exits, deadlines and output.
//
// One mutex guards everything here: an invocation moves between queue, process and answer in one step, and each step
// looks at several of them. It is held for microseconds; callbacks, disk writes, spawning and the host's work happen
// without it. (Mailboxes would not do: a waiting `next` is a thread of the host, which must sleep and wake here.)
// Process handles belong to the monitor alone: nobody else signals, so none is signalled after it was reaped.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "orchestrator/functions/function_log.hpp"
#include "orchestrator/functions/function_pool.hpp"
#include "orchestrator/functions/launch.hpp"
#include "orchestrator/functions/orphan_guard.hpp"
#include "orchestrator/functions/process.hpp"

namespace pawl {

using SteadyTime = std::chrono::steady_clock::time_point;
inline constexpr SteadyTime never = SteadyTime::max();

struct PoolWorker;
struct PoolFunction;

// An invocation on its way.
struct PoolJob {
    Invocation invocation;
    SteadyTime expires = never;  // what the caller grants
    std::shared_ptr<PoolFunction> function;
    PoolWorker* worker = nullptr;  // null: it is queued, at `place`
    std::list<std::shared_ptr<PoolJob>>::iterator place;
    std::mutex callbacks;  // held while `started` is called, so that `finished` comes after it
};

// One process and what it does.
struct PoolWorker {
    enum class Phase { Starting, Waiting, Busy, Between, Ending };  // Between: it answered and will ask again
    PoolWorker(std::uint64_t number, std::shared_ptr<PoolFunction> works_for);
    bool is_outdated() const;  // its function has another configuration now, or is gone

    const std::uint64_t id;
    const std::shared_ptr<PoolFunction> kept;  // it may be removed while this runs
    PoolFunction& function;
    const std::shared_ptr<const FunctionConfig> config;  // as it was started
    const std::uint64_t generation;                      // of its function, then
    Phase phase = Phase::Starting;
    SteadyTime deadline = never;                 // when the monitor must act; what it does depends on the phase
    SteadyTime since{};                          // of the phase
    SteadyTime ready{};                          // first call of `next`
    std::chrono::microseconds init_duration{0};  // not reported yet
    std::shared_ptr<PoolJob> job;                // while Busy
    std::condition_variable wake;
    std::uint64_t latest_call = 0;           // of `next`: an earlier one that still waits is void
    bool called = false;                     // to look at the queue
    int signal = 0;                          // for the monitor to send
    std::atomic<pid_t> pid{-1};              // to read its memory
    std::size_t peak_megabytes = 0;          // known from its end
    bool out_of_memory = false;              // and so it is killed
    bool thread_over = false;                // of a function without a process
    std::unique_ptr<FunctionOutput> output;  // set before the process starts

    // The monitor's own.
    std::optional<Process> process;
    std::thread thread;  // in its place
    SteadyTime looked_at{};
    bool output_open = true;
    bool exit_seen = false;
    std::atomic<bool> given_up{false};  // it is ending: for a thread that stands for a process
};

struct PoolFunction {
    std::shared_ptr<const FunctionConfig> config;
    FunctionMeter meter;
    std::uint64_t generation = 0;       // of what its processes are made from
    std::size_t running = 0;            // invocations
    std::optional<std::uint64_t> code;  // its fingerprint
    SteadyTime next_scan{};
    bool has_process() const { return config->url.empty() && !config->callable; }
    std::shared_ptr<FunctionLog> log;
    std::list<std::shared_ptr<PoolJob>> queue;
    std::vector<PoolWorker*> waiting;  // the last is called first, so that the others grow idle
    std::size_t live = 0;              // processes that are not Ending
    std::size_t starting = 0;
    unsigned failed_starts = 0;  // since one came up
    SteadyTime next_start{};     // not before
};

struct FunctionPool::Impl {
    Impl(std::vector<FunctionConfig> configs, Settings with);

    // An outcome on its way to the caller, delivered without the mutex.
    struct Finished {
        std::shared_ptr<PoolJob> job;
        InvocationReport report;
        std::shared_ptr<PoolWorker> worker;  // null: it never reached one
        std::chrono::system_clock::time_point start{};
        bool came_up = true;  // the worker; or else that is why it failed
    };
    static Finished without_worker(std::shared_ptr<PoolJob> job, InvocationError error);
    static Finished not_come_up(std::shared_ptr<PoolJob> job, InvocationError error,
                                const std::shared_ptr<PoolWorker>& worker);
    void deliver(Finished finished);  // without the mutex

    // All below: with the mutex held.
    std::shared_ptr<PoolWorker> find(std::uint64_t worker) const;
    void enqueue(PoolFunction& function, std::shared_ptr<PoolJob> job);
    void offer(PoolFunction& function);  // somebody should look at its queue
    void put(FunctionConfig config);
    void remove(std::string_view name);
    void replace_processes(PoolFunction& function);
    void refuse_queue(PoolFunction& function, const InvocationError& error);
    std::shared_ptr<FunctionLog> log_of(std::string_view name);
    std::vector<const PoolFunction*> versions_of(std::string_view name) const;  // NAME: all of them
    bool is_full(const PoolFunction& function) const;                           // an invocation more would have to wait
    void refuse(std::shared_ptr<PoolJob> job, InvocationError error);
    bool wants_process(const PoolFunction& function, SteadyTime now) const;
    std::size_t soon_free(const PoolFunction& function, SteadyTime now) const;
    std::size_t ending() const;
    bool is_crowded() const;  // no place for another process
    bool should_yield(const PoolWorker& worker, SteadyTime now) const;
    std::shared_ptr<PoolJob> take_job(PoolFunction& function, SteadyTime now);
    void became_ready(PoolWorker& worker, SteadyTime now);
    void between(PoolWorker& worker, SteadyTime now);
    void end(PoolWorker& worker, int signal);
    void start_failed(const std::shared_ptr<PoolWorker>& worker,
                      const std::function<InvocationError(std::string_view)>& error);
    Finished finish(const std::shared_ptr<PoolWorker>& worker, Result<std::string, InvocationError> outcome);
    bool somebody_waits() const;
    void wake_monitor();
    void arm(SteadyTime when) {  // the monitor must be awake by then
        if (when < monitor_wakes_at) wake_monitor();
    }

    std::optional<Work> next(std::uint64_t id, const std::function<bool()>& still_there);
    Work hand_over(std::unique_lock<std::mutex>& lock, const std::shared_ptr<PoolWorker>& worker,
                   std::shared_ptr<PoolJob> job);
    bool answer(std::uint64_t id, std::string_view request_id, Result<std::string, InvocationError> outcome);

    void serve_here(const std::shared_ptr<PoolWorker>& worker);  // in_process.cpp, without the mutex
    void look_for_new_code(std::string_view function);           // without the mutex

    // The monitor thread: function_monitor.cpp, function_watch.cpp.
    SteadyTime next_look(const PoolWorker& worker) const;
    void look_at_use(SteadyTime now, std::unique_lock<std::mutex>& lock);
    FunctionOutput::Listener listener_of(const PoolWorker& worker) const;
    std::chrono::milliseconds start_limit(const FunctionConfig& config) const;
    void monitor();
    void reap(std::vector<std::shared_ptr<PoolWorker>>& gone);
    void act_on_deadlines(SteadyTime now);
    std::shared_ptr<PoolFunction> startable(SteadyTime now);
    void make_room(const PoolFunction& wanting, SteadyTime now);
    void start_process(std::shared_ptr<PoolFunction> function, std::unique_lock<std::mutex>& lock);
    Result<Process, std::string> spawn(const PoolWorker& worker, const std::string& server,
                                       int output) const;  // without the mutex
    SteadyTime next_wake(SteadyTime now) const;
    void wait_for_events(const std::vector<std::shared_ptr<PoolWorker>>& watched, SteadyTime until);

    const Settings settings;
    const Launcher launcher;
    std::unique_ptr<OrphanGuard> guard;  // from the first function on
    FileDescriptor wake_up;              // an eventfd

    std::mutex mutex;
    RuntimeApiHost* host = nullptr;
    std::string server_url;
    bool stopping = false;
    std::map<std::string, std::shared_ptr<PoolFunction>, std::less<>> functions;
    std::map<std::string, std::shared_ptr<FunctionLog>, std::less<>> logs;  // by name without version
    std::unordered_map<std::uint64_t, std::shared_ptr<PoolWorker>> workers;
    std::unordered_map<std::string, std::shared_ptr<PoolJob>> jobs;  // by request id, queued or running
    std::vector<Finished> to_deliver;                                // by the monitor
    std::uint64_t last_worker = 0;
    std::string last_started;  // function; the next one in order is served first
    SteadyTime monitor_wakes_at = never;
    std::thread monitor_thread;
};

void limit_data(pid_t pid, std::size_t memory_megabytes);

// A process that has just answered asks again within microseconds; until this has passed no further one is started.
inline constexpr auto between_grace = std::chrono::milliseconds{100};
// From SIGTERM, or a reported init error, to SIGKILL.
inline constexpr auto ending_grace = std::chrono::milliseconds{500};
// What a process may do undisturbed, idle or busy, before its place goes to another function.
inline constexpr auto time_slice = std::chrono::seconds{1};

}  // namespace pawl
