#include "web/aws/other_services.hpp"

#include <algorithm>

#include "orchestrator/names.hpp"
#include "states/json.hpp"
#include "states/letter_case.hpp"
#include "web/uri.hpp"

namespace pawl::web::aws {
namespace {

constexpr std::string_view we_are = "Pawl speaks for Step Functions and Lambda only";

// The service that the request is signed for: Credential=KEY/DATE/REGION/SERVICE/aws4_request.
std::string_view signed_for(const Request& request) {
    constexpr std::string_view begin = "Credential=", end = "/aws4_request";
    auto text = request.header("Authorization");
    const auto from = text.find(begin);
    const auto to = text.find(end);
    if (from == std::string_view::npos || to == std::string_view::npos || to < from) return {};
    text = text.substr(from, to - from);
    return text.substr(text.rfind('/') + 1);
}

bool is_form(const Request& request) {
    const auto type = request.header("Content-Type");
    return same_letters(type.substr(0, type.find(';')), "application/x-www-form-urlencoded");
}

std::string xml_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (static_cast<unsigned char>(c) >= ' ' && static_cast<unsigned char>(c) < 0x7F) {
            out += c;
        }
    }
    return out;
}

Response xml(int status, const std::string& body) {
    Response response;
    response.status = status;
    response.content_type = "text/xml";
    response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + body + "\n";
    return response;
}

Response s3_error() {
    return xml(501, "<Error><Code>NotImplemented</Code><Message>" + std::string{we_are} +
                        ": there is no S3 here</Message><RequestId>" + new_uuid() + "</RequestId></Error>");
}

Response rest_error(std::string_view service) {
    const auto message = std::string{we_are} + ", not for " + std::string{service};
    Response response;
    response.status = 400;
    response.headers = {{"x-amzn-ErrorType", "UnknownOperationException"}, {"x-amzn-RequestId", new_uuid()}};
    response.body = to_text(Json{{"message", message}});
    return response;
}

Response query_error(std::string_view action) {
    const auto message = std::string{we_are} + ": there is no operation '" + xml_text(action.substr(0, 100)) + "' here";
    return xml(400, "<ErrorResponse><Error><Type>Sender</Type><Code>UnknownOperationException</Code><Message>" +
                        message + "</Message></Error><RequestId>" + new_uuid() + "</RequestId></ErrorResponse>");
}

// Whoever asks is the account's root: there are no users here.
Response caller_identity(const std::string& account) {
    return xml(200,
               "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
               "<GetCallerIdentityResult><Arn>arn:aws:iam::" +
                   account + ":root</Arn><UserId>" + account + "</UserId><Account>" + account +
                   "</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>" + new_uuid() +
                   "</RequestId></ResponseMetadata></GetCallerIdentityResponse>");
}

Response query_answer(const Request& request, const std::string& account) {
    const auto members = parse_query(request.body);
    const auto action = std::ranges::find(members, "Action", &std::pair<std::string, std::string>::first);
    if (action == members.end()) return query_error("");
    return action->second == "GetCallerIdentity" ? caller_identity(account) : query_error(action->second);
}

}  // namespace

std::optional<Response> answer_for_other_service(const Request& request, const std::string& account) {
    // What names its operation in X-Amz-Target is answered as JSON, by whom that belongs to.
    if (!request.header("X-Amz-Target").empty()) return std::nullopt;
    if (request.method == "POST" && request.path == "/" && is_form(request)) return query_answer(request, account);
    const auto service = signed_for(request);
    if (service.empty() || service == "states" || service == "lambda") return std::nullopt;
    return service == "s3" ? s3_error() : rest_error(service);
}

}  // namespace pawl::web::aws
