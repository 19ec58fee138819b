// StartSyncExecution: an Express execution with its end, in one call.
#include <algorithm>
#include <array>
#include <utility>

#include "web/aws/operation.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/timestamp.hpp"
#include "web/aws/views.hpp"

namespace pawl::web::aws {

namespace {

// AWS bills in steps of 100 ms and of 64 MB. Nothing is measured here: the memory is the smallest that AWS bills.
constexpr std::int64_t billed_step_ms = 100;
constexpr std::int64_t billed_memory_mb = 64;

Json billing_details(const ExecutionRow& row) {
    const std::int64_t ms = row.stopped ? (*row.stopped - row.started).count() : 0;
    const auto steps = std::max<std::int64_t>(1, (ms + billed_step_ms - 1) / billed_step_ms);
    return {{"billedMemoryUsedInMB", billed_memory_mb}, {"billedDurationInMilliseconds", steps * billed_step_ms}};
}

ApiResult<Json> start_sync_execution(const Call& call) {
    const auto request = start_request(call);
    const auto ended = call.orchestrator.start_sync_execution(request, call.request.connected);
    if (!ended) return ended.error();
    auto document = sync_execution_document(*ended, call.arguments.text("includedData") != "METADATA_ONLY");
    document["billingDetails"] = billing_details(ended->row);
    return document;
}

// clang-format off
constexpr std::array sync_members{
    arn_member("stateMachineArn", required),
    text_member("name", optional, 1, 80),
    payload_member("input", optional),
    trace_header_member(),
    enum_member("includedData", included_data),
};

constexpr std::array operations{
    Operation{"StartSyncExecution", sync_members, start_sync_execution},
};
// clang-format on

}  // namespace

std::span<const Operation> sync_operations() { return operations; }

}  // namespace pawl::web::aws
