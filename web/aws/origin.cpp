#include "web/aws/origin.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

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

void allow(Response& response, const std::string& origin, const std::string& exposed) {
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Access-Control-Expose-Headers", exposed);
    response.headers.emplace_back("Vary", "Origin");
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

void allow_origin(Response& response, const Request& request, const PageRights& rights) {
    const std::string origin{request.header("Origin")};
    if (origin.empty()) return;
    const std::string exposed{rights.exposed};
    if (!response.later) return allow(response, origin, exposed);
    auto& later = *response.later;
    later.begin = [origin, exposed, begin = std::move(later.begin)](std::function<void(Response)> give) {
        begin([origin, exposed, give = std::move(give)](Response given) {
            allow(given, origin, exposed);
            give(std::move(given));
        });
    };
    later.otherwise = [origin, exposed, otherwise = std::move(later.otherwise)] {
        auto given = otherwise();
        allow(given, origin, exposed);
        return given;
    };
}

Response preflight(const Request& request, const std::vector<std::string>& allowed_hosts, const PageRights& rights) {
    Response response;
    response.status = 204;
    if (is_foreign_page(request, allowed_hosts)) return response;
    allow_origin(response, request, rights);
    response.headers.emplace_back("Access-Control-Allow-Methods", rights.methods);
    response.headers.emplace_back("Access-Control-Allow-Headers",
                                  "authorization, content-type, x-amz-date, x-amz-user-agent, x-amz-security-token, "
                                  "x-amz-content-sha256, amz-sdk-invocation-id, amz-sdk-request, " +
                                      std::string{rights.headers});
    response.headers.emplace_back("Access-Control-Max-Age", "3600");
    return response;
}

}  // namespace pawl::web::aws
