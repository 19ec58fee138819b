// Keeps other web sites' pages out: a browser on this machine reaches 127.0.0.1 on behalf of any page that it shows.
// Three attacks, three rules. Forms and "simple" requests of another site: writes need Content-Type application/json,
// which such requests can't have without our consent. Requests that say they come from another site: refused. Names
// that another site points at 127.0.0.1 (DNS rebinding): the Host must be an address, localhost, or a known name.
// Spec: Fetch Standard, "CORS protocol"; Fetch Metadata Request Headers.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/api_error.hpp"
#include "web/http.hpp"

namespace pawl::web::rest {

// Whether a Host header ("localhost:8083", "[::1]") can't be a name of somebody else's. Absent is fine: no browser.
bool is_own_host(std::string_view host, const std::vector<std::string>& allowed_hosts);

// "application/json", also with parameters.
bool is_json(std::string_view content_type);

// Why this request is not to be answered; nothing when it is.
std::optional<ApiError> refuse_foreign(const Request& request, const std::vector<std::string>& allowed_hosts);

}  // namespace pawl::web::rest
