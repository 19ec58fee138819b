// /api/v1/callbacks/{token}: a URL that a task can hand to anything that knows how to POST. The token is signed, so
// whoever has the URL may answer this one task, once, and nothing else.
#include "web/rest/endpoint.hpp"
#include "web/rest/parameters.hpp"

namespace pawl::web::rest {
namespace {

// The body is the output itself, as webhooks send it; or, when the query names an error, the task failed.
ApiResult<Response> answer(Orchestrator& orchestrator, const Call& call) {
    const auto& token = call.path("token");
    const auto& query = call.query;
    const auto limit = orchestrator.settings().limits.payload_bytes;
    if (call.request.body.size() > limit) {
        return ApiError{"PayloadTooLarge", "The body has " + std::to_string(call.request.body.size()) +
                                               " bytes; at most " + std::to_string(limit) + " are allowed."};
    }
    ApiResult<Done> done = Done{};
    if (query.contains("error")) {
        AslError error{query["error"].get<std::string>(), std::nullopt};
        if (query.contains("cause")) error.cause = query["cause"].get<std::string>();
        if (!error.cause && !call.request.body.empty()) error.cause = call.request.body;
        done = orchestrator.send_task_failure(token, std::move(error));
    } else {
        done = orchestrator.send_task_success(token, call.request.body.empty() ? "{}" : call.request.body);
    }
    if (!done) return done.error();
    return empty_response(204);
}

}  // namespace

std::vector<Endpoint> callback_endpoints() {
    return {
        {.method = "POST",
         .pattern = "/api/v1/callbacks/{token}",
         .id = "answerCallback",
         .tag = "Tasks",
         .summary = "Answer a task by its URL: the body is its output; with `error`, it failed",
         .parameters = {{"token", In::Path, "The task's token, which is signed",
                         *parse_json(R"({"type": "string", "minLength": 1})")},
                        {"error", In::Query, "The task failed, with this error",
                         *parse_json(R"({"type": "string", "maxLength": 256})")},
                        {"cause", In::Query, "Why; the body when it is left out",
                         *parse_json(R"({"type": "string", "maxLength": 32768})")}},
         .body = Body::Raw,
         .body_schema = "CallbackOutput",
         .replies = {{204, "Recorded", ""}},
         .errors = {"InvalidToken", "TaskDoesNotExist", "TaskTimedOut", "InvalidOutput", "PayloadTooLarge"},
         .run = answer},
    };
}

}  // namespace pawl::web::rest
