#include "cli/templates/resource_names.hpp"

#include <array>

namespace pawl::templates {
namespace {

constexpr std::string_view name = "{name}";
constexpr std::string_view function_arn = "arn:{partition}:lambda:{region}:{account}:function:{name}";
constexpr std::string_view machine_arn = "arn:{partition}:states:{region}:{account}:stateMachine:{name}";
constexpr std::string_view activity_arn = "arn:{partition}:states:{region}:{account}:activity:{name}";
constexpr std::string_view topic_arn = "arn:{partition}:sns:{region}:{account}:{name}";
constexpr std::string_view table_arn = "arn:{partition}:dynamodb:{region}:{account}:table/{name}";

// clang-format off
constexpr std::array kinds{
    ResourceKind{"AWS::Serverless::Function",       "FunctionName",     name,         function_arn},
    ResourceKind{"AWS::Lambda::Function",           "FunctionName",     name,         function_arn},
    ResourceKind{"AWS::Serverless::StateMachine",   "Name",             machine_arn,  machine_arn},
    ResourceKind{"AWS::StepFunctions::StateMachine", "StateMachineName", machine_arn, machine_arn},
    ResourceKind{"AWS::StepFunctions::Activity",    "Name",             activity_arn, activity_arn},
    ResourceKind{"AWS::SQS::Queue",                 "QueueName",        "https://sqs.{region}.amazonaws.com/{account}/{name}",
                                                                        "arn:{partition}:sqs:{region}:{account}:{name}"},
    ResourceKind{"AWS::SNS::Topic",                 "TopicName",        topic_arn,    topic_arn},
    ResourceKind{"AWS::DynamoDB::Table",            "TableName",        name,         table_arn},
    ResourceKind{"AWS::Serverless::SimpleTable",    "TableName",        name,         table_arn},
    ResourceKind{"AWS::S3::Bucket",                 "BucketName",       name,         "arn:{partition}:s3:::{name}"},
    ResourceKind{"AWS::IAM::Role",                  "RoleName",         name,         "arn:{partition}:iam::{account}:role/{name}"},
    ResourceKind{"AWS::Events::EventBus",           "Name",             name,         "arn:{partition}:events:{region}:{account}:event-bus/{name}"},
    ResourceKind{"AWS::Logs::LogGroup",             "LogGroupName",     name,         "arn:{partition}:logs:{region}:{account}:log-group:{name}:*"},
};
// clang-format on
constexpr ResourceKind other{"", "", name, "arn:{partition}:cloudformation:{region}:{account}:resource/{name}"};

}  // namespace

const ResourceKind& kind_of(std::string_view type) {
    for (const auto& kind : kinds) {
        if (kind.type == type) return kind;
    }
    return other;
}

}  // namespace pawl::templates
