// What is measured of functions: a record of each recent invocation, and sums for the metrics endpoint. In memory, so
// from the server's start on. Guarded by the pool's mutex.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "orchestrator/functions/function_config.hpp"

namespace pawl {

// What an invocation came to.
struct InvocationReport {
    Result<std::string, InvocationError> outcome;  // the response's bytes
    std::chrono::microseconds duration{0};         // of the handler
    std::chrono::microseconds init_duration{0};    // of a cold start, else 0
    std::string log_tail{};                        // the last 4 KB that this invocation left in the log
    std::chrono::milliseconds billed{0};           // the duration, rounded up; initialising is not billed
    // The most memory that the process (with its children) held at once since it started, as a warm process keeps what
    // earlier invocations took. 0: it has no process.
    std::size_t peak_memory_megabytes = 0;
};

struct InvocationRecord {
    std::string request_id;
    std::string function{};       // as in the pool: NAME or NAME:VERSION
    std::string execution_arn{};  // of the workflow that called; may be empty
    std::chrono::system_clock::time_point start{};
    std::chrono::microseconds duration{0};
    std::chrono::microseconds init_duration{0};
    std::chrono::milliseconds billed{0};
    std::size_t memory_megabytes = 0;  // granted; 0: no limit
    std::size_t peak_memory_megabytes = 0;
    std::string error_type{};  // empty: it succeeded
};

struct FunctionCounters {
    std::uint64_t invocations = 0;  // ended, well or not; refused ones are not among them
    std::uint64_t errors = 0;       // of those
    std::uint64_t throttles = 0;
    std::uint64_t cold_starts = 0;  // invocations that waited for their process to come up
    std::chrono::microseconds duration{0};
    std::chrono::milliseconds billed{0};
    std::size_t running = 0;  // now
    std::size_t queued = 0;
    std::size_t processes = 0;
};

inline constexpr std::size_t recent_invocations = 500;  // of one function; about 200 KB

// Of one function in the pool.
class FunctionMeter {
  public:
    void count(InvocationRecord record);
    void throttled() { ++counters_.throttles; }
    const FunctionCounters& counters() const { return counters_; }
    const std::deque<InvocationRecord>& recent() const { return recent_; }  // oldest first

  private:
    FunctionCounters counters_;
    std::deque<InvocationRecord> recent_;
};

// "Duration: 1.20 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 31 MB\tInit Duration: 80.00 ms", as
// Lambda's REPORT line says it.
std::string report_line(const InvocationReport& report, std::size_t memory_megabytes);

}  // namespace pawl
