// Which requests are other web sites' doing.
#include <gtest/gtest.h>

#include "web/rest/request_guard.hpp"

namespace pawl::web::rest {
namespace {

Request request(std::string method, std::vector<std::pair<std::string, std::string>> headers) {
    Request made;
    made.method = std::move(method);
    made.headers = std::move(headers);
    return made;
}

std::string refusal(const Request& made, const std::vector<std::string>& hosts = {}) {
    const auto error = refuse_foreign(made, hosts);
    return error ? error->type : "";
}

TEST(RequestGuard, KnowsItsOwnNames) {
    for (const auto* host : {"", "localhost", "LocalHost:8083", "127.0.0.1:8083", "[::1]:8083", "[::1]", "10.0.0.7:80",
                             "pawl.localhost:8083"}) {
        EXPECT_TRUE(is_own_host(host, {})) << host;
    }
    for (const auto* host : {"evil.example", "evil.example:8083", "localhost.evil.example", "127.0.0.1.evil.example",
                             "notlocalhost", "[evil]", "[", "1.2.3"}) {
        EXPECT_FALSE(is_own_host(host, {})) << host;
    }
    EXPECT_TRUE(is_own_host("Pawl.Intern:8083", {"pawl.intern"}));
}

TEST(RequestGuard, RefusesARebornNameEvenForReading) {
    EXPECT_EQ(refusal(request("GET", {{"Host", "evil.example"}})), "ForeignRequest");
    EXPECT_EQ(refusal(request("GET", {{"Host", "evil.example"}}), {"evil.example"}), "");
}

TEST(RequestGuard, WritesNeedJson) {
    for (const auto* method : {"POST", "PUT", "PATCH"}) {
        EXPECT_EQ(refusal(request(method, {})), "UnsupportedMediaType") << method;
        EXPECT_EQ(refusal(request(method, {{"Content-Type", "text/plain"}})), "UnsupportedMediaType") << method;
        EXPECT_EQ(refusal(request(method, {{"Content-Type", "application/json"}})), "") << method;
        EXPECT_EQ(refusal(request(method, {{"content-type", "Application/JSON ; charset=utf-8"}})), "") << method;
    }
    EXPECT_EQ(refusal(request("POST", {{"Content-Type", "application/x-www-form-urlencoded"}})),
              "UnsupportedMediaType");
    EXPECT_EQ(refusal(request("POST", {{"Content-Type", "text/plain;application/json"}})), "UnsupportedMediaType");
    EXPECT_EQ(refusal(request("POST", {{"Content-Type", "application/jsonx"}})), "UnsupportedMediaType");
    EXPECT_EQ(refusal(request("GET", {})), "");
    EXPECT_EQ(refusal(request("DELETE", {})), "");
}

TEST(RequestGuard, RefusesWhatAnotherSitesPageAsksFor) {
    EXPECT_EQ(refusal(request("GET", {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "cors"}})),
              "ForeignRequest");
    EXPECT_EQ(refusal(request("DELETE", {{"Sec-Fetch-Site", "same-site"}})), "ForeignRequest");
    EXPECT_EQ(refusal(request("GET", {{"Sec-Fetch-Site", "same-origin"}})), "");
    EXPECT_EQ(refusal(request("GET", {{"Sec-Fetch-Site", "none"}})), "");
}

TEST(RequestGuard, LetsPeopleFollowLinks) {
    EXPECT_EQ(refusal(request("GET", {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}})), "");
    EXPECT_EQ(refusal(request("POST", {{"Sec-Fetch-Site", "cross-site"},
                                       {"Sec-Fetch-Mode", "navigate"},
                                       {"Content-Type", "application/json"}})),
              "ForeignRequest");
}

}  // namespace
}  // namespace pawl::web::rest
