#include "web/aws/aws_api.hpp"

#include <cstdio>
#include <exception>

#include "persistence/store.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/origin.hpp"
#include "web/aws/protocol.hpp"

namespace pawl::web::aws {

namespace {

ApiError unknown_operation(const Request& request) {
    const std::string target{request.header("X-Amz-Target")};
    const auto* whose = operation_name(request) ? "." : ": Pawl speaks for Step Functions and Lambda only.";
    return {"UnknownOperationException", "There is no operation \"" + target + "\" (header X-Amz-Target)" + whose};
}

ApiError failure(const Operation& operation, const std::exception& cause, ApiError answer) {
    std::fprintf(stderr, "pawl: %s failed: %s\n", std::string{operation.name}.c_str(), cause.what());
    return answer;
}

Response respond(const ApiResult<Json>& result) {
    return result ? answer_document(*result) : answer_error(result.error());
}

Response respond_later(Pending pending) {
    Later later;
    later.begin = [begin = std::move(pending.begin)](std::function<void(Response)> answer) {
        begin([answer = std::move(answer)](const ApiResult<Json>& result) { answer(respond(result)); });
    };
    later.cancel = std::move(pending.cancel);
    later.patience = pending.patience;
    later.otherwise = [otherwise = std::move(pending.otherwise)] { return answer_document(otherwise); };
    Response response;
    response.later = std::move(later);
    return response;
}

Response run(const Operation& operation, const Call& call) {
    if (operation.wait == nullptr) return respond(operation.run(call));
    auto pending = operation.wait(call);
    return pending ? respond_later(*std::move(pending)) : answer_error(pending.error());
}

Response answer(Orchestrator& orchestrator, const Request& request) {
    const auto name = operation_name(request);
    const Operation* operation = name ? find_operation(*name) : nullptr;
    if (operation == nullptr) return answer_error(unknown_operation(request));
    const auto document = request_document(request);
    if (!document) return answer_error(document.error());
    if (const auto error = check_members(operation->members, *document)) return answer_error(*error);
    try {
        return run(*operation, {orchestrator, request, Arguments{*document}});
    } catch (const StoreError& error) {
        return answer_error(
            failure(*operation, error,
                    {"ServiceUnavailable", "The store can't be used at the moment; the server's log says why."}));
    } catch (const std::exception& error) {
        return answer_error(
            failure(*operation, error, {"InternalFailure", "The server could not do this; its log says why."}));
    }
}

}  // namespace

Response AwsApi::handle(const Request& request) const {
    if (is_foreign_page(request, allowed_hosts_)) {
        return answer_error({"AccessDeniedException", "Pages of other sites may not use this API."});
    }
    auto response = answer(orchestrator_, request);
    allow_origin(response, request);
    return response;
}

Response AwsApi::preflight(const Request& request) const { return aws::preflight(request, allowed_hosts_); }

}  // namespace pawl::web::aws
