// What is known of services without asking any: resources, endpoints, encodings, addresses.
#include <gtest/gtest.h>

#include <map>

#include "orchestrator/integrations/aws/endpoints.hpp"
#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/aws/service_answer.hpp"
#include "orchestrator/integrations/http_connections.hpp"
#include "orchestrator/integrations/http_task_request.hpp"
#include "orchestrator/integrations/private_address.hpp"

namespace pawl {
namespace {

using aws::find_call;

Json json(std::string_view text) { return *parse_json(text); }

TEST(ServiceCalls, ResourcesNameAServiceAndAnAction) {
    const auto sdk = find_call("arn:aws:states:::aws-sdk:dynamodb:batchGetItem");
    ASSERT_TRUE(sdk);
    EXPECT_EQ(sdk->service->name, "dynamodb");
    EXPECT_EQ(sdk->action, "BatchGetItem");
    EXPECT_FALSE(sdk->optimized);
    const auto token = find_call("arn:aws:states:::sqs:sendMessage.waitForTaskToken");
    ASSERT_TRUE(token && token->optimized);
    EXPECT_TRUE(token->waits);
    for (const auto* unknown : {"arn:aws:states:::sqs:receiveMessage", "arn:aws:states:::aws-sdk:nothing:at",
                                "arn:aws:states:::aws-sdk:", "arn:aws:states:::aws-sdk:sqs",
                                "arn:aws:states:::aws-sdk:sqs:", "arn:aws:states:::aws-sdk:sqs:SendMessage",
                                "arn:aws:states:::dynamodb:getItem.waitForTaskToken",
                                "arn:aws:states:::sqs:sendMessage.sync", "sqs:sendMessage"}) {
        EXPECT_FALSE(find_call(unknown)) << unknown;
    }
}

struct Variables {
    std::map<std::string, std::string> values;
    std::string operator()(const std::string& name) const { return values.contains(name) ? values.at(name) : ""; }
};

TEST(Endpoints, AFileGoesBeforeVariablesAndAServiceBeforeAll) {
    const auto endpoints = aws::Endpoints::read(R"({"services": {"sqs": "http://localhost:1/base/"}})", "eu-west-1",
                                                Variables{{{"AWS_ENDPOINT_URL", "http://all:9"},
                                                           {"AWS_ENDPOINT_URL_SQS", "http://no:2"},
                                                           {"AWS_ENDPOINT_URL_SECRETS_MANAGER", "https://secrets:3"},
                                                           {"AWS_ACCESS_KEY_ID", "id"},
                                                           {"AWS_SECRET_ACCESS_KEY", "secret"}}});
    ASSERT_TRUE(endpoints) << endpoints.error();
    const auto* sqs = endpoints->find(*aws::find_service("sqs"));
    ASSERT_TRUE(sqs);
    EXPECT_EQ(sqs->url.origin() + sqs->url.path, "http://localhost:1/base");
    EXPECT_EQ(sqs->region, "eu-west-1");
    EXPECT_EQ(sqs->credentials.access_key_id, "id");
    EXPECT_EQ(endpoints->find(*aws::find_service("secretsmanager"))->url.origin(), "https://secrets:3");
    EXPECT_EQ(endpoints->find(*aws::find_service("sns"))->url.origin(), "http://all:9");
}

TEST(Endpoints, AwsItselfNeedsCredentials) {
    const std::string file = R"({"region": "eu-central-1", "services": {"s3": "aws"}})";
    EXPECT_FALSE(aws::Endpoints::read(file, "x", Variables{}));
    const auto endpoints =
        aws::Endpoints::read(file, "x", Variables{{{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}}});
    ASSERT_TRUE(endpoints);
    const auto* s3 = endpoints->find(*aws::find_service("s3"));
    EXPECT_EQ(s3->url.origin(), "https://s3.eu-central-1.amazonaws.com");
    EXPECT_FALSE(s3->path_style);
    EXPECT_FALSE(endpoints->find(*aws::find_service("sqs")));
}

TEST(Protocols, QueryNumbersListsAndMaps) {
    const auto call = *find_call("arn:aws:states:::sns:publish");
    const auto request = aws::encode_query(call, json(R"({"Message": "a b", "L": ["x", {"Y": 1}],
        "MessageAttributes": {"k": {"DataType": "String", "StringValue": "v"}}})"));
    ASSERT_TRUE(request);
    EXPECT_EQ(
        request->body,
        "Action=Publish&Version=2010-03-31&Message=a%20b&L.member.1=x&L.member.2.Y=1&MessageAttributes.entry.1.Name=k&"
        "MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v");
}

TEST(Protocols, MembersAreCamelCaseWhereTheServiceWantsIt) {
    const auto call = *find_call("arn:aws:states:::aws-sdk:ecs:runTask");
    const auto request =
        aws::encode_json(call, json(R"({"TaskDefinition": "t", "Overrides": {"ContainerOverrides": [{"Name": "n"}]},
        "DockerLabels": {"Mine": "x"}})"));
    ASSERT_TRUE(request);
    EXPECT_EQ(
        request->body,
        R"({"taskDefinition":"t","overrides":{"containerOverrides":[{"name":"n"}]},"dockerLabels":{"Mine":"x"}})");
    const auto answer = aws::decode_json(call, {200, "OK", {}, R"({"tasks":[{"taskArn":"a"}]})"});
    ASSERT_TRUE(answer);
    EXPECT_EQ(to_text(*answer), R"({"Tasks":[{"TaskArn":"a"}]})");
}

TEST(Protocols, S3BucketsAreInThePathOrInTheHost) {
    const auto call = *find_call("arn:aws:states:::aws-sdk:s3:getObject");
    aws::Endpoint endpoint;
    endpoint.url = *parse_url("http://localhost:9000");
    const auto parameters = json(R"({"Bucket": "b", "Key": "x/y z", "VersionId": "7"})");
    auto request = aws::encode_s3(call, parameters, endpoint);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->path, "/b/x/y%20z");
    EXPECT_EQ(request->query, (Query{{"versionId", "7"}}));
    endpoint.path_style = false;
    request = aws::encode_s3(call, parameters, endpoint);
    EXPECT_EQ(request->path, "/x/y%20z");
    EXPECT_EQ(header_of(request->headers, "Host"), "b.localhost:9000");
    EXPECT_FALSE(aws::encode_s3(call, json(R"({"Bucket": "b/c", "Key": "k"})"), endpoint));
    EXPECT_FALSE(aws::encode(call, json(R"({"Bucket": "b", "Key": "k", "Range": "a\r\nb: c"})"), endpoint));
}

TEST(Protocols, ARestPathIsFilledIn) {
    const auto call = *find_call("arn:aws:states:::aws-sdk:lambda:getFunction");
    const auto request = aws::encode_rest_json(call, json(R"({"FunctionName": "arn:a/b", "Qualifier": "1"})"));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->path, "/2015-03-31/functions/arn%3Aa%2Fb");
    EXPECT_EQ(request->query, (Query{{"Qualifier", "1"}}));
    EXPECT_FALSE(aws::encode_rest_json(call, json("{}")));
}

