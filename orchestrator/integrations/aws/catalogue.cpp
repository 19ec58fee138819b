#include "orchestrator/integrations/aws/catalogue.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "states/integration_pattern.hpp"

namespace pawl::aws {
namespace {

constexpr std::string_view prefix = "arn:aws:states:::";
constexpr std::string_view sdk_prefix = "aws-sdk:";
constexpr std::string_view token_suffix = ".waitForTaskToken";

// clang-format off
constexpr auto all_services = std::to_array<Service>({
    // name                     environment                    host                     signing             errors                     protocol            target                                        version
    {"apigateway",              "API_GATEWAY",                 "execute-api",           "execute-api",      "ApiGateway",              Protocol::Gateway,  "", ""},
    {"athena",                  "ATHENA",                      "athena",                "athena",           "Athena",                  Protocol::Json,     "AmazonAthena",                               "1.1"},
    {"acm",                     "ACM",                         "acm",                   "acm",              "Acm",                     Protocol::Json,     "CertificateManager",                         "1.1"},
    {"batch",                   "BATCH",                       "batch",                 "batch",            "Batch",                   Protocol::RestJson, "", "", true},
    {"cloudformation",          "CLOUDFORMATION",              "cloudformation",        "cloudformation",   "CloudFormation",          Protocol::Query,    "2010-05-15", ""},
    {"cloudtrail",              "CLOUDTRAIL",                  "cloudtrail",            "cloudtrail",       "CloudTrail",              Protocol::Json,     "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", "1.1"},
    {"cloudwatch",              "CLOUDWATCH",                  "monitoring",            "monitoring",       "CloudWatch",              Protocol::Query,    "2010-08-01", ""},
    {"cloudwatchlogs",          "CLOUDWATCH_LOGS",             "logs",                  "logs",             "CloudWatchLogs",          Protocol::Json,     "Logs_20140328",                              "1.1", true},
    {"codebuild",               "CODEBUILD",                   "codebuild",             "codebuild",        "CodeBuild",               Protocol::Json,     "CodeBuild_20161006",                         "1.1", true},
    {"cognitoidentityprovider", "COGNITO_IDENTITY_PROVIDER",   "cognito-idp",           "cognito-idp",      "CognitoIdentityProvider", Protocol::Json,     "AWSCognitoIdentityProviderService",          "1.1"},
    {"comprehend",              "COMPREHEND",                  "comprehend",            "comprehend",       "Comprehend",              Protocol::Json,     "Comprehend_20171127",                        "1.1"},
    {"dynamodb",                "DYNAMODB",                    "dynamodb",              "dynamodb",         "DynamoDb",                Protocol::Json,     "DynamoDB_20120810",                          "1.0"},
    {"dynamodbstreams",         "DYNAMODB_STREAMS",            "streams.dynamodb",      "dynamodb",         "DynamoDbStreams",         Protocol::Json,     "DynamoDBStreams_20120810",                   "1.0"},
    {"ecs",                     "ECS",                         "ecs",                   "ecs",              "Ecs",                     Protocol::Json,     "AmazonEC2ContainerServiceV20141113",         "1.1", true},
    {"emr",                     "EMR",                         "elasticmapreduce",      "elasticmapreduce", "Emr",                     Protocol::Json,     "ElasticMapReduce",                           "1.1"},
    {"eventbridge",             "EVENTBRIDGE",                 "events",                "events",           "EventBridge",             Protocol::Json,     "AWSEvents",                                  "1.1"},
    {"firehose",                "FIREHOSE",                    "firehose",              "firehose",         "Firehose",                Protocol::Json,     "Firehose_20150804",                          "1.1"},
    {"glue",                    "GLUE",                        "glue",                  "glue",             "Glue",                    Protocol::Json,     "AWSGlue",                                    "1.1"},
    {"kinesis",                 "KINESIS",                     "kinesis",               "kinesis",          "Kinesis",                 Protocol::Json,     "Kinesis_20131202",                           "1.1"},
    {"kms",                     "KMS",                         "kms",                   "kms",              "Kms",                     Protocol::Json,     "TrentService",                               "1.1"},
    {"lambda",                  "LAMBDA",                      "lambda",                "lambda",           "Lambda",                  Protocol::RestJson, "", ""},
    {"rdsdata",                 "RDS_DATA",                    "rds-data",              "rds-data",         "RdsData",                 Protocol::RestJson, "", "", true},
    {"rekognition",             "REKOGNITION",                 "rekognition",           "rekognition",      "Rekognition",             Protocol::Json,     "RekognitionService",                         "1.1"},
    {"s3",                      "S3",                          "s3",                    "s3",               "S3",                      Protocol::S3,       "", ""},
    {"sagemaker",               "SAGEMAKER",                   "api.sagemaker",         "sagemaker",        "SageMaker",               Protocol::Json,     "SageMaker",                                  "1.1"},
    {"scheduler",               "SCHEDULER",                   "scheduler",             "scheduler",        "Scheduler",               Protocol::RestJson, "", ""},
    {"secretsmanager",          "SECRETS_MANAGER",             "secretsmanager",        "secretsmanager",   "SecretsManager",          Protocol::Json,     "secretsmanager",                             "1.1"},
    {"servicediscovery",        "SERVICEDISCOVERY",            "servicediscovery",      "servicediscovery", "ServiceDiscovery",        Protocol::Json,     "Route53AutoNaming_v20170314",                "1.1"},
    {"sns",                     "SNS",                         "sns",                   "sns",              "Sns",                     Protocol::Query,    "2010-03-31", ""},
    {"sqs",                     "SQS",                         "sqs",                   "sqs",              "Sqs",                     Protocol::Json,     "AmazonSQS",                                  "1.0"},
    {"ssm",                     "SSM",                         "ssm",                   "ssm",              "Ssm",                     Protocol::Json,     "AmazonSSM",                                  "1.1"},
    {"sts",                     "STS",                         "sts",                   "sts",              "Sts",                     Protocol::Query,    "2011-06-15", ""},
    {"textract",                "TEXTRACT",                    "textract",              "textract",         "Textract",                Protocol::Json,     "Textract",                                   "1.1"},
    {"transcribe",              "TRANSCRIBE",                  "transcribe",            "transcribe",       "Transcribe",              Protocol::Json,     "Transcribe",                                 "1.1"},
    {"translate",               "TRANSLATE",                   "translate",             "translate",        "Translate",               Protocol::Json,     "AWSShineFrontendService_20170701",           "1.1"},
});

constexpr auto all_optimized = std::to_array<Optimized>({
    // resource              service        errors         sentence             base                      token  metadata
    {"apigateway:invoke",    "apigateway",  "ApiGateway",  "",                  "ApiGatewayException",     true,  false},
    {"dynamodb:getItem",     "dynamodb",    "DynamoDB",    "AmazonDynamoDBv2",  "AmazonDynamoDBException", false, true},
    {"dynamodb:putItem",     "dynamodb",    "DynamoDB",    "AmazonDynamoDBv2",  "AmazonDynamoDBException", false, true},
    {"dynamodb:updateItem",  "dynamodb",    "DynamoDB",    "AmazonDynamoDBv2",  "AmazonDynamoDBException", false, true},
    {"dynamodb:deleteItem",  "dynamodb",    "DynamoDB",    "AmazonDynamoDBv2",  "AmazonDynamoDBException", false, true},
    {"events:putEvents",     "eventbridge", "EventBridge", "",                  "EventBridgeException",    true,  false},
    {"sns:publish",          "sns",         "SNS",         "AmazonSNS",         "AmazonSNSException",      true,  true},
    {"sqs:sendMessage",      "sqs",         "SQS",         "AmazonSQS",         "AmazonSQSException",      true,  true},
});

// The errors that an API describes. Services that are not here: every code that is not common.
struct Described { std::string_view service; std::vector<std::string_view> codes; };
const std::array described{
    Described{"dynamodb", {"BackupInUseException", "BackupNotFoundException", "ConditionalCheckFailedException", "ContinuousBackupsUnavailableException",
                           "DuplicateItemException", "ExportConflictException", "ExportNotFoundException", "GlobalTableAlreadyExistsException",
                           "GlobalTableNotFoundException", "IdempotentParameterMismatchException", "ImportConflictException", "ImportNotFoundException",
                           "IndexNotFoundException", "InternalServerError", "InvalidExportTimeException", "InvalidRestoreTimeException", "ItemCollectionSizeLimitExceededException", "LimitExceededException",
                           "PointInTimeRecoveryUnavailableException", "ReplicaAlreadyExistsException", "ReplicaNotFoundException",
                           "ProvisionedThroughputExceededException", "ReplicatedWriteConflictException", "RequestLimitExceeded", "ResourceInUseException",
                           "ResourceNotFoundException", "TableAlreadyExistsException", "TableInUseException", "TableNotFoundException",
                           "TransactionCanceledException", "TransactionConflictException", "TransactionInProgressException"}},
    Described{"s3",       {"BucketAlreadyExists", "BucketAlreadyOwnedByYou", "InvalidObjectState", "NoSuchBucket", "NoSuchKey", "NoSuchUpload",
                           "ObjectAlreadyInActiveTierError", "ObjectNotInActiveTierError", "InvalidRequest", "InvalidWriteOffset", "TooManyParts",
                           "EncryptionTypeMismatch", "IdempotencyParameterMismatch"}},
    Described{"sns",      {"AuthorizationError", "EndpointDisabled", "FilterPolicyLimitExceeded", "InternalError", "InvalidParameter", "InvalidParameterValue",
                           "InvalidSecurity", "KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound", "KMSOptInRequired", "KMSThrottling",
                           "NotFound", "PlatformApplicationDisabled", "SubscriptionLimitExceeded", "Throttled", "TopicLimitExceeded", "ValidationException",
                           "BatchEntryIdsNotDistinct", "BatchRequestTooLong", "EmptyBatchRequest", "TooManyEntriesInBatchRequest", "InvalidBatchEntryId",
                           "ConcurrentAccess", "OptedOut", "ResourceNotFound", "StaleTag", "TagLimitExceeded", "TagPolicy", "UserError",
                           "VerificationException"}},
    Described{"sqs",      {"BatchEntryIdsNotDistinct", "BatchRequestTooLong", "EmptyBatchRequest", "InvalidAddress", "InvalidAttributeName",
                           "InvalidAttributeValue", "InvalidBatchEntryId", "InvalidIdFormat", "InvalidMessageContents", "InvalidSecurity", "KmsAccessDenied",
                           "KmsDisabled", "KmsInvalidKeyUsage", "KmsInvalidState", "KmsNotFound", "KmsOptInRequired", "KmsThrottled", "MessageNotInflight",
                           "OverLimit", "PurgeQueueInProgress", "QueueDeletedRecently", "QueueDoesNotExist", "QueueNameExists", "ReceiptHandleIsInvalid",
                           "RequestThrottled", "ResourceNotFoundException", "TooManyEntriesInBatchRequest", "UnsupportedOperation"}},
};

// What any service may say, and no API describes as its own.
constexpr auto common = std::to_array<std::string_view>({
    "AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "IncompleteSignatureException",
    "InternalError", "InternalFailure", "InternalFailureException", "InternalServerError", "InvalidAction", "InvalidClientTokenId",
    "InvalidParameterCombination", "InvalidParameterValue", "InvalidQueryParameter", "InvalidSignatureException", "MalformedQueryString",
    "MissingAction", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "MissingParameter", "NotAuthorized", "OptInRequired",
    "RequestExpired", "RequestThrottled", "RequestThrottledException", "SerializationException", "ServiceUnavailable",
    "ServiceUnavailableException", "SignatureDoesNotMatch", "ThrottledException", "Throttling", "ThrottlingException",
    "UnknownOperationException", "UnrecognizedClientException", "ValidationError", "ValidationException"});

// Those of them that an API describes all the same.
const std::array own_common{
    Described{"acm",             {"AccessDeniedException", "ThrottlingException", "ValidationException"}},
    Described{"cloudwatch",      {"InvalidParameterCombination", "InvalidParameterValue"}},
    Described{"cloudwatchlogs",  {"ServiceUnavailableException", "UnrecognizedClientException"}},
    Described{"dynamodbstreams", {"InternalServerError"}},
    Described{"ecs",             {"AccessDeniedException"}},
    Described{"emr",             {"InternalServerError"}},
    Described{"firehose",        {"ServiceUnavailableException"}},
    Described{"glue",            {"AccessDeniedException", "ValidationException"}},
    Described{"kinesis",         {"InternalFailureException", "ValidationException"}},
    Described{"rdsdata",         {"AccessDeniedException"}},
    Described{"rekognition",     {"AccessDeniedException", "InternalServerError", "ThrottlingException"}},
    Described{"scheduler",       {"ThrottlingException", "ValidationException"}},
    Described{"ssm",             {"InternalServerError"}},
    Described{"sts",             {"ExpiredTokenException"}},
    Described{"textract",        {"AccessDeniedException", "InternalServerError", "ThrottlingException"}},
    Described{"transcribe",      {"InternalFailureException"}},
    Described{"translate",       {"ServiceUnavailableException"}},
};
// clang-format on

std::string pascal(std::string_view action) {
    std::string text{action};
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 32);
    return text;
}

bool is_alphanumeric(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

template <std::size_t N>
bool has_code(const std::array<Described, N>& table, std::string_view service, std::string_view code) {
    const auto own = std::ranges::find(table, service, &Described::service);
    return own != table.end() && std::ranges::find(own->codes, code) != own->codes.end();
}

std::string_view without_prefix(std::string_view resource) {
    return resource.starts_with(prefix) ? resource.substr(prefix.size()) : std::string_view{};
}

}  // namespace

std::span<const Service> services() { return all_services; }

std::span<const Optimized> optimized_integrations() { return all_optimized; }

const Service* find_service(std::string_view name) {
    const auto found = std::ranges::find(all_services, name, &Service::name);
    return found == all_services.end() ? nullptr : &*found;
}

std::optional<Call> find_call(std::string_view resource) {
    auto rest = without_prefix(resource);
    Call call;
    call.waits = rest.ends_with(token_suffix);
    if (call.waits) rest.remove_suffix(token_suffix.size());
    const auto colon = rest.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    if (rest.starts_with(sdk_prefix)) {
        call.service = find_service(rest.substr(sdk_prefix.size(), colon - std::min(colon, sdk_prefix.size())));
        if (!call.service || call.service->protocol == Protocol::Gateway || colon < sdk_prefix.size())
            return std::nullopt;
        const auto action = rest.substr(colon + 1);
        if (!is_alphanumeric(action) || action.front() < 'a' || action.front() > 'z') return std::nullopt;
        call.action = pascal(action);
        return call;
    }
    const auto found = std::ranges::find(all_optimized, rest, &Optimized::resource);
    if (found == all_optimized.end() || (call.waits && !found->token)) return std::nullopt;
    call.optimized = &*found;
    call.service = find_service(found->service);
    call.action = pascal(rest.substr(colon + 1));
    return call;
}

bool is_service_call(std::string_view resource) {
    const auto rest = without_prefix(resource);
    const auto service = rest.substr(0, rest.find(':'));
    return rest.starts_with(sdk_prefix) || std::ranges::any_of(all_optimized, [&](const auto& optimized) {
               return optimized.resource.substr(0, optimized.resource.find(':')) == service;
           });
}

bool is_no_call_of_aws(std::string_view resource) {
    return !without_prefix(resource).starts_with(sdk_prefix) ||
           integration_pattern(resource) == IntegrationPattern::RunAJob;
}

bool is_described_error(const Service& service, std::string_view code) {
    if (std::ranges::find(described, service.name, &Described::service) != described.end()) {
        return has_code(described, service.name, code);
    }
    if (std::ranges::find(common, code) != common.end()) return has_code(own_common, service.name, code);
    return is_alphanumeric(code);
}

}  // namespace pawl::aws
