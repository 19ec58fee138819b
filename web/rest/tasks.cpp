// /api/v1/tasks/{token}: how workers anywhere answer a task whose token they were given.
#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"

namespace pawl::web::rest {
namespace {

ApiResult<Response> done(const ApiResult<Done>& result) {
    if (!result) return result.error();
    return empty_response(204);
}

ApiResult<Response> success(Orchestrator& orchestrator, const Call& call) {
    auto output = document_member(call.body, "output", orchestrator.settings().limits.payload_bytes);
    if (!output) return output.error();
    if (!*output) return invalid_request("The output is missing: give output or outputText.");
    return done(orchestrator.send_task_success(call.path("token"), std::move(**output)));
}

ApiResult<Response> failure(Orchestrator& orchestrator, const Call& call) {
    AslError error;
    if (call.body.contains("error")) error.name = call.body["error"].get<std::string>();
    if (call.body.contains("cause")) error.cause = call.body["cause"].get<std::string>();
    return done(orchestrator.send_task_failure(call.path("token"), std::move(error)));
}

ApiResult<Response> heartbeat(Orchestrator& orchestrator, const Call& call) {
    return done(orchestrator.send_task_heartbeat(call.path("token")));
}

}  // namespace

std::vector<Endpoint> task_endpoints() {
    const std::string task = "/api/v1/tasks/{token}";
    const Parameter token{"token", In::Path, "The task's token", *parse_json(R"({"type": "string", "minLength": 1})")};
    const std::vector<std::string> errors{"InvalidToken", "TaskDoesNotExist", "TaskTimedOut"};
    auto success_errors = errors;
    success_errors.insert(success_errors.end(), {"InvalidOutput", "PayloadTooLarge"});
    return {
        {.method = "POST",
         .pattern = task + "/success",
         .id = "sendTaskSuccess",
         .tag = "Tasks",
         .summary = "The task is done",
         .parameters = {token},
         .body = Body::Required,
         .body_schema = "TaskSuccess",
         .replies = {{204, "Recorded", ""}},
         .errors = success_errors,
         .run = success},
        {.method = "POST",
         .pattern = task + "/failure",
         .id = "sendTaskFailure",
         .tag = "Tasks",
         .summary = "The task failed",
         .parameters = {token},
         .body = Body::Optional,
         .body_schema = "ErrorReport",
         .replies = {{204, "Recorded", ""}},
         .errors = errors,
         .run = failure},
        {.method = "POST",
         .pattern = task + "/heartbeat",
         .id = "sendTaskHeartbeat",
         .tag = "Tasks",
         .summary = "The task is still being worked on",
         .parameters = {token},
         .body = Body::Optional,
         .body_schema = "Nothing",
         .replies = {{204, "Recorded", ""}},
         .errors = errors,
         .run = heartbeat},
    };
}

}  // namespace pawl::web::rest
