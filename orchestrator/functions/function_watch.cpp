// What keeps a function within its bounds beside its time: how much memory its processes take, and how many there are.
// Looked at ten times a second while invocations run for longer than that, and after each; idle functions cost nothing.
// Not RLIMIT_AS: node alone reserves a gigabyte of addresses. RLIMIT_DATA, generously set, stops what grows too fast to
// be seen.
#include <sys/resource.h>

#include <csignal>

#include "orchestrator/functions/code_fingerprint.hpp"
#include "orchestrator/functions/pool_impl.hpp"
#include "orchestrator/functions/process_memory.hpp"

namespace pawl {
namespace {

using Phase = PoolWorker::Phase;

constexpr auto watch_interval = std::chrono::milliseconds{100};
constexpr auto slow_start = std::chrono::seconds{1};
constexpr std::size_t most_processes = 200;  // of one function process; threads do not count
constexpr std::uint64_t megabyte = 1024ULL * 1024;

// A scan of the code may take this share of the time.
constexpr int scan_share = 20;

}  // namespace

void limit_data(pid_t pid, std::size_t memory_megabytes) {
    if (memory_megabytes == 0) return;
    const auto bytes = static_cast<rlim_t>(megabyte * (4 * memory_megabytes + 2048));
    const rlimit limit{bytes, bytes};
    prlimit(pid, RLIMIT_DATA, &limit, nullptr);
}

SteadyTime FunctionPool::Impl::next_look(const PoolWorker& worker) const {
    if (worker.phase != Phase::Busy && worker.phase != Phase::Starting) return never;
    if (worker.pid <= 0) return never;
    return std::max(worker.since, worker.looked_at) + watch_interval;
}

void FunctionPool::Impl::look_at_use(SteadyTime now, std::unique_lock<std::mutex>& lock) {
    std::vector<std::shared_ptr<PoolWorker>> due, slow;
    for (const auto& [id, worker] : workers) {
        if (next_look(*worker) > now) continue;
        due.push_back(worker);
        if (worker->phase == Phase::Starting && now >= worker->since + slow_start) slow.push_back(worker);
    }
    if (due.empty()) return;
    lock.unlock();
    std::vector<ProcessUse> uses;
    for (const auto& worker : due) uses.push_back(use_of(worker->pid));
    for (const auto& worker : slow) worker->output->show();
    lock.lock();
    for (std::size_t i = 0; i < due.size(); ++i) {
        auto& worker = *due[i];
        worker.looked_at = now;
        const auto limit = worker.config->memory_megabytes * megabyte;
        worker.out_of_memory = worker.out_of_memory || (limit > 0 && uses[i].bytes > limit);
        if (!worker.out_of_memory && uses[i].processes <= most_processes) continue;
        const bool works = worker.phase == Phase::Busy || worker.phase == Phase::Starting;
        if (works) {
            worker.signal = SIGKILL;
        } else {  // it has answered meanwhile: nothing more is handed to it
            end(worker, SIGKILL);
        }
    }
}

// Before an invocation: other code means other processes.
void FunctionPool::Impl::look_for_new_code(std::string_view name) {
    std::shared_ptr<PoolFunction> function;
    std::shared_ptr<const FunctionConfig> config;
    const auto begin = std::chrono::steady_clock::now();
    {
        const std::lock_guard lock{mutex};
        const auto found = functions.find(name);
        if (found == functions.end() || !found->second->config->hot_reload || begin < found->second->next_scan) return;
        function = found->second;
        function->next_scan = never;  // nobody else scans meanwhile
        config = function->config;
    }
    const auto now = code_fingerprint(code_of(*config), settings.not_code);
    const auto end = std::chrono::steady_clock::now();
    const std::lock_guard lock{mutex};
    function->next_scan = end + (end - begin) * scan_share;
    if (function->config != config) return;
    const auto before = function->code;
    if (before && *before != now) replace_processes(*function);
    function->code = now;
}

}  // namespace pawl
