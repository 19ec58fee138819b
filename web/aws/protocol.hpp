// awsJson1_0: how a request names its operation and brings its arguments, and how answers and errors look. Pure.
// Spec: smithy.io, "AWS JSON 1.0 protocol"; what clients need of it was measured.
#pragma once
#include <optional>
#include <string_view>

#include "orchestrator/api_error.hpp"
#include "web/http.hpp"

namespace pawl::web::aws {

// "StartExecution" of the header X-Amz-Target: AWSStepFunctions.StartExecution. Nothing: another service, or none.
std::optional<std::string_view> operation_name(const Request& request);

// The body as an object; SerializationException for what is none.
ApiResult<Json> request_document(const Request& request);

Response answer_document(const Json& document);
// 400, or 500 for the few types that say that the fault is ours.
Response answer_error(const ApiError& error);

}  // namespace pawl::web::aws
