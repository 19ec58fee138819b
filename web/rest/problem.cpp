#include "web/rest/problem.hpp"

#include <algorithm>
#include <array>

namespace pawl::web::rest {
namespace {

// AWS's names first, then those that only this API needs.
constexpr std::array kinds{
    ProblemKind{"StateMachineDoesNotExist", 404, "There is no such state machine"},
    ProblemKind{"ExecutionDoesNotExist", 404, "There is no such execution"},
    ProblemKind{"ActivityDoesNotExist", 404, "There is no such activity"},
    ProblemKind{"TaskDoesNotExist", 404, "There is no such task"},
    ProblemKind{"ResourceNotFound", 404, "There is no such resource"},
    ProblemKind{"StateMachineAlreadyExists", 409, "Another state machine has this name"},
    ProblemKind{"ExecutionAlreadyExists", 409, "Another execution has this name"},
    ProblemKind{"ActivityAlreadyExists", 409, "Another activity has this name"},
    ProblemKind{"StateMachineDeleting", 409, "The state machine is being deleted"},
    ProblemKind{"ExecutionNotRedrivable", 409, "The execution cannot be redriven"},
    ProblemKind{"TaskTimedOut", 409, "The task timed out, or its execution has ended"},
    ProblemKind{"ConflictException", 409, "The request conflicts with another"},
    ProblemKind{"StateMachineLimitExceeded", 409, "There are too many state machines"},
    ProblemKind{"ActivityLimitExceeded", 409, "There are too many activities"},
    ProblemKind{"ServiceQuotaExceededException", 409, "A quota is used up"},
    ProblemKind{"ThrottlingException", 429, "The server has too much to do"},
    ProblemKind{"ExecutionLimitExceeded", 429, "Too many executions are running"},
    ProblemKind{"ActivityWorkerLimitExceeded", 429, "Too many workers are waiting"},
    ProblemKind{"InvalidArn", 400, "The ARN is not valid"},
    ProblemKind{"InvalidName", 400, "The name is not valid"},
    ProblemKind{"InvalidDefinition", 400, "The definition is not valid"},
    ProblemKind{"InvalidExecutionInput", 400, "The input is not valid"},
    ProblemKind{"InvalidOutput", 400, "The output is not valid"},
    ProblemKind{"InvalidToken", 400, "The token is not valid"},
    ProblemKind{"MissingRequiredParameter", 400, "Something required is missing"},
    ProblemKind{"StateMachineTypeNotSupported", 400, "This type of state machine cannot do that"},
    ProblemKind{"ValidationException", 400, "The request is not valid"},
    ProblemKind{"InvalidRequest", 400, "The request is not as described in /openapi.json"},
    ProblemKind{"ForeignRequest", 403, "The request comes from another site"},
    ProblemKind{"PayloadTooLarge", 413, "The payload is too large"},
    ProblemKind{"UnsupportedMediaType", 415, "The body must be application/json"},
    ProblemKind{"InternalFailure", 500, "The server is broken"},
    ProblemKind{"StoreUnavailable", 503, "The store does not answer"},
};

}  // namespace

ProblemKind problem_kind(std::string_view error_type) {
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.type == error_type; });
    return found == kinds.end() ? ProblemKind{error_type, 400, "The request is not valid"} : *found;
}

Json problem_json(const ApiError& error) {
    const auto kind = problem_kind(error.type);
    Json problem = Json::object();
    problem["type"] = "urn:pawl:problem:" + error.type;
    problem["title"] = std::string{kind.title};
    problem["status"] = kind.status;
    problem["detail"] = error.message;
    problem["code"] = error.type;
    for (const auto& [name, value] : error.members.items()) {
        if (!problem.contains(name)) problem[name] = value;
    }
    return problem;
}

Response problem_response(const ApiError& error) {
    Response response;
    response.status = problem_kind(error.type).status;
    response.content_type = "application/problem+json";
    response.body = to_text(problem_json(error));
    if (response.status == 429 || response.status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
}

}  // namespace pawl::web::rest
