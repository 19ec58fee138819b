// The web viewer: what npm makes of web/viewer/, embedded in the binary by cmake/embed.cmake, and the addresses it
// answers at.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.hpp"

namespace pawl::web {

struct EmbeddedFile {
    std::string_view path;    // "app.js"
    std::string_view sha256;  // hexadecimal
    std::string_view bytes;
};
std::span<const EmbeddedFile> viewer_files();

// Pages (GET /, /state-machines…, /executions…, /map-runs…, /functions…, /author: the same document, which reads its
// own address) and /assets/…. GET / is the viewer for browsers, that is, when HTML is accepted; others are told where
// the APIs are.
std::vector<Route> viewer_routes();

}  // namespace pawl::web
