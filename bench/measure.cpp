#include "bench/measure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "bench/server_process.hpp"
#include "states/json.hpp"
#include "states/time.hpp"

namespace pawl::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int function_processes = 8;

// A server on an empty store.
ServerOptions fresh(const Setting& setting) {
    const auto folder = setting.folder / "run";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    Json echo = Json::object();
    echo["command"] = Json::array({setting.echo_function});
    echo["max_concurrency"] = function_processes;
    Json functions = Json::object();
    functions["functions"]["echo"] = std::move(echo);
    std::ofstream{folder / "functions.json"} << to_text(functions);
    return {setting.pawl, folder, folder / "functions.json", {}};
}

// 4 KB written over the same place of a file and made durable, again and again: what a commit costs at least.
double fdatasync_p50_ms(const std::filesystem::path& folder) {
    const auto path = folder / "fdatasync-probe";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) throw std::runtime_error{"can't write " + path.string()};
    const std::array<char, 4096> block{};
    std::vector<double> times;
    for (int i = 0; i < 200; ++i) {
        const auto began = SteadyClock::now();
        if (::pwrite(file, block.data(), block.size(), 0) < 0 || ::fdatasync(file) != 0) break;
        times.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - began).count());
    }
    ::close(file);
    std::filesystem::remove(path);
    return latencies_of(times).p50_ms;
}

Load load_of(const ServerProcess& server, const Workload& workload, int clients, Seconds duration) {
    Load load;
    load.port = server.port();
    load.machine_arn = create_machine(server.port(), "bench", workload.definition);
    load.input = workload.input;
    load.clients = clients;
    load.duration = duration;
    load.ends_at_once = workload.ends_at_once;
    return load;
}

}  // namespace

Measurement measure(const Setting& setting, const Workload& workload, int clients, bool see_end) {
    const auto options = fresh(setting);
    Measurement result;
    result.workload = workload.name;
    result.clients = clients;
    result.states = workload.states;
    result.fdatasync_p50_ms = fdatasync_p50_ms(options.folder);
    ServerProcess server{options};
    auto load = load_of(server, workload, clients, setting.duration / 5);
    load.see_end = see_end;
    const auto warm_up = run_load(load);
    load.duration = setting.duration;

    const auto written = server.written_bytes();
    const double machine = machine_cpu_seconds(), own = own_cpu_seconds();
    const double server_cpu = server.cpu_seconds(), functions_cpu = server.function_cpu_seconds();
    result.load = run_load(load);
    result.server_cpu_seconds = server.cpu_seconds() - server_cpu;
    result.function_cpu_seconds = server.function_cpu_seconds() - functions_cpu;
    const double ours = result.server_cpu_seconds + result.function_cpu_seconds + own_cpu_seconds() - own;
    result.other_cpu_cores = std::max(0.0, machine_cpu_seconds() - machine - ours) / result.load.seconds;
    const auto count = static_cast<double>(std::max<std::int64_t>(result.load.executions, 1));
    result.written_bytes_per_execution = static_cast<double>(server.written_bytes() - written) / count;
    result.peak_memory_bytes = server.peak_memory_bytes();
    server.stop();
    result.kept_bytes_per_execution = static_cast<double>(folder_bytes(options.folder, "pawl.db")) /
                                      (count + static_cast<double>(warm_up.executions));
    return result;
}

std::optional<double> fsyncs_per_execution(const Setting& setting, const Workload& workload, int clients) {
    if (std::system("command -v strace >/dev/null 2>&1") != 0) return std::nullopt;
    auto options = fresh(setting);
    const auto trace = options.folder / "fsyncs";
    // One line a call; the filter in the kernel leaves all other calls at full speed.
    options.before = {"strace",      "-f", "--seccomp-bpf", "-qq", "-e", "trace=fsync,fdatasync", "-e",
                      "signal=none", "-o", trace.string()};
    const auto calls = [&] {
        std::ifstream in{trace};
        std::int64_t count = 0;
        for (std::string line; std::getline(in, line);) count += line.find("sync(") != std::string::npos;
        return count;
    };
    ServerProcess server{options};
    const auto load = load_of(server, workload, clients, setting.duration);
    const auto before = calls();
    const auto result = run_load(load);
    server.stop();  // strace writes the rest
    return static_cast<double>(calls() - before) / static_cast<double>(std::max<std::int64_t>(result.executions, 1));
}

Recovery measure_recovery(const Setting& setting) {
    const std::string wait = R"({"StartAt":"W","States":{"W":{"Type":"Wait","TimestampPath":"$","End":true}}})";
    const auto options = fresh(setting);
    Recovery result;
    result.executions = setting.waiting_executions;
    result.due_executions = 2'000;
    const auto now = [] { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); };
    std::string long_wait, short_wait;
    const auto disk_bytes = [&] { return static_cast<double>(folder_bytes(options.folder, "pawl.db")); };
    double empty_bytes = 0;
    {
        ServerProcess server{options};
        result.start_seconds = server.time_to_ready().count();
        result.idle_memory_bytes = server.memory_bytes();
        long_wait = create_machine(server.port(), "long", wait);
        short_wait = create_machine(server.port(), "short", wait);
        server.stop();
        empty_bytes = disk_bytes();
    }
    {
        ServerProcess server{options};
        start_many(server.port(), long_wait, result.executions,
                   "\"" + to_iso8601(now() + std::chrono::hours{1}) + "\"");
        server.stop();  // the log of the last writes is folded into the store
        result.bytes_per_waiting_execution = (disk_bytes() - empty_bytes) / static_cast<double>(result.executions);
    }
    {
        ServerProcess server{options};
        const auto due = now() + std::chrono::seconds{3};
        start_many(server.port(), short_wait, result.due_executions, "\"" + to_iso8601(due) + "\"");
        server.kill();
        std::this_thread::sleep_until(due + std::chrono::milliseconds{200});
    }
    const auto began = SteadyClock::now();
    const auto since = [&] { return Seconds{SteadyClock::now() - began}.count(); };
    ServerProcess server{options};
    result.ready_seconds = server.time_to_ready().count();
    start_many(server.port(), long_wait, 1, "\"" + to_iso8601(now() + std::chrono::hours{1}) + "\"");
    result.first_start_seconds = since();
    while (count_in_status(server.port(), short_wait, "RUNNING") > 0 && since() < 120) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    result.due_ended_seconds = since();
    result.memory_bytes = server.memory_bytes();
    if (count_in_status(server.port(), short_wait, "RUNNING") > 0)
        throw std::runtime_error{"waits that were due did not end"};
    return result;
}

}  // namespace pawl::bench
