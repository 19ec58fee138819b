// URLs in parts, and the encoding of what goes into them. Spec: RFC 3986.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pawl {

struct Url {
    std::string scheme;  // "http" or "https"
    std::string host;
    int port = 0;
    std::string path;   // "/" at least, as it was written
    std::string query;  // without the question mark, as it was written

    std::string authority() const;  // "host" or "host:8080": what a Host header says
    std::string origin() const { return scheme + "://" + authority(); }
};

// Nothing for anything but http and https, and for URLs with a user's name or a fragment in them.
std::optional<Url> parse_url(std::string_view text);

using Query = std::vector<std::pair<std::string, std::string>>;

std::string query_text(const Query& query);  // "a=1&b=2"

// The URL without those parts of its query that have one of these names, however they are written.
std::string without_pairs(std::string url, const Query& names);

}  // namespace pawl
