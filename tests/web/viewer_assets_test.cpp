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

TEST(ViewerAssets, AreTheFilesOfTheSourceFolder) {
    std::set<std::string> expected;
    for (const auto& entry : std::filesystem::directory_iterator{PAWL_SOURCE_DIR "/web/viewer"}) {
        if (!entry.is_regular_file()) continue;
        const auto name = entry.path().filename().string();
        expected.insert(name);
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
        const auto embedded = viewer_files();
        const auto found =
            std::find_if(embedded.begin(), embedded.end(), [&](const auto& one) { return one.path == name; });
        ASSERT_NE(found, embedded.end()) << name;
        EXPECT_EQ(found->bytes, bytes) << name;
        EXPECT_EQ(found->sha256.size(), 64U);
    }
    EXPECT_EQ(viewer_files().size(), expected.size());
}

TEST(ViewerAssets, EveryAddressOfAPageIsThePage) {
    for (const auto* target : {"/executions", "/executions/arn%3Aaws%3Astates%3Aone%2Ftwo", "/state-machines",
                               "/state-machines/order", "/state-machines/order/start"}) {
        const auto response = get(target);
        EXPECT_EQ(response.status, 200) << target;
        EXPECT_EQ(response.content_type, "text/html; charset=utf-8") << target;
        EXPECT_NE(response.body.find("<main"), std::string::npos) << target;
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
    for (const auto& file : viewer_files()) {
        if (file.path.ends_with(".svg")) continue;  // its namespace is an address that nobody fetches
        EXPECT_EQ(file.bytes.find("https://"), std::string_view::npos) << file.path;
        EXPECT_EQ(file.bytes.find("http://"), std::string_view::npos) << file.path;
        EXPECT_EQ(file.bytes.find("innerHTML"), std::string_view::npos) << file.path;
        EXPECT_EQ(file.bytes.find(" style="), std::string_view::npos) << file.path;
    }
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
