#include "web/aws/protocol.hpp"

#include <algorithm>
#include <array>

#include "orchestrator/names.hpp"

namespace pawl::web::aws {

namespace {

constexpr std::array<std::string_view, 3> faults{"InternalFailure", "InternalServerError", "ServiceUnavailable"};

Response respond(int status, const Json& document) {
    Response response;
    response.status = status;
    response.content_type = "application/x-amz-json-1.0";
    response.body = to_text(document);
    response.headers.emplace_back("x-amzn-RequestId", new_uuid());
    return response;
}

}  // namespace

std::optional<std::string_view> operation_name(const Request& request) {
    constexpr std::string_view service = "AWSStepFunctions.";
    const auto target = request.header("X-Amz-Target");
    if (!target.starts_with(service)) return std::nullopt;
    return target.substr(service.size());
}

ApiResult<Json> request_document(const Request& request) {
    if (request.body.empty()) return Json::object();
    auto document = parse_json(request.body);
    if (!document) {
        return ApiError{"SerializationException", "The body is not JSON: " + document.error().message + " at byte " +
                                                      std::to_string(document.error().offset)};
    }
    if (!document->is_object()) return ApiError{"SerializationException", "The body is not a JSON object"};
    return *std::move(document);
}

Response answer_document(const Json& document) { return respond(200, document); }

Response answer_error(const ApiError& error) {
    Json document = {{"__type", error.type}, {"message", error.message}};
    if (error.members.is_object()) document.update(error.members);
    auto response = respond(std::ranges::find(faults, error.type) == faults.end() ? 400 : 500, document);
    if (error.type == "ThrottlingException") response.headers.emplace_back("Retry-After", "1");
    return response;
}

}  // namespace pawl::web::aws
