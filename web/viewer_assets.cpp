#include "web/viewer_assets.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pawl::web {
namespace {

std::string content_type_of(std::string_view path) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
    }};
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const auto& type) { return path.ends_with(type.first); });
    return std::string{found == types.end() ? "application/octet-stream" : found->second};
}

// Everything comes from here, nothing is inline, nobody may frame us: a name with a <script> in it stays a name even
// if a page forgot to treat it as text.
void protect(Response& response) {
    response.headers.emplace_back("Content-Security-Policy",
                                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                                  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                                  "require-trusted-types-for 'script'");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

// Whether an If-None-Match names this version. Spec: RFC 9110, section 13.1.2 (weak comparison).
bool names_version(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        const auto comma = if_none_match.find(',');
        auto one = if_none_match.substr(0, comma);
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == etag || one == "*") return true;
        if (comma == std::string_view::npos) break;
        if_none_match.remove_prefix(comma + 1);
    }
    return false;
}

// Browsers ask each time whether they have the newest: a new binary brings a new viewer at once.
Response serve(const EmbeddedFile& file, const Request& request) {
    const std::string etag = "\"" + std::string{file.sha256.substr(0, 32)} + "\"";
    Response response;
    response.headers = {{"ETag", etag}, {"Cache-Control", "no-cache"}};
    protect(response);
    if (names_version(request.header("If-None-Match"), etag)) {
        response.status = 304;
        response.content_type.clear();
        return response;
    }
    response.content_type = content_type_of(file.path);
    response.body = file.bytes;
    return response;
}

const EmbeddedFile* find_file(std::string_view path) {
    const auto files = viewer_files();
    const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
    return found == files.end() ? nullptr : &*found;
}

Response text_response(int status, std::string_view content_type, std::string_view body) {
    Response response;
    response.status = status;
    response.content_type = content_type;
    response.body = body;
    return response;
}

Response page(const Request& request) { return serve(*find_file("index.html"), request); }

Response front_door(const Request& request) {
    auto response = request.header("Accept").find("text/html") != std::string_view::npos
                        ? page(request)
                        : text_response(200, "application/json",
                                        R"({"name": "Pawl", "description": "/openapi.json", "restApi": "/api/v1", )"
                                        R"("awsApi": "POST /", "viewer": "open / in a browser"})"
                                        "\n");
    response.headers.emplace_back("Vary", "Accept");
    return response;
}

Response asset(const Request& request) {
    const auto& path = request.parameters.find("file")->second;
    const auto* file = find_file(path);
    if (file == nullptr) return text_response(404, "text/plain; charset=utf-8", "There is no such file.\n");
    return serve(*file, request);
}

}  // namespace

std::vector<Route> viewer_routes() {
    return {
        {"GET", "/", front_door},
        {"GET", "/state-machines", page},
        {"GET", "/state-machines/{path...}", page},
        {"GET", "/executions", page},
        {"GET", "/executions/{path...}", page},
        {"GET", "/map-runs/{path...}", page},
        {"GET", "/functions", page},
        {"GET", "/functions/{path...}", page},
        {"GET", "/author", page},
        {"GET", "/assets/{file...}", asset},
    };
}

}  // namespace pawl::web
