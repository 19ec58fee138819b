// Answers of workers that hold a task token.
#include <array>
#include <utility>

#include "web/aws/operation.hpp"
#include "web/aws/payload_limit.hpp"
#include "web/aws/shapes.hpp"

namespace pawl::web::aws {

namespace {

ApiResult<Json> nothing_or_error(const ApiResult<Done>& done) {
    if (!done) return done.error();
    return Json::object();
}

ApiResult<Json> send_task_success(const Call& call) {
    if (auto error = check_payload(call, call.arguments, "output", "output")) return std::move(*error);
    return nothing_or_error(
        call.orchestrator.send_task_success(call.arguments.text("taskToken"), call.arguments.text("output")));
}

ApiResult<Json> send_task_failure(const Call& call) {
    AslError error{call.arguments.optional_text("error"), call.arguments.optional_text("cause")};
    return nothing_or_error(call.orchestrator.send_task_failure(call.arguments.text("taskToken"), std::move(error)));
}

ApiResult<Json> send_task_heartbeat(const Call& call) {
    return nothing_or_error(call.orchestrator.send_task_heartbeat(call.arguments.text("taskToken")));
}

// clang-format off
constexpr std::array success_members{
    text_member("taskToken", required, 1, 2048),
    payload_member("output", required),
};
constexpr std::array failure_members{
    text_member("taskToken", required, 1, 2048),
    sensitive(text_member("error", optional, 0, 256)),
    sensitive(text_member("cause", optional, 0, 32'768)),
};
constexpr std::array heartbeat_members{
    text_member("taskToken", required, 1, 2048),
};

constexpr std::array operations{
    Operation{"SendTaskSuccess",   success_members,   send_task_success},
    Operation{"SendTaskFailure",   failure_members,   send_task_failure},
    Operation{"SendTaskHeartbeat", heartbeat_members, send_task_heartbeat},
};
// clang-format on

}  // namespace

std::span<const Operation> task_operations() { return operations; }

}  // namespace pawl::web::aws
