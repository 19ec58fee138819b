// Invoke and InvokeAsync.
#include "orchestrator/functions/invocation_error.hpp"
#include "orchestrator/names.hpp"
#include "orchestrator/text_encodings.hpp"
#include "web/lambda/invocation.hpp"
#include "web/lambda/operation.hpp"
#include "web/lambda/protocol.hpp"

namespace pawl::web::lambda {
namespace {

constexpr std::size_t sync_payload_bytes = 6'291'456;
constexpr std::size_t event_payload_bytes = 1'048'576;
constexpr std::size_t client_context_bytes = 3583;

ApiError invalid_enum(std::string_view value, std::string_view member, std::string_view set) {
    return {"ValidationException", "1 validation error detected: Value '" + std::string{value} + "' at '" +
                                       std::string{member} +
                                       "' failed to satisfy constraint: Member must satisfy enum "
                                       "value set: " +
                                       std::string{set}};
}

std::optional<ApiError> check_payload(const std::string& payload, std::string_view type) {
    const auto limit = type == "Event" ? event_payload_bytes : sync_payload_bytes;
    if (payload.size() > limit) {
        return ApiError{"RequestTooLargeException", std::to_string(payload.size()) +
                                                        " byte payload is too large for the " + std::string{type} +
                                                        " invocation type (limit " + std::to_string(limit) + " bytes)"};
    }
    return unreadable_payload(payload);
}

std::optional<ApiError> check_context(std::string_view context) {
    if (context.empty()) return std::nullopt;
    if (context.size() > client_context_bytes || !is_base64(context)) {
        return ApiError{"InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object."};
    }
    return std::nullopt;
}

Response with_id(Response response, const std::string& request_id) {
    std::erase_if(response.headers, [](const auto& header) { return header.first == "x-amzn-RequestId"; });
    response.headers.emplace_back("x-amzn-RequestId", request_id);
    return response;
}

Response finished(const InvocationReport& report, const std::string& request_id, std::int64_t version, bool tail) {
    Response response;
    if (report.outcome) {
        response.body = *report.outcome;
    } else {
        response.body = report.outcome.error().document;
        response.headers.emplace_back("X-Amz-Function-Error", "Unhandled");
    }
    if (response.body.empty()) response.body = "null";
    response.headers.emplace_back("X-Amz-Executed-Version", version_text(version));
    if (tail) response.headers.emplace_back("X-Amz-Log-Result", to_base64(report.log_tail));
    return with_id(std::move(response), request_id);
}

Response accept_later(const Functions& functions, const FunctionName& name, std::string request_id, std::string payload,
                      std::string context) {
    Response response;
    Later& later = response.later.emplace();
    later.begin = [&events = functions.events, name, request_id, payload = std::move(payload),
                   context = std::move(context)](std::function<void(Response)> answer) {
        events.accept(request_id, name, payload, context, [answer, request_id](const std::optional<ApiError>& refusal) {
            answer(with_id(refusal ? answer_error(*refusal) : answer_document(202, Json::object()), request_id));
        });
    };
    later.cancel = [] { return false; };  // it is durable in a moment
    later.patience = std::chrono::minutes{1};
    later.otherwise = [] { return answer_error({"ServiceException", "The store does not answer."}); };
    return response;
}

ApiResult<Response> invoke_as(const Call& call, std::string_view type) {
    const auto& request = call.request;
    const auto log_type = request.header("X-Amz-Log-Type");
    if (type != "RequestResponse" && type != "Event" && type != "DryRun") {
        return invalid_enum(type, "invocationType", "[Event, RequestResponse, DryRun]");
    }
    if (!log_type.empty() && log_type != "Tail" && log_type != "None") {
        return invalid_enum(log_type, "logType", "[None, Tail]");
    }
    const std::string context{request.header("X-Amz-Client-Context")};
    if (auto error = check_context(context)) return *std::move(error);
    const auto target = call.functions.invoker.resolve(call.function);
    if (!target) return target.error();
    auto payload = request.body.empty() ? std::string{"{}"} : request.body;
    if (auto error = check_payload(payload, type)) return *std::move(error);

    const auto request_id = new_uuid();
    if (type == "DryRun") {
        auto response = with_id(answer_document(204, {}), request_id);
        response.headers.emplace_back("X-Amz-Executed-Version", version_text(target->version));
        return response;
    }
    if (type == "Event") {
        return accept_later(call.functions, call.function, request_id, std::move(payload), context);
    }
    Invocation invocation;
    invocation.request_id = request_id;
    invocation.payload = std::move(payload);
    invocation.client_context = context;
    return invoke_later(
        call.functions, *target, std::move(invocation),
        [request_id, version = target->version, tail = log_type == "Tail"](const InvocationReport& report) {
            return finished(report, request_id, version, tail);
        },
        answer_error);
}

ApiResult<Response> invoke(const Call& call) {
    const auto type = call.request.header("X-Amz-Invocation-Type");
    return invoke_as(call, type.empty() ? "RequestResponse" : type);
}

ApiResult<Response> invoke_async(const Call& call) { return invoke_as(call, "Event"); }

constexpr std::array operations{
    Operation{.name = "Invoke",
              .method = "POST",
              .pattern = "/2015-03-31/functions/{FunctionName}/invocations",
              .respond = invoke,
              .any_region = true},
    Operation{.name = "InvokeAsync",
              .method = "POST",
              .pattern = "/2014-11-13/functions/{FunctionName}/invoke-async/",
              .respond = invoke_async,
              .any_region = true},
    Operation{.name = "InvokeAsync",
              .method = "POST",
              .pattern = "/2014-11-13/functions/{FunctionName}/invoke-async",
              .respond = invoke_async,
              .any_region = true},
};

}  // namespace

std::span<const Operation> invoke_operations() { return operations; }

}  // namespace pawl::web::lambda
