// Which pages may call the AWS API from a browser.
// Spec: Fetch Standard, "CORS protocol".
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "web/http.hpp"

namespace pawl::web::aws {

// Whether this name or address is this machine's own and reached by nobody else: "localhost", "127.1.2.3", "::1",
// "[::1]". No name that only begins so ("127.example.com").
bool is_loopback(std::string_view host);

// Whether the request comes from a page that is not of this machine. Clients name any Host they like, so that says
// nothing; but only browsers send an Origin, and a page of another site, or of a name that was pointed at this machine
// (DNS rebinding), can't hide it.
bool is_foreign_page(const Request& request, const std::vector<std::string>& allowed_hosts);

// What a page may do with an API, beside what it may with every one.
struct PageRights {
    std::string_view methods;
    std::string_view headers;  // that it may send
    std::string_view exposed;  // headers of answers that it may read
};
inline constexpr PageRights step_functions_rights{"POST", "x-amz-target", "x-amzn-RequestId"};

// Lets the page's scripts read the answer, also one that comes later.
void allow_origin(Response& response, const Request& request, const PageRights& rights = step_functions_rights);

// The answer to OPTIONS: what the page may send.
Response preflight(const Request& request, const std::vector<std::string>& allowed_hosts,
                   const PageRights& rights = step_functions_rights);

}  // namespace pawl::web::aws
