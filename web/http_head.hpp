// The head of a request, read strictly: what may not be, is refused before anything else sees it.
// Pure. Spec: RFC 9112, sections 2, 3, 5 and 6.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "states/result.hpp"

namespace pawl::web {

inline constexpr std::size_t max_head_bytes = 64 * 1024;
inline constexpr std::size_t max_headers = 100;

// A request that never reaches a handler. The connection is closed behind the answer.
struct Refusal {
    int status;
    std::string type;      // "RequestEntityTooLarge"
    std::string message;   // for people
    std::string target{};  // of the request, when that much of it was read
};

struct RequestHead {
    std::string method;
    std::string target;     // origin form, "/path?query"; or "*"
    int minor_version = 1;  // of HTTP/1.x
    std::vector<std::pair<std::string, std::string>> headers;

    std::string_view header(std::string_view name) const;  // the first of that name; empty when absent
    bool keep_alive() const;
};

// How long the body is, or that it comes in chunks.
struct Framing {
    bool chunked = false;
    std::size_t length = 0;  // when it is not chunked
    bool expects_continue = false;
};

// Where the head ends, its empty line included; npos while it is not complete.
std::size_t end_of_head(std::string_view text);

// Of the text of a head with its empty line.
Result<RequestHead, Refusal> parse_head(std::string_view text);
Result<Framing, Refusal> framing_of(const RequestHead& head, std::size_t body_limit_bytes);

Refusal body_too_large(std::size_t body_limit_bytes);

}  // namespace pawl::web
