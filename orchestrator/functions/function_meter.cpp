#include "orchestrator/functions/function_meter.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace pawl {
namespace {

std::string millis(std::chrono::microseconds time) {
    char text[40];
    std::snprintf(text, sizeof text, "%.2f ms", static_cast<double>(time.count()) / 1000.0);
    return text;
}

}  // namespace

void FunctionMeter::count(InvocationRecord record) {
    ++counters_.invocations;
    if (!record.error_type.empty()) ++counters_.errors;
    if (record.init_duration.count() > 0) ++counters_.cold_starts;
    counters_.duration += record.duration;
    counters_.billed += record.billed;
    if (recent_.size() >= recent_invocations) recent_.pop_front();
    recent_.push_back(std::move(record));
}

std::string report_line(const InvocationReport& report, std::size_t memory_megabytes) {
    std::string line =
        "Duration: " + millis(report.duration) + "\tBilled Duration: " + std::to_string(report.billed.count()) + " ms";
    if (memory_megabytes > 0) line += "\tMemory Size: " + std::to_string(memory_megabytes) + " MB";
    if (report.peak_memory_megabytes > 0) {
        // What was taken beyond the size before it was noticed, Lambda would not have given.
        const auto used = memory_megabytes > 0 ? std::min(report.peak_memory_megabytes, memory_megabytes)
                                               : report.peak_memory_megabytes;
        line += "\tMax Memory Used: " + std::to_string(used) + " MB";
    }
    if (report.init_duration.count() > 0) line += "\tInit Duration: " + millis(report.init_duration);
    if (report.outcome) return line;
    const auto& type = report.outcome.error().type;
    if (type == "Sandbox.Timedout") return line + "\tStatus: timeout";
    if (type.starts_with("Runtime.")) line += "\tStatus: error\tError Type: " + type;
    return line;
}

}  // namespace pawl
