// A recorded event as AWS shows it in GetExecutionHistory.
// Spec: AWS Step Functions API Reference, "HistoryEvent" and its ...EventDetails.
#pragma once
#include <string_view>

#include "states/event.hpp"
#include "states/json.hpp"

namespace pawl::web::aws {

struct HistoryOptions {
    std::string_view region;
    bool include_execution_data = true;  // false: without inputs, outputs, parameters and variables
};

// Of a shown event (id > 0).
Json history_event(const RecordedEvent& recorded, const HistoryOptions& options);

// "arn:aws:states:::lambda:invoke.waitForTaskToken" is resource "invoke.waitForTaskToken" of type "lambda";
// "arn:aws:states:::aws-sdk:sqs:sendMessage" is "sendMessage" of "aws-sdk:sqs".
struct ServiceResource {
    std::string_view type;
    std::string_view resource;
};
ServiceResource service_resource(std::string_view resource_arn);

}  // namespace pawl::web::aws
