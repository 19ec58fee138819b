// Closed-loop load: each client starts an execution, sees it end, and starts the next.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace pawl::bench {

struct Latencies {
    double p50_ms = 0, p99_ms = 0;
};
// Sorts them.
Latencies latencies_of(std::vector<double>& milliseconds);

struct LoadResult {
    std::int64_t executions = 0;
    double seconds = 0;
    double describes_per_execution = 0;
    Latencies seen;    // from before StartExecution to the answer that tells the end
    Latencies server;  // stopDate - startDate, as the server recorded them; whole milliseconds
};

struct Load {
    int port = 0;
    std::string machine_arn;
    std::string input = "{}";
    int clients = 1;
    std::chrono::duration<double> duration{5};
    bool see_end = true;        // false: only StartExecution
    bool ends_at_once = false;  // its states need nobody else: see below
};

// How a client sees the end: by DescribeExecution. A run of states that needs nobody else ends within the commit that
// acknowledges its start, so it is looked at at once. Others are looked at first when four fifths of the usual time are
// over, and then in steps of a sixteenth: few requests an execution, and a latency that is too long by a thirty-second
// on average.
LoadResult run_load(const Load& load);

// Creates a machine; gives its ARN. Throws std::runtime_error when it is refused.
std::string create_machine(int port, const std::string& name, const std::string& definition);
// Starts this many with 16 clients, as fast as they are acknowledged.
void start_many(int port, const std::string& machine_arn, std::int64_t count, const std::string& input);
// How many are in a status, up to 1000.
std::int64_t count_in_status(int port, const std::string& machine_arn, const std::string& status);

}  // namespace pawl::bench
