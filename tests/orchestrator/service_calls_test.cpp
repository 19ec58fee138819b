// What is known of services without asking any: resources, endpoints, encodings, addresses.
#include <gtest/gtest.h>

#include <map>

#include "orchestrator/integrations/aws/endpoints.hpp"
#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/aws/service_answer.hpp"
#include "orchestrator/integrations/http_connections.hpp"
#include "orchestrator/integrations/http_task_request.hpp"
#include "orchestrator/integrations/private_address.hpp"
#include "states/utf8.hpp"

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
    for (const auto* unknown :
         {"arn:aws:states:::sqs:receiveMessage", "arn:aws:states:::aws-sdk:nothing:at", "arn:aws:states:::aws-sdk:",
          "arn:aws:states:::aws-sdk:sqs", "arn:aws:states:::aws-sdk:sqs:", "arn:aws:states:::aws-sdk:sqs:SendMessage",
          "arn:aws:states:::dynamodb:getItem.waitForTaskToken", "arn:aws:states:::sqs:sendMessage.sync",
          "sqs:sendMessage", "arn:aws:states:::aws-sdk:ecs:runTask.sync", "arn:aws:states:::aws-sdk:dynamodb:get item",
          "arn:aws:states:::aws-sdk:dynamodb:getItem.sync:2"}) {
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
        "Stage": "dev", "Path": "pets/1", "Headers": {"A": ["1", "2"]}, "QueryParameters": {"q": ["x"]}, "RequestBody": {"n": 1}})"),
                            {});
    ASSERT_TRUE(request) << request.error();
    EXPECT_EQ(request->path, "/dev/pets/1");
    EXPECT_EQ(header_of(request->headers, "Host"), "abc.execute-api.us-east-1.amazonaws.com");
    EXPECT_EQ(request->body, R"({"n":1})");
    EXPECT_FALSE(aws::gateway_is_signed(json(R"({"AuthType": "NO_AUTH"})")));
    EXPECT_TRUE(aws::gateway_is_signed(json(R"({"AuthType": "RESOURCE_POLICY"})")));
    const auto failed = aws::decode_gateway({403, "Forbidden", {}, R"({"message":"Forbidden"})"});
    ASSERT_FALSE(failed);
    const auto call = *find_call("arn:aws:states:::apigateway:invoke");
    EXPECT_EQ(aws::service_error(call, failed.error()).name, "ApiGateway.403");
}

TEST(Protocols, ApisOfAwsAreAtTheirOwnHostsOnly) {
    aws::Endpoint endpoint;
    const auto why = [&](const std::string& host, const std::string& more) {
        const auto request =
            aws::encode_gateway(json(R"({"ApiEndpoint": ")" + host + R"(", "Method": "GET")" + more + "}"), endpoint);
        return request ? std::string{} : request.error();
    };
    EXPECT_EQ(why("127.0.0.1:8080", ""), "") << "a stand-in is told any host";
    endpoint.real = true;
    for (const auto* host :
         {"abc123.execute-api.us-east-1.amazonaws.com", "a-vpce-1.execute-api.eu-west-1.amazonaws.com",
          "a.execute-api.cn-north-1.amazonaws.com.cn", "a.execute-api.us-east-1.vpce.amazonaws.com"}) {
        EXPECT_EQ(why(host, ""), "") << host;
    }
    for (const auto* host : {"127.0.0.1:8080", "localhost", "a.execute-api.us-east-1.example.com",
                             "a.execute-api.us-east-1.amazonaws.com.example.com", "x.amazonaws.com",
                             "a.execute-api.b.s3.amazonaws.com", ".execute-api.us-east-1.amazonaws.com"}) {
        EXPECT_EQ(why(host, ""),
                  "The value for the field 'ApiEndpoint' must be a host such as ID.execute-api.REGION.amazonaws.com")
            << host;
    }
    const std::string host = "a.execute-api.us-east-1.amazonaws.com";
    EXPECT_EQ(why(host, R"(, "Headers": {"Authorization": ["x"], "A": ["y"], "X-Amz-Date": ["z"]})"),
              "The 'Headers' field contains unsupported values: [authorization, x-amz-date]");
    EXPECT_EQ(why(host, R"(, "AuthType": "SOME")"),
              "The value for the field 'AuthType' must be NO_AUTH, IAM_ROLE or RESOURCE_POLICY");
}

