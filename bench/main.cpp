// pawl_load: measures a Pawl over HTTP; prints a table and writes JSON. scripts/bench runs it on a release build.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <thread>

#include "bench/measure.hpp"
#include "states/json.hpp"

namespace pawl::bench {
namespace {

double per_1000(double seconds, const LoadResult& load) {
    return load.executions ? seconds * 1000 / static_cast<double>(load.executions) : 0;
}

Json to_json(const Measurement& m) {
    Json row = Json::object();
    row["workload"] = m.workload;
    row["clients"] = m.clients;
    row["executions"] = m.load.executions;
    row["executionsPerSecond"] = static_cast<double>(m.load.executions) / m.load.seconds;
    row["statesPerSecond"] = static_cast<double>(m.load.executions * m.states) / m.load.seconds;
    row["p50Milliseconds"] = m.load.seen.p50_ms;
    row["p99Milliseconds"] = m.load.seen.p99_ms;
    row["serverP50Milliseconds"] = m.load.server.p50_ms;
    row["serverP99Milliseconds"] = m.load.server.p99_ms;
    row["describesPerExecution"] = m.load.describes_per_execution;
    row["serverCpuSecondsPer1000"] = per_1000(m.server_cpu_seconds, m.load);
    row["functionCpuSecondsPer1000"] = per_1000(m.function_cpu_seconds, m.load);
    row["otherCpuCores"] = m.other_cpu_cores;
    row["peakMemoryBytes"] = m.peak_memory_bytes;
    row["keptBytesPerExecution"] = m.kept_bytes_per_execution;
    row["writtenBytesPerExecution"] = m.written_bytes_per_execution;
    row["fdatasyncP50Milliseconds"] = m.fdatasync_p50_ms;
    return row;
}

void print(const Measurement& m) {
    std::printf("%-16s %5d %9.0f %10.0f %9.2f %9.2f %9.3f %9.3f %8.1f %9.0f %9.0f %8.2f %6.2f\n", m.workload.c_str(),
                m.clients, static_cast<double>(m.load.executions) / m.load.seconds,
                static_cast<double>(m.load.executions * m.states) / m.load.seconds, m.load.seen.p50_ms,
                m.load.seen.p99_ms, per_1000(m.server_cpu_seconds, m.load), per_1000(m.function_cpu_seconds, m.load),
                static_cast<double>(m.peak_memory_bytes) / 1e6, m.kept_bytes_per_execution,
                m.written_bytes_per_execution, m.fdatasync_p50_ms, m.other_cpu_cores);
    std::fflush(stdout);
}

// `only`: those whose name contains it.
Json measure_loads(const Setting& setting, const std::string& only) {
    std::printf("%-16s %5s %9s %10s %9s %9s %9s %9s %8s %9s %9s %8s %6s\n", "workload", "conc", "exec/s", "states/s",
                "p50 ms", "p99 ms", "CPU s/1k", "fn s/1k", "peak MB", "kept B/ex", "disk B/ex", "sync ms", "other");
    Json rows = Json::array();
    const auto add = [&](const Workload& workload, int clients, bool see_end = true) {
        if (workload.name.find(only) == std::string::npos) return;
        const auto measured = measure(setting, workload, clients, see_end);
        print(measured);
        rows.push_back(to_json(measured));
    };
    for (const int clients : {1, 16, 128}) add(five_passes(), clients);
    for (const int clients : {1, 16, 128}) add(five_tasks(), clients);
    add(ten_branches(), 16);
    add(thousand_items(), 1);
    auto starts = five_passes();
    starts.name = "start only";
    add(starts, 64, false);
    return rows;
}

Json measure_fsyncs(const Setting& setting) {
    std::printf("\n%-16s %5s %9s\n", "workload", "conc", "fsyncs/ex");
    Json rows = Json::array();
    for (const auto& workload : {five_passes(), five_tasks()}) {
        for (const int clients : {1, 16, 128}) {
            const auto count = fsyncs_per_execution(setting, workload, clients);
            if (!count) {
                std::printf("strace is not installed: not counted\n");
                return nullptr;
            }
            std::printf("%-16s %5d %9.3f\n", workload.name.c_str(), clients, *count);
            std::fflush(stdout);
            Json row = Json::object();
            row["workload"] = workload.name;
            row["clients"] = clients;
            row["fsyncsPerExecution"] = *count;
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

Json recovery(const Setting& setting) {
    const auto r = measure_recovery(setting);
    std::printf("\nstart on a fresh store: ready after %.0f ms, %.1f MB\n", r.start_seconds * 1000,
                static_cast<double>(r.idle_memory_bytes) / 1e6);
    std::printf(
        "kill -9 with %lld waiting executions (%.0f B on disk each): ready after %.0f ms, first start after %.0f ms, "
        "%.1f MB\n",
        static_cast<long long>(r.executions), r.bytes_per_waiting_execution, r.ready_seconds * 1000,
        r.first_start_seconds * 1000, static_cast<double>(r.memory_bytes) / 1e6);
    std::printf("%lld waits that came due meanwhile: all ended %.0f ms after the start\n",
                static_cast<long long>(r.due_executions), r.due_ended_seconds * 1000);
    Json result = Json::object();
    result["startSeconds"] = r.start_seconds;
    result["idleMemoryBytes"] = r.idle_memory_bytes;
    result["waitingExecutions"] = r.executions;
    result["bytesPerWaitingExecution"] = r.bytes_per_waiting_execution;
    result["readySeconds"] = r.ready_seconds;
    result["firstStartSeconds"] = r.first_start_seconds;
    result["memoryBytes"] = r.memory_bytes;
    result["dueExecutions"] = r.due_executions;
    result["dueEndedSeconds"] = r.due_ended_seconds;
    return result;
}

int run(int count, char** words) {
    CLI::App app{"Measures Pawl over HTTP: throughput, latency, CPU, memory, disk, fsyncs and recovery."};
    Setting setting;
    std::string json;
    std::string only;
    bool quick = false;
    app.add_option("--pawl", setting.pawl, "the server's program")->required()->check(CLI::ExistingFile);
    app.add_option("--function", setting.echo_function, "the program echo_function")
        ->required()
        ->check(CLI::ExistingFile);
    app.add_option("--folder", setting.folder, "for stores and logs, on the disk that is to be measured")->required();
    app.add_option("--json", json, "where to write the results");
    app.add_option("--only", only, "only the loads whose name contains this, such as \"5 Task\", and nothing else");
    app.add_flag("--quick", quick, "one second a measurement: to see that it works, not to quote");
    CLI11_PARSE(app, count, words);
    setting.folder = std::filesystem::absolute(setting.folder);
    setting.echo_function = std::filesystem::absolute(setting.echo_function).string();
    if (quick) {
        setting.duration = std::chrono::seconds{1};
        setting.waiting_executions = 1'000;
    }

    Json result = Json::object();
    result["cores"] = std::thread::hardware_concurrency();
    result["secondsPerMeasurement"] = setting.duration.count();
    result["loads"] = measure_loads(setting, only);
    if (only.empty()) {
        result["fsyncs"] = measure_fsyncs(setting);
        result["recovery"] = recovery(setting);
    }
    if (!json.empty()) std::ofstream{json} << result.dump(2) << "\n";
    std::filesystem::remove_all(setting.folder / "run");
    return 0;
}

}  // namespace
}  // namespace pawl::bench

int main(int count, char** words) {
    try {
        return pawl::bench::run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "pawl_load: " << error.what() << "\n";
        return 1;
    }
}
