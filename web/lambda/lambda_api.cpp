#include "web/lambda/lambda_api.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <utility>

#include "persistence/store.hpp"
#include "web/aws/origin.hpp"
#include "web/lambda/function_url.hpp"
#include "web/lambda/protocol.hpp"
#include "web/lambda/shapes.hpp"
#include "web/rest/request_guard.hpp"

namespace pawl::web::lambda {
namespace {

constexpr std::string_view url_prefix = "/lambda-url/";
constexpr std::string_view archive_prefix = "/lambda-code/";
// The name of an error is in a header of its own, where SDKs look for it.
constexpr aws::PageRights page_rights{
    "GET, POST, PUT, DELETE", "x-amz-invocation-type, x-amz-log-type, x-amz-client-context",
    "x-amzn-requestid, x-amzn-errortype, x-amz-function-error, x-amz-log-result, x-amz-executed-version"};
constexpr std::size_t upload_bytes = 70'000'000;  // 50 MB in Base64, with what is around it

// The API's routes begin with the date of their version.
bool is_versioned(std::string_view path) {
    constexpr std::string_view shape = "/dddd-dd-dd/";
    return path.size() > shape.size() && std::ranges::equal(path.substr(0, shape.size()), shape, [](char c, char s) {
               return s == 'd' ? c >= '0' && c <= '9' : c == s;
           });
}

// A page of a name that was pointed at this machine, which reads without saying where it is from. Clients may call this
// server what they like; a browser that shows one of its own pages calls it by one of its own names.
bool is_rebound_page(const Request& request, const std::vector<std::string>& allowed_hosts) {
    return request.header("User-Agent").starts_with("Mozilla/") && request.header("Origin").empty() &&
           !rest::is_own_host(request.header("Host"), allowed_hosts);
}

// Numbers and flags of a query as what their members want.
Json typed_query(std::span<const aws::Member> members, const Request& request) {
    Json query = Json::object();
    for (const auto& member : members) {
        const auto text = request.query_value(upper_name(member.name));
        if (!text || text->empty()) continue;
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
        if (member.kind == Kind::Integer && error == std::errc{} && end == text->data() + text->size()) {
            query[std::string{member.name}] = number;
        } else {
            query[std::string{member.name}] = std::string{*text};
        }
    }
    return query;
}

ApiError not_json(const std::string& why) {
    return {"InvalidRequestContentException", "Could not parse request body into json: " + why};
}

ApiResult<Json> body_document(const Request& request) {
    if (request.body.empty()) return Json::object();
    auto document = parse_json(request.body);
    if (!document) return not_json(document.error().message + " at byte " + std::to_string(document.error().offset));
    if (!document->is_object()) return not_json("an object was expected");
    return *std::move(document);
}

// The members of query and body, checked.
ApiResult<Json> read_arguments(const Operation& operation, const Request& request) {
    auto body = operation.respond != nullptr ? ApiResult<Json>{Json::object()} : body_document(request);
    if (!body) return body;
    auto lower = lower_members(operation.members, *std::move(body));
    auto error = aws::check_members(operation.members, lower);
    if (error && error->type == "SerializationException") return not_json(error->message);
    if (!error) error = check_maps(lower);
    if (error) return *std::move(error);
    auto query = typed_query(operation.query, request);
    if (auto wrong = aws::check_members(operation.query, query)) {
        if (wrong->type == "SerializationException") wrong->type = "InvalidParameterValueException";
        return *std::move(wrong);
    }
    lower.update(query);
    return lower;
}

ApiResult<FunctionName> function_of(const Request& request) {
    const auto found = request.parameters.find("FunctionName");
    if (found == request.parameters.end()) return FunctionName{};
    constexpr std::size_t longest = 170;
    auto name = parse_function_name(found->second);
    if (!name || found->second.size() > longest) {
        const bool matches = name.has_value();
        return ApiError{"ValidationException",
                        "1 validation error detected: Value '" + found->second +
                            "' at 'functionName' failed to satisfy constraint: Member must " +
                            (matches ? "have length less than or equal to " + std::to_string(longest)
                                     : "satisfy regular expression pattern: " + std::string{function_pattern})};
    }
    const auto qualifier = request.query_value("Qualifier").value_or("");
    if (qualifier.empty()) return *std::move(name);
    if (!name->qualifier.empty() && name->qualifier != qualifier) {
        return ApiError{"InvalidParameterValueException",
                        "The derived qualifier from the function name does not match the specified qualifier."};
    }
    const bool fits =
        qualifier.size() <= 128 && (qualifier == "$LATEST" || is_alias_name(qualifier) || is_version_name(qualifier));
    if (!fits) {
        return ApiError{"ValidationException",
                        "1 validation error detected: Value '" + std::string{qualifier} +
                            "' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression "
                            "pattern: (|[a-zA-Z0-9$_-]+)"};
    }
    name->qualifier = qualifier;
    return *std::move(name);
}

// What only reads of a function, or changes it, must not take one here for its namesake elsewhere.
std::optional<ApiError> check_place(const Operation& operation, const Functions& functions, const Request& request) {
    if (operation.any_region) return std::nullopt;
    for (const auto* name : {"FunctionName", "ARN"}) {
        const auto found = request.parameters.find(name);
        if (found == request.parameters.end() || !functions.registry.is_elsewhere(found->second)) continue;
        return ApiError{"ResourceNotFoundException", "Function not found: " + found->second};
    }
    return std::nullopt;
}

Response run(const Operation& operation, const Functions& functions, const Request& request) {
    const auto function = function_of(request);
    if (!function) return answer_error(function.error());
    if (const auto error = check_place(operation, functions, request)) return answer_error(*error);
    const auto arguments = read_arguments(operation, request);
    if (!arguments) return answer_error(arguments.error());
    const Call call{functions, request, aws::Arguments{*arguments}, *function};
    if (operation.respond != nullptr) {
        auto response = operation.respond(call);
        return response ? *std::move(response) : answer_error(response.error());
    }
    const auto result = operation.run(call);
    return result ? answer_document(operation.status, *result) : answer_error(result.error());
}

}  // namespace

Response answer(const Operation& operation, const Functions& functions, const Request& request) {
    try {
        return run(operation, functions, request);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "pawl: %s failed: %s\n", std::string{operation.name}.c_str(), error.what());
        return answer_error({"ServiceException", "The server could not do this; its log says why."});
    }
}