TEST(Protocols, SqsListsAndMapsHadNamesOfTheirOwn) {
    const auto call = [](const char* action) {
        return *find_call(std::string{"arn:aws:states:::aws-sdk:sqs:"} + action);
    };
    const auto body = [&](const char* action, const char* parameters) {
        const auto request = aws::encode_sqs_query(call(action), json(parameters));
        return request ? request->body.substr(request->body.find("2012-11-05") + 11) : request.error();
    };
    EXPECT_EQ(
        body("sendMessageBatch", R"({"Entries": [{"Id": "1", "MessageAttributes": {"k": {"DataType": "String"}}}]})"),
        "SendMessageBatchRequestEntry.1.Id=1&SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=k&"
        "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=String");
    EXPECT_EQ(body("tagQueue", R"({"Tags": {"a": "b"}})"), "Tag.1.Key=a&Tag.1.Value=b");
    EXPECT_EQ(body("setQueueAttributes", R"({"Attributes": {"a": "b"}})"), "Attribute.1.Name=a&Attribute.1.Value=b");
    EXPECT_EQ(body("receiveMessage", R"({"AttributeNames": ["All"]})"), "AttributeName.1=All");
    EXPECT_EQ(body("addPermission", R"({"Actions": ["SendMessage"]})"), "ActionName.1=SendMessage");

    const auto answered = [&](const char* action, const std::string& result) {
        const auto pascal = call(action).action;
        const auto answer = aws::decode_sqs_query(
            call(action), {200, "", {}, "<R><" + pascal + "Result>" + result + "</" + pascal + "Result></R>"});
        return answer ? to_text(*answer) : answer.error().message;
    };
    EXPECT_EQ(answered("receiveMessage",
                       "<Message><Body>a</Body><Attribute><Name>n</Name><Value>v</Value></Attribute></Message>"),
              R"({"Messages":[{"Body":"a","Attributes":{"n":"v"}}]})");
    EXPECT_EQ(answered("receiveMessage", ""), "{}");
    EXPECT_EQ(answered("sendMessageBatch",
                       "<SendMessageBatchResultEntry><Id>1</Id></SendMessageBatchResultEntry>"
                       "<BatchResultErrorEntry><SenderFault>true</SenderFault></BatchResultErrorEntry>"),
              R"({"Successful":[{"Id":"1"}],"Failed":[{"SenderFault":true}]})");
    EXPECT_EQ(answered("listQueues", "<QueueUrl>u</QueueUrl>"), R"({"QueueUrls":["u"]})");
    EXPECT_EQ(answered("getQueueUrl", "<QueueUrl>u</QueueUrl>"), R"({"QueueUrl":"u"})");
}

TEST(Protocols, AnEmptyListOfXmlIsAList) {
    const auto shown = [](const char* resource, const char* text) {
        const auto answer = aws::decode_query(*find_call(resource), {200, "", {}, text});
        return answer ? to_text(*answer) : answer.error().message;
    };
    EXPECT_EQ(shown("arn:aws:states:::aws-sdk:sns:listTopics",
                    "<R><ListTopicsResult><Topics/><NextToken/></ListTopicsResult></R>"),
              R"({"Topics":[],"NextToken":""})");
    EXPECT_EQ(
        shown("arn:aws:states:::aws-sdk:cloudformation:describeStacks",
              "<R><DescribeStacksResult><Stacks><member><Tags> </Tags></member></Stacks></DescribeStacksResult></R>"),
        R"({"Stacks":[{"Tags":[]}]})");
}

struct ErrorCase {
    const char* resource;
    const char* code;
    const char* name;
};
TEST(Protocols, ErrorsAreNamedAsTheSdkNamesThem) {
    for (const auto& [resource, code, name] : {
             ErrorCase{"ssm:getParameter", "ParameterNotFound", "Ssm.ParameterNotFoundException"},
             ErrorCase{"ssm:getParameter", "ThrottlingException", "Ssm.SsmException"},
             ErrorCase{"sagemaker:describeModel", "ResourceNotFound", "SageMaker.ResourceNotFoundException"},
             ErrorCase{"textract:analyzeDocument", "ThrottlingException", "Textract.ThrottlingException"},
             ErrorCase{"acm:listCertificates", "ValidationException", "Acm.ValidationException"},
             ErrorCase{"secretsmanager:createSecret", "ValidationException", "SecretsManager.SecretsManagerException"},
             ErrorCase{"secretsmanager:createSecret", "", "SecretsManager.SecretsManagerException"},
             ErrorCase{"secretsmanager:createSecret", "<html>", "SecretsManager.SecretsManagerException"},
             ErrorCase{"dynamodb:getItem", "ValidationException", "DynamoDb.DynamoDbException"},
         }) {
        const auto call = *find_call(std::string{"arn:aws:states:::aws-sdk:"} + resource);
        aws::ServiceError error;
        error.shape = error.code = code;
        EXPECT_EQ(aws::service_error(call, error).name, name) << resource << " " << code;
    }
    const auto of_xml = [](const char* resource, const std::string& code) {
        const auto call = *find_call(std::string{"arn:aws:states:::aws-sdk:"} + resource);
        const auto answer = aws::decode_query(
            call, {400, "", {}, "<ErrorResponse><Error><Code>" + code + "</Code></Error></ErrorResponse>"});
        return answer ? std::string{} : aws::service_error(call, answer.error()).name;
    };
    EXPECT_EQ(of_xml("sts:assumeRole", "PackedPolicyTooLarge"), "Sts.PackedPolicyTooLargeException");
    EXPECT_EQ(of_xml("sts:assumeRole", "AccessDenied"), "Sts.StsException");
    EXPECT_EQ(of_xml("cloudformation:describeStacks", "ValidationError"), "CloudFormation.CloudFormationException");
    EXPECT_EQ(of_xml("cloudformation:describeChangeSet", "ChangeSetNotFound"),
              "CloudFormation.ChangeSetNotFoundException");
    EXPECT_EQ(of_xml("cloudwatch:getDashboard", "InternalServiceError"), "CloudWatch.InternalServiceException");
    EXPECT_EQ(of_xml("cloudwatch:putMetricData", "MissingParameter"), "CloudWatch.MissingRequiredParameterException");
}

