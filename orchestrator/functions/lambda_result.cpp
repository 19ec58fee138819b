#include "orchestrator/functions/lambda_result.hpp"

#include <utility>

#include "orchestrator/functions/trace_id.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/text_encodings.hpp"

namespace pawl {
namespace {

std::string trace_id(const std::string& request_id) {
    return "root=" + trace_root(request_id) + ";parent=" + trace_parent(request_id) + ";sampled=0";
}

// In the order of AllHttpHeaders.
sdk::Headers headers_of(const LambdaResult& result) {
    sdk::Headers headers;
    if (!result.log_tail.empty()) headers.emplace_back("X-Amz-Log-Result", to_base64(result.log_tail));
    if (!result.executed_version.empty()) headers.emplace_back("X-Amz-Executed-Version", result.executed_version);
    headers.emplace_back("x-amzn-Remapped-Content-Length", "0");
    headers.emplace_back("Connection", "keep-alive");
    headers.emplace_back("x-amzn-RequestId", result.request_id);
    headers.emplace_back("Content-Length", std::to_string(result.response.size()));
    headers.emplace_back("Date", sdk::http_date(result.at));
    headers.emplace_back("X-Amzn-Trace-Id", trace_id(result.request_id));
    if (result.status == 200) headers.emplace_back("Content-Type", "application/json");
    return headers;
}

}  // namespace

std::string as_json(std::string response) {
    if (parse_json(response)) return response;
    return to_text(Json(std::move(response)));
}

// Put together as text: a large response is not parsed and printed again, and its numbers stay as they are.
Payload to_payload(const LambdaResult& result) {
    std::string text = "{";
    if (!result.executed_version.empty())
        text += R"("ExecutedVersion":)" + to_text(Json(result.executed_version)) + ",";
    if (!result.log_tail.empty()) text += R"("LogResult":")" + to_base64(result.log_tail) + R"(",)";
    text += R"("Payload":)" + as_json(result.response);
    text += R"(,"SdkHttpMetadata":)" + to_text(sdk::http_metadata(headers_of(result), result.status));
    text += R"(,"SdkResponseMetadata":{"RequestId":)" + to_text(Json(result.request_id));
    text += R"(},"StatusCode":)" + std::to_string(result.status) + "}";
    return Payload::from_text(std::move(text));
}

}  // namespace pawl