LambdaApi::LambdaApi(Functions functions, std::vector<std::string> allowed_hosts)
    : functions_{functions}, allowed_hosts_{std::move(allowed_hosts)} {
    for (const auto operations : {function_operations(), version_operations(), setting_operations(),
                                  permission_operations(), absent_operations(), invoke_operations()}) {
        for (const auto& operation : operations) {
            router_.add(
                {std::string{operation.method}, std::string{operation.pattern},
                 [this, &operation](const Request& request) { return answer(operation, functions_, request); }});
        }
    }
}

std::optional<Response> LambdaApi::handle(const Request& request) const {
    if (request.path.starts_with(url_prefix)) return answer_url(functions_, request);
    const bool is_archive = request.path.starts_with(archive_prefix);
    if (!is_archive && !is_versioned(request.path)) return std::nullopt;
    if (aws::is_foreign_page(request, allowed_hosts_) || is_rebound_page(request, allowed_hosts_)) {
        return answer_error({"AccessDeniedException", "Pages of other sites may not use this API."});
    }
    if (request.method == "OPTIONS") return aws::preflight(request, allowed_hosts_, page_rights);
    auto response = is_archive ? archive(request) : answer_operation(request);
    aws::allow_origin(response, request, page_rights);
    return response;
}

Response LambdaApi::answer_operation(const Request& request) const {
    Request routed = request;
    auto response = router_.handle(routed);
    const auto ours =
        std::ranges::any_of(response.headers, [](const auto& h) { return h.first == "x-amzn-RequestId"; });
    if ((response.status == 404 || response.status == 405) && !ours) {
        return answer_error(
            {"UnknownOperationException", "There is no operation " + request.method + " " + request.path + " here."});
    }
    return response;
}

Response LambdaApi::archive(const Request& request) const {
    auto id = std::string_view{request.path}.substr(archive_prefix.size());
    id = id.substr(0, id.find('.'));
    const bool is_id = id.size() == 64 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    std::ifstream file;
    if (is_id && (request.method == "GET" || request.method == "HEAD")) {
        file.open(functions_.registry.archive_of(id), std::ios::binary);
    }
    if (!file.is_open()) return error_response(404, "NotFound", "There is nothing at " + request.path + ".");
    Response response;
    response.content_type = "application/zip";
    response.body.assign(std::istreambuf_iterator<char>{file}, {});
    return response;
}

std::size_t body_limit(std::string_view path, std::size_t otherwise) {
    return path.starts_with("/2015-03-31/functions") ? std::max(upload_bytes, otherwise) : otherwise;
}

}  // namespace pawl::web::lambda
