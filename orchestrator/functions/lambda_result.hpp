// What `arn:aws:states:::lambda:invoke` gives back: Lambda's answer as AWS's SDK shows it to Step Functions.
#pragma once
#include <string>
#include <string_view>

#include "states/payload.hpp"
#include "states/time.hpp"

namespace pawl {

// A function's response as JSON text: as it is when it is JSON, else as a JSON string.
std::string as_json(std::string response);

struct LambdaResult {
    std::string request_id;
    std::string executed_version = "$LATEST";  // empty for Event and DryRun
    std::string response;                      // the function's, as it came
    std::string log_tail;                      // of LogType Tail; empty: none was asked for
    int status = 200;                          // 202 Event, 204 DryRun
    Instant at;
};
Payload to_payload(const LambdaResult& result);

}  // namespace pawl
