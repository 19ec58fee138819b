// The measurements: each one with a server and a store of its own, so that none disturbs another.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/load.hpp"

namespace pawl::bench {

struct Setting {
    std::string pawl;              // the program
    std::string echo_function;     // the program
    std::filesystem::path folder;  // for stores and logs
    std::chrono::duration<double> duration{5};
    std::int64_t waiting_executions = 10'000;
};

struct Workload {
    std::string name;
    std::string definition;
    std::string input;
    int states = 0;             // that one execution enters
    bool ends_at_once = false;  // no state needs anybody else
};
Workload five_passes();
Workload five_tasks();
Workload ten_branches();
Workload thousand_items();

struct Measurement {
    std::string workload;
    int clients = 0;
    int states = 0;
    LoadResult load;
    double server_cpu_seconds = 0;  // in all
    double function_cpu_seconds = 0;
    double other_cpu_cores = 0;  // what other processes of the machine used meanwhile
    std::int64_t peak_memory_bytes = 0;
    double kept_bytes_per_execution = 0;     // in the store's files, after an orderly end
    double written_bytes_per_execution = 0;  // sent to the disk
    double fdatasync_p50_ms = 0;             // of the disk itself, just before
};
Measurement measure(const Setting& setting, const Workload& workload, int clients, bool see_end = true);

// fsyncs per execution, counted by strace in a run of its own; nothing without strace.
std::optional<double> fsyncs_per_execution(const Setting& setting, const Workload& workload, int clients);

struct Recovery {
    std::int64_t executions = 0;
    double start_seconds = 0;            // of the same server on a fresh store
    double ready_seconds = 0;            // after kill -9, until it says that it listens
    double first_start_seconds = 0;      // ... until a new StartExecution is acknowledged
    std::int64_t memory_bytes = 0;       // resident then
    std::int64_t idle_memory_bytes = 0;  // of a server on a fresh store
    double bytes_per_waiting_execution = 0;
    std::int64_t due_executions = 0;  // waits that came due while the server was dead
    double due_ended_seconds = 0;     // from the new start until all of those had ended
};
Recovery measure_recovery(const Setting& setting);

}  // namespace pawl::bench
