#include "web/lambda/protocol.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "orchestrator/names.hpp"

namespace pawl::web::lambda {
namespace {

struct ErrorKind {
    std::string_view type;
    int status;
    bool capital_message;  // the model is not of one mind about "message"
};
constexpr std::array kinds{
    ErrorKind{"ResourceNotFoundException", 404, true},
    ErrorKind{"ResourceConflictException", 409, false},
    ErrorKind{"PreconditionFailedException", 412, false},
    ErrorKind{"TooManyRequestsException", 429, false},
    ErrorKind{"RequestTooLargeException", 413, false},
    ErrorKind{"RequestEntityTooLargeException", 413, false},
    ErrorKind{"UnsupportedMediaTypeException", 415, false},
    ErrorKind{"UnknownOperationException", 404, true},
    ErrorKind{"AccessDeniedException", 403, true},
    ErrorKind{"ServiceException", 500, true},
    ErrorKind{"ProvisionedConcurrencyConfigNotFoundException", 404, false},
};

}  // namespace

int status_of(std::string_view error_type) {
    const auto found = std::ranges::find(kinds, error_type, &ErrorKind::type);
    return found == kinds.end() ? 400 : found->status;
}

Response answer_document(int status, const Json& document) {
    Response response;
    response.status = status;
    if (status != 204) response.body = to_text(document);
    response.headers.emplace_back("x-amzn-RequestId", new_uuid());
    return response;
}

Response answer_error(const ApiError& error) {
    const auto found = std::ranges::find(kinds, error.type, &ErrorKind::type);
    const bool fault = error.type == "ServiceException";
    Json document = Json::object();
    if (error.members.is_object()) document.update(error.members);
    document["Type"] = fault ? "Server" : "User";
    document[found != kinds.end() && found->capital_message ? "Message" : "message"] = error.message;
    auto response = answer_document(status_of(error.type), document);
    response.headers.emplace_back("x-amzn-ErrorType", error.type);
    return response;
}

std::string upper_name(std::string_view name) {
    std::string text{name};
    if (text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

Json lower_members(std::span<const aws::Member> members, Json given) {
    if (!given.is_object()) return given;
    Json result = Json::object();
    for (const auto& member : members) {
        const auto found = given.find(upper_name(member.name));
        if (found == given.end() || found->is_null()) continue;
        const bool inner = member.kind == aws::Kind::Structure && !member.members.empty();
        result[std::string{member.name}] = inner ? lower_members(member.members, std::move(*found)) : std::move(*found);
    }
    return result;
}

Json upper_members(std::span<const aws::Member> members, const Json& lower) {
    Json result = Json::object();
    for (const auto& member : members) {
        const auto found = lower.find(std::string{member.name});
        if (found == lower.end() || found->is_null()) continue;
        const bool inner = member.kind == aws::Kind::Structure && !member.members.empty();
        result[upper_name(member.name)] = inner ? upper_members(member.members, *found) : *found;
    }
    return result;
}

}  // namespace pawl::web::lambda