TEST(Protocols, ApiGatewayTellsTheApiByItsHost) {
    const auto request =
        aws::encode_gateway(json(R"({"ApiEndpoint": "abc.execute-api.us-east-1.amazonaws.com", "Method": "POST",
        "Stage": "dev", "Path": "pets/1", "Headers": {"A": ["1", "2"]}, "QueryParameters": {"q": ["x"]}, "RequestBody": {"n": 1}})"));
    ASSERT_TRUE(request) << request.error();
    EXPECT_EQ(request->path, "/dev/pets/1");
    EXPECT_EQ(header_of(request->headers, "Host"), "abc.execute-api.us-east-1.amazonaws.com");
    EXPECT_EQ(request->body, R"({"n":1})");
    const auto failed = aws::decode_gateway({403, "Forbidden", {}, R"({"message":"Forbidden"})"});
    ASSERT_FALSE(failed);
    const auto call = *find_call("arn:aws:states:::apigateway:invoke");
    EXPECT_EQ(aws::service_error(call, failed.error()).name, "ApiGateway.403");
}

TEST(Protocols, ErrorsOfXmlAreReadAndHostileXmlIsNot) {
    const auto call = *find_call("arn:aws:states:::sns:publish");
    const auto error =
        aws::decode_query(call, {404,
                                 "",
                                 {},
                                 "<ErrorResponse><Error><Code>NotFound</Code><Message>No &amp; no</Message>"
                                 "</Error><RequestId>r</RequestId></ErrorResponse>"});
    ASSERT_FALSE(error);
    EXPECT_EQ(error.error().message, "No & no");
    EXPECT_EQ(aws::service_error(call, error.error()).name, "SNS.NotFoundException");
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    EXPECT_FALSE(aws::decode_query(call, {200, "", {}, deep}));
    EXPECT_FALSE(aws::decode_query(call, {200, "", {}, "not XML"}));
    std::string nested = "<PublishResponse><PublishResult>";
    for (int i = 0; i < 20'000; ++i) nested += "<a>";
    for (int i = 0; i < 20'000; ++i) nested += "</a>";
    EXPECT_TRUE(aws::decode_query(call, {200, "", {}, nested + "</PublishResult></PublishResponse>"}));
}

TEST(Addresses, PrivateOnesAreKnownInAllTheirSpellings) {
    for (const auto* address : {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "100.64.0.1", "0.0.0.0", "::1",
                                "::", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1"}) {
        EXPECT_EQ(kind_of(address), AddressKind::Private) << address;
    }
    for (const auto* address : {"169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254", "nonsense"}) {
        EXPECT_EQ(kind_of(address), AddressKind::Link) << address;
    }
    for (const auto* address : {"1.1.1.1", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8", "128.0.0.1"}) {
        EXPECT_EQ(kind_of(address), AddressKind::Public) << address;
    }
}

TEST(Urls, OnlyPlainHttpOnesAreTaken) {
    EXPECT_EQ(parse_url("https://example.com/a?b=c")->authority(), "example.com");
    EXPECT_EQ(parse_url("http://example.com:8080")->authority(), "example.com:8080");
    for (const auto* text : {"ftp://x", "http://user@x/", "http://x/#f", "http://x y/", "x", "", "http://",
                             "http://x:99999/", "http://x/\r\nHost: y"}) {
        EXPECT_FALSE(parse_url(text)) << text;
    }
}

TEST(Connections, AreFoundByTheNameInTheirArn) {
    const auto connections =
        HttpConnections::parse(R"({"connections": {"shop": {"api_key": {"name": "K", "value": "v"}}}})");
    ASSERT_TRUE(connections);
    for (const auto* arn :
         {"shop", "arn:aws:events:eu-west-1:1:connection/shop", "arn:aws:events:eu-west-1:1:connection/shop/0-1"}) {
        EXPECT_TRUE(connections->find(arn)) << arn;
    }
    EXPECT_FALSE(connections->find("arn:aws:events:eu-west-1:1:connection/other"));
    EXPECT_FALSE(HttpConnections::parse(R"({"connections": {"a": {"api_key": {"name": "K", "value": "a\nb"}}}})"));
}

}  // namespace
}  // namespace pawl
