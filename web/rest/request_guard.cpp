#include "web/rest/request_guard.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "states/letter_case.hpp"

namespace pawl::web::rest {
namespace {

// Without the port; an IPv6 address keeps its brackets.
std::string host_name(std::string_view host) {
    if (host.starts_with('[')) return lower_case(host.substr(0, host.find(']') + 1));
    return lower_case(host.substr(0, host.find(':')));
}

bool is_address(const std::string& host) {
    in6_addr buffer{};  // large enough for both families
    if (host.starts_with('[')) return inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &buffer) == 1;
    return inet_pton(AF_INET, host.c_str(), &buffer) == 1;
}

bool writes(const Request& request) {
    return request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

}  // namespace

bool is_own_host(std::string_view host, const std::vector<std::string>& allowed_hosts) {
    if (host.empty()) return true;
    const auto name = host_name(host);
    if (name == "localhost" || name.ends_with(".localhost") || is_address(name)) return true;
    return std::any_of(allowed_hosts.begin(), allowed_hosts.end(),
                       [&](const auto& own) { return lower_case(own) == name; });
}

bool is_json(std::string_view content_type) {
    auto type = lower_case(content_type.substr(0, content_type.find(';')));
    while (type.ends_with(' ') || type.ends_with('\t')) type.pop_back();
    return type == "application/json";
}

std::optional<ApiError> refuse_foreign(const Request& request, const std::vector<std::string>& allowed_hosts) {
    if (!is_own_host(request.header("Host"), allowed_hosts)) {
        return ApiError{"ForeignRequest", "The Host header names " + std::string{request.header("Host")} +
                                              ", which is not a name of this server. Use its address or localhost."};
    }
    const auto site = request.header("Sec-Fetch-Site");
    const bool follows_link = request.method == "GET" && request.header("Sec-Fetch-Mode") == "navigate";
    if ((site == "cross-site" || site == "same-site") && !follows_link) {
        return ApiError{"ForeignRequest", "This request was made by a page of another site."};
    }
    if (writes(request) && !is_json(request.header("Content-Type"))) {
        return ApiError{"UnsupportedMediaType", "Send Content-Type: application/json, also without a body."};
    }
    return std::nullopt;
}

}  // namespace pawl::web::rest
