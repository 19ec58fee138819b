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
    const auto name = operation_name(request);
    if (name && is_planned(*name)) {
        return {"UnknownOperationException", "Pawl does not support " + std::string{*name} + " yet."};
    }
    return {"UnknownOperationException",
            "There is no operation \"" + std::string{request.header("X-Amz-Target")} + "\" (header X-Amz-Target)."};
}

ApiError failure(const Operation& operation, const std::exception& cause, ApiError answer) {
    std::fprintf(stderr, "pawl: %s failed: %s\n", std::string{operation.name}.c_str(), cause.what());
    return answer;
}

ApiResult<Json> run(Orchestrator& orchestrator, const Request& request) {
    const auto name = operation_name(request);
    const Operation* operation = name ? find_operation(*name) : nullptr;
    if (operation == nullptr) return unknown_operation(request);
    const auto document = request_document(request);
    if (!document) return document.error();
    if (auto error = check_members(operation->members, *document)) return std::move(*error);
    try {
        return operation->run({orchestrator, request, Arguments{*document}});
    } catch (const StoreError& error) {
        return failure(*operation, error,
                       {"ServiceUnavailable", "The store can't be used at the moment; the server's log says why."});
    } catch (const std::exception& error) {
        return failure(*operation, error, {"InternalFailure", "The server could not do this; its log says why."});
    }
}

}  // namespace

Response AwsApi::handle(const Request& request) const {
    if (is_foreign_page(request, allowed_hosts_)) {
        return answer_error({"AccessDeniedException", "Pages of other sites may not use this API."});
    }
    auto response = answer(request);
    allow_origin(response, request);
    return response;
}

Response AwsApi::answer(const Request& request) const {
    const auto result = run(orchestrator_, request);
    return result ? answer_document(*result) : answer_error(result.error());
}

Response AwsApi::preflight(const Request& request) const { return aws::preflight(request, allowed_hosts_); }

}  // namespace pawl::web::aws
