// The logs that machines ask for by their loggingConfiguration: one JSON line an event, in the shape in which AWS
// delivers them to CloudWatch Logs, in one file a log group. Delivery is best effort, as on AWS: an event is written
// after it is durable, and a process that is killed may take its last lines with it.
// Spec: AWS Step Functions Developer Guide, "Using CloudWatch Logs to log execution history".
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "orchestrator/requests.hpp"
#include "states/json.hpp"

namespace pawl::web::aws {

// As a log group receives it: {"id", "type", "details", "previous_event_id", "event_timestamp", "execution_arn",
// "redrive_count"}, all numbers as texts.
Json log_event(const RecordedEvent& recorded, const LogBatch& batch, std::string_view region);

// Does a log of this level take an event of this type? ERROR: what went wrong; FATAL: what ended an execution so.
bool is_logged(std::string_view event_type, LogLevel level);

// "/aws/vendedlogs/states/orders" -> "aws~vendedlogs~states~orders.jsonl": groups have no "~" in their names.
std::string log_file_name(std::string_view group);

class ExecutionLog {
  public:
    // `folder` holds a file for each group and is made when the first line comes; "-": standard output.
    ExecutionLog(std::string folder, std::string region);
    ~ExecutionLog();  // writes what is there
    ExecutionLog(const ExecutionLog&) = delete;
    ExecutionLog& operator=(const ExecutionLog&) = delete;

    // Only hands over; a thread of its own renders and writes. What comes while too much waits is left out, and said
    // so on standard error.
    void take(const LogBatch& batch);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::web::aws
