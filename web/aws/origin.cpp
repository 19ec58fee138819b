#include "web/aws/origin.hpp"

#include <algorithm>
#include <string_view>

#include "states/letter_case.hpp"
#include "web/rest/request_guard.hpp"

namespace pawl::web::aws {

namespace {

// "http://localhost:3000" -> "localhost:3000"; "null" and the like stay what they are.
std::string_view host_and_port(std::string_view origin) {
    const auto end_of_scheme = origin.find("://");
    return end_of_scheme == std::string_view::npos ? origin : origin.substr(end_of_scheme + 3);
}

std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

}  // namespace

bool is_loopback(std::string_view host) {
    if (host == "[::1]" || host == "::1" || same_letters(host, "localhost")) return true;
    constexpr std::string_view under_localhost = ".localhost";
    if (host.size() > under_localhost.size() &&
        same_letters(host.substr(host.size() - under_localhost.size()), under_localhost)) {
        return true;
    }
    // "127.1.2.3", but no name such as "127.example.com".
    const auto is_address_char = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    return host.starts_with("127.") && std::ranges::all_of(host, is_address_char);
}

bool is_foreign_page(const Request& request, const std::vector<std::string>& allowed_hosts) {
    const auto origin = request.header("Origin");
    if (origin.empty()) return false;
    const auto host = host_and_port(origin);
    const auto name = without_port(host);
    if (is_loopback(name)) return false;
    if (std::ranges::any_of(allowed_hosts, [&](const auto& own) { return same_letters(own, name); })) return false;
    // A page that this server gave out at one of its addresses; a name would prove nothing.
    return !(host == request.header("Host") && rest::is_own_host(host, {}));
}

void allow_origin(Response& response, const Request& request) {
    const auto origin = request.header("Origin");
    if (origin.empty()) return;
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Access-Control-Expose-Headers", "x-amzn-RequestId");
    response.headers.emplace_back("Vary", "Origin");
}

Response preflight(const Request& request, const std::vector<std::string>& allowed_hosts) {
    Response response;
    response.status = 204;
    if (is_foreign_page(request, allowed_hosts)) return response;
    allow_origin(response, request);
    response.headers.emplace_back("Access-Control-Allow-Methods", "POST");
    response.headers.emplace_back("Access-Control-Allow-Headers",
                                  "authorization, content-type, x-amz-target, x-amz-date, x-amz-user-agent, "
                                  "x-amz-security-token, x-amz-content-sha256, amz-sdk-invocation-id, amz-sdk-request");
    response.headers.emplace_back("Access-Control-Max-Age", "3600");
    return response;
}

}  // namespace pawl::web::aws
