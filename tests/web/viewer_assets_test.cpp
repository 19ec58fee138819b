// The viewer's files, as browsers get them.
#include "web/viewer_assets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace pawl::web {
namespace {

Response get(const std::string& target, std::vector<std::pair<std::string, std::string>> headers = {}) {
    Router router;
    for (auto& route : viewer_routes()) router.add(std::move(route));
    Request request;
    request.method = "GET";
    request.target = target;
    request.path = target;
    request.headers = std::move(headers);
    return router.handle(request);
}

std::string header(const Response& response, const std::string& name) {
    const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                    [&](const auto& one) { return one.first == name; });
    return found == response.headers.end() ? "" : found->second;
}

std::string_view bytes_of(std::string_view path) {
    const auto files = viewer_files();
    const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
    return found == files.end() ? std::string_view{} : found->bytes;
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(ViewerAssets, AreWhatTheSourcesMake) {
    std::set<std::string_view> names;
    for (const auto& file : viewer_files()) {
        names.insert(file.path);
        EXPECT_EQ(file.sha256.size(), 64U);
        EXPECT_FALSE(file.bytes.empty()) << file.path;
    }
    EXPECT_EQ(names, (std::set<std::string_view>{"app.js", "favicon.svg", "index.html", "layout.js", "style.css"}));
    for (const auto* unchanged : {"index.html", "favicon.svg"}) {
        EXPECT_EQ(bytes_of(unchanged), read(std::string{PAWL_SOURCE_DIR "/web/viewer/"} + unchanged));
    }
    EXPECT_NE(bytes_of("app.js").find("Executions"), std::string_view::npos);
    EXPECT_NE(bytes_of("style.css").find("light-dark("), std::string_view::npos);
}

TEST(ViewerAssets, AreSmall) {
    std::size_t bytes = 0;
    for (const auto& file : viewer_files()) bytes += file.bytes.size();
    EXPECT_LT(bytes, 400'000U);  // before any compression
}

TEST(ViewerAssets, EveryAddressOfAPageIsThePage) {
    for (const auto* target : {"/executions", "/executions/arn%3Aaws%3Astates%3Aone%2Ftwo", "/state-machines",
                               "/state-machines/order", "/state-machines/order/start", "/functions",
                               "/functions/charge", "/author"}) {
        const auto response = get(target);
        EXPECT_EQ(response.status, 200) << target;
        EXPECT_EQ(response.content_type, "text/html; charset=utf-8") << target;
        EXPECT_NE(response.body.find("/assets/app.js"), std::string::npos) << target;
    }
}

TEST(ViewerAssets, TheRootIsForBrowsersAndTellsOthersWhereToGo) {
    const auto browser = get("/", {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}});
    EXPECT_EQ(browser.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(header(browser, "Vary"), "Accept");
    const auto script = get("/", {{"Accept", "*/*"}});
    EXPECT_EQ(script.content_type, "application/json");
    EXPECT_NE(script.body.find("/openapi.json"), std::string::npos);
}

TEST(ViewerAssets, HaveTheirTypes) {
    EXPECT_EQ(get("/assets/app.js").content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(get("/assets/style.css").content_type, "text/css; charset=utf-8");
    EXPECT_EQ(get("/assets/favicon.svg").content_type, "image/svg+xml");
    EXPECT_EQ(get("/assets/nothing.js").status, 404);
    EXPECT_EQ(get("/assets/../rest/views.cpp").status, 404);
}

TEST(ViewerAssets, AllowNothingInlineAndNothingFromElsewhere) {
    for (const auto* target : {"/executions", "/assets/app.js"}) {
        const auto policy = header(get(target), "Content-Security-Policy");
        EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
        EXPECT_EQ(policy.find("unsafe"), std::string::npos);
        EXPECT_EQ(header(get(target), "X-Content-Type-Options"), "nosniff");
    }
    // The only addresses are the names of XML's vocabularies, which nobody fetches.
    for (const auto& file : viewer_files()) {
        for (auto at = file.bytes.find("://"); at != std::string_view::npos; at = file.bytes.find("://", at + 1)) {
            const auto after = file.bytes.substr(at + 3, 11);
            if (!file.bytes.substr(0, at).ends_with("http") && !file.bytes.substr(0, at).ends_with("https")) continue;
            EXPECT_TRUE(after.starts_with("www.w3.org/")) << file.path << ": " << after;
        }
    }
}

TEST(ViewerAssets, SourcesWriteNoMarkup) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{PAWL_SOURCE_DIR "/web/viewer/src"}) {
        if (!entry.is_regular_file()) continue;
        ++files;
        const auto text = read(entry.path());
        for (const auto* way : {"innerHTML", "InnerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("}) {
            EXPECT_EQ(text.find(way), std::string::npos) << entry.path() << " uses " << way;
        }
    }
    EXPECT_GT(files, 20U);
}

TEST(ViewerAssets, AreSentAgainOnlyWhenTheyChanged) {
    const auto etag = header(get("/assets/app.js"), "ETag");
    ASSERT_FALSE(etag.empty());
    const auto again = get("/assets/app.js", {{"If-None-Match", etag}});
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(again.body.empty());
    EXPECT_EQ(header(again, "ETag"), etag);
    EXPECT_EQ(get("/assets/app.js", {{"If-None-Match", "\"other\", W/" + etag}}).status, 304);
    EXPECT_EQ(get("/assets/app.js", {{"If-None-Match", "\"other\""}}).status, 200);
    EXPECT_NE(header(get("/assets/style.css"), "ETag"), etag);
}

}  // namespace
}  // namespace pawl::web