TEST(Protocols, BytesThatAreNoTextBecomeText) {
    aws::Endpoint endpoint;
    const auto invoked =
        aws::decode(*find_call("arn:aws:states:::aws-sdk:lambda:invoke"), {200, "OK", {}, "\xff"}, endpoint);
    ASSERT_TRUE(invoked);
    EXPECT_EQ(invoked->at("Payload"), "\uFFFD");
    const auto object =
        aws::decode(*find_call("arn:aws:states:::aws-sdk:s3:getObject"), {200, "OK", {}, "a\xff"}, endpoint);
    ASSERT_TRUE(object);
    EXPECT_EQ(object->at("Body"), "a\uFFFD");
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
                                "::", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1",
                                "fec0::1", "64:ff9b:1::808:808", "100.100.100.201"}) {
        EXPECT_EQ(kind_of(address), AddressKind::Private) << address;
    }
    for (const auto* address :
         {"169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254", "nonsense", "fd00:ec2::254",
          "fd00:ec2::23", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "::ffff:168.63.129.16", "192.0.0.192"}) {
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

Result<HttpTaskRequest, std::string> http_task(const std::string& more, const std::string& connection = "{}") {
    const auto connections = HttpConnections::parse(R"({"connections": {"c": )" + connection + "}}");
    return read_http_task(json(R"({"Method": "GET", "Authentication": {"ConnectionArn": "c"}, )" + more + "}"),
                          *connections->find("c"), "us-east-1");
}

TEST(HttpTasks, RefuseHeadersAndMembersThatThereAreNot) {
    const auto why = [](const std::string& more) {
        const auto request = http_task(R"("ApiEndpoint": "http://h/")" + more);
        return request ? std::string{} : request.error();
    };
    EXPECT_EQ(why(R"(, "Headers": {"Accept": "text/plain"})"), "");
    EXPECT_EQ(why(R"(, "Headers": {"Via": "x", "Authorization": "y", "X-Amzn-A": "z"})"),
              "The 'Headers' field contains unsupported values: [authorization, via, x-amzn-a]");
    EXPECT_EQ(why(R"(, "Body": {})"), "The field \"Body\" is not supported by Step Functions");
}

TEST(HttpTasks, AConnectionsQueryGoesBeforeThatOfTheEndpoint) {
    const std::string connection = R"({"query": {"v": "2", "w w": "3"}})";
    const auto url = [&](const std::string& endpoint) {
        return http_task(R"("ApiEndpoint": ")" + endpoint + "\"", connection)->request.url;
    };
    EXPECT_EQ(url("http://h/p?v=1&a=%20b&%76=9&v&w+w=1"), "http://h/p?a=%20b&v=2&w%20w=3");
    EXPECT_EQ(url("http://h/p?v=1"), "http://h/p?v=2&w%20w=3");
    EXPECT_EQ(url("http://h/p?%=%zz"), "http://h/p?%=%zz&v=2&w%20w=3");
    EXPECT_EQ(http_task(R"("ApiEndpoint": "http://h/p?v=1&&")")->request.url, "http://h/p?v=1&&");
}

TEST(Texts, AreCutBetweenCharactersAndCountedAsJavaDoes) {
    EXPECT_EQ(first_characters("aüb", 2), "aü");
    EXPECT_EQ(first_characters("aüb", 1), "a");
    EXPECT_EQ(first_characters("a\U0001F600b", 2), "a") << "two units, as in Java";
    EXPECT_EQ(first_characters("ab", 9), "ab");
    EXPECT_EQ(cut_before("aüb", 2), 1u);
    EXPECT_EQ(cut_before("aüb", 3), 3u);
    EXPECT_EQ(valid_utf8("a\xc3"), "a\uFFFD");
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
