// The services of AWS that workflows may call, and how each is spoken to: a table. Spec: the services' API references;
// AWS Step Functions Developer Guide, "Supported AWS SDK service integrations" (names and error prefixes).
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pawl::aws {

enum class Protocol {
    Json,      // POST / with X-Amz-Target and a JSON body
    Query,     // POST / with Action=… in a form; answers in XML
    RestJson,  // method and path of an operation, JSON bodies; see rest_json.cpp
    S3,        // REST with XML
    Gateway,   // API Gateway's invoke: any HTTP request
};

struct Service {
    std::string_view name;         // aws-sdk:NAME:action, and its key in the endpoints file
    std::string_view environment;  // AWS_ENDPOINT_URL_ENVIRONMENT
    std::string_view host;         // HOST.REGION.amazonaws.com
    std::string_view signing_name;
    std::string_view error_prefix;  // "DynamoDb": of aws-sdk errors
    Protocol protocol;
    std::string_view target;        // Json: the prefix of X-Amz-Target; Query: the API's version
    std::string_view json_version;  // "1.0", "1.1"
    bool lower_members = false;     // members are camelCase on the wire, though PascalCase in workflows
};

std::span<const Service> services();
const Service* find_service(std::string_view name);

// The optimized integrations: arn:aws:states:::SERVICE:ACTION. Their errors are worded as older SDKs did.
struct Optimized {
    std::string_view resource;  // "sqs:sendMessage"
    std::string_view service;   // its name in the table of services
    std::string_view error_prefix;
    std::string_view service_sentence;  // "(Service: AmazonSQS; …"; empty: errors read as those of aws-sdk
    std::string_view base_exception;    // for errors that the service's API does not describe
    bool token;                         // .waitForTaskToken
    bool metadata;                      // the result has SdkHttpMetadata and SdkResponseMetadata
};

std::span<const Optimized> optimized_integrations();

// What a resource asks for.
struct Call {
    const Service* service = nullptr;
    const Optimized* optimized = nullptr;  // null: aws-sdk
    std::string action;                    // "SendMessage"
    bool waits = false;                    // for a task token
};
// Nothing for what is no service call of this table.
std::optional<Call> find_call(std::string_view resource);

// Whether a resource has the form of a service call, known or not: "aws-sdk:…", or an optimized service's name.
bool is_service_call(std::string_view resource);

// Of a resource that has the form and is not in the table: whether AWS has no such call either. Of the optimized
// services it has what the table has; by their SDKs nothing is waited for but a task token.
bool is_no_call_of_aws(std::string_view resource);

// Whether an API describes an error by this code; others are given the name of their service's base exception.
bool is_described_error(const Service& service, std::string_view code);

}  // namespace pawl::aws
