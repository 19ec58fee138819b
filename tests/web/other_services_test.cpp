// What clients of other AWS services are told, in the protocols that they can read.
#include "web/aws/other_services.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::web::aws {
namespace {

using testing::HasSubstr;

std::string signature(const std::string& service) {
    return "AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/" + service +
           "/aws4_request, SignedHeaders=host, Signature=0";
}

Request form(const std::string& body) {
    Request request;
    request.method = "POST";
    request.target = request.path = "/";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
    request.body = body;
    return request;
}

Request get(const std::string& path, const std::string& authorization) {
    Request request;
    request.method = "GET";
    request.target = request.path = path;
    if (!authorization.empty()) request.headers = {{"Authorization", authorization}};
    return request;
}

TEST(OtherServices, WhoAskIsTheAccount) {
    const auto response = answer_for_other_service(form("Action=GetCallerIdentity&Version=2011-06-15"), "123456789012");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_THAT(response->body, HasSubstr("<Account>123456789012</Account>"));
    EXPECT_THAT(response->body, HasSubstr("<Arn>arn:aws:iam::123456789012:root</Arn>"));
}

TEST(OtherServices, QueryClientsGetTheirErrorsInXml) {
    for (const auto* action : {"ListRoles", "%3Cx%3E%26", ""}) {
        const auto response = answer_for_other_service(form(std::string{"Action="} + action), "1");
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 400);
        EXPECT_EQ(response->content_type, "text/xml");
        EXPECT_THAT(response->body, HasSubstr("<Code>UnknownOperationException</Code>"));
        EXPECT_THAT(response->body, testing::Not(HasSubstr("<x>")));
    }
}

TEST(OtherServices, S3IsNotImplemented) {
    for (const auto* path : {"/", "/bucket/key", "/executions"}) {
        const auto response = answer_for_other_service(get(path, signature("s3")), "1");
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 501);
        EXPECT_THAT(response->body, HasSubstr("<Error><Code>NotImplemented</Code>"));
    }
}

TEST(OtherServices, RestClientsAreToldWhomTheyReached) {
    const auto response = answer_for_other_service(get("/schedules", signature("scheduler")), "1");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 400);
    EXPECT_EQ(response->body, R"({"message":"Pawl speaks for Step Functions and Lambda only, not for scheduler"})");
}

TEST(OtherServices, WhatIsOursIsLeftAlone) {
    EXPECT_FALSE(answer_for_other_service(get("/", ""), "1"));
    EXPECT_FALSE(answer_for_other_service(get("/", "Basic dXNlcg=="), "1"));
    EXPECT_FALSE(answer_for_other_service(get("/2015-03-31/functions", signature("lambda")), "1"));
    auto named = form("{}");  // curl -d says so of anything
    named.headers.emplace_back("X-Amz-Target", "AWSStepFunctions.ListStateMachines");
    EXPECT_FALSE(answer_for_other_service(named, "1"));
    auto signed_request = form("{}");
    signed_request.headers = {{"Authorization", signature("states")}, {"Content-Type", "application/x-amz-json-1.0"}};
    EXPECT_FALSE(answer_for_other_service(signed_request, "1"));
}

}  // namespace
}  // namespace pawl::web::aws
