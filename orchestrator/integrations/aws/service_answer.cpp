#include "orchestrator/integrations/aws/service_answer.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/names.hpp"
#include "states/error_names.hpp"

namespace pawl::aws {
namespace {

// Members of an API that are texts, but may be any value in a workflow.
struct TextMember {
    std::string_view service;
    std::string_view member;
};
constexpr std::array text_members{TextMember{"sqs", "MessageBody"}, TextMember{"sns", "Message"}};

struct Required {
    std::string_view resource;
    std::vector<const char*> members;
};
const std::array required{
    Required{"sqs:sendMessage", {"QueueUrl", "MessageBody"}},
    Required{"sns:publish", {"Message"}},
    Required{"events:putEvents", {"Entries"}},
    Required{"dynamodb:getItem", {"TableName", "Key"}},
    Required{"dynamodb:putItem", {"TableName"}},
    Required{"dynamodb:updateItem", {"TableName", "Key"}},
    Required{"dynamodb:deleteItem", {"TableName", "Key"}},
};

void prepare_event(Json& event) {
    if (!event.is_object()) return;
    if (const auto detail = event.find("Detail"); detail != event.end() && detail->is_structured()) {
        *detail = to_text(*detail);
    }
    if (const auto time = event.find("Time"); time != event.end() && time->is_string()) {
        if (const auto at = parse_iso8601(time->get<std::string>())) {
            *time = static_cast<double>(at->time_since_epoch().count()) / 1000;
        }
    }
}

}  // namespace

Json with_metadata(Json result, const HttpAnswer& answer) {
    const auto request_id = header_of(answer.headers, "x-amzn-RequestId");
    sdk::add_metadata(result, answer.headers, answer.status, request_id.empty() ? new_uuid() : request_id);
    return result;
}

AslError service_error(const Call& call, const ServiceError& error) {
    const auto& service = *call.service;
    const std::string prefix{call.optimized ? call.optimized->error_prefix : service.error_prefix};
    if (service.protocol == Protocol::Gateway) return {prefix + "." + error.shape, error.message};
    const auto base = call.optimized ? std::string{call.optimized->base_exception} : prefix + "Exception";
    auto name = is_described_error(service, error.shape) ? error.shape : base;
    if (name.ends_with("Fault")) name.resize(name.size() - 5);  // as the SDK for Java names its classes
    if (!name.ends_with("Exception")) name += "Exception";
    const auto status = std::to_string(error.status);
    if (call.optimized && !call.optimized->service_sentence.empty()) {
        return {prefix + "." + name, error.message + " (Service: " + std::string{call.optimized->service_sentence} +
                                         "; Status Code: " + status + "; Error Code: " + error.code +
                                         "; Request ID: " + error.request_id + "; Proxy: null)"};
    }
    auto sentence = error.message + " (Service: " + std::string{service.error_prefix} + ", Status Code: " + status +
                    ", Request ID: " + error.request_id;
    if (!error.extended_request_id.empty()) sentence += ", Extended Request ID: " + error.extended_request_id;
    return {prefix + "." + name, sentence + ")"};
}

AslError transport_error(const Call& call, const HttpFailure& failure) {
    if (failure.kind == HttpFailure::Kind::TooLarge) {
        return {std::string{error::data_limit_exceeded}, failure.message};
    }
    const std::string prefix{call.optimized ? call.optimized->error_prefix : call.service->error_prefix};
    return {prefix + ".SdkClientException", "Unable to execute HTTP request: " + failure.message};
}

Result<Json, std::string> prepared(const Call& call, const Json& parameters) {
    if (!parameters.is_object()) return std::string{"The parameters must be an object"};
    Json result = Json::object();
    for (const auto& [name, value] : parameters.items()) {
        if (value.is_null()) continue;
        const auto is_text = [&, &key = name](const TextMember& known) {
            return known.service == call.service->name && known.member == key;
        };
        result[name] = std::ranges::any_of(text_members, is_text) ? Json(as_text(value)) : value;
    }
    if (call.service->name == "eventbridge" && result.contains("Entries") && result["Entries"].is_array()) {
        for (auto& event : result["Entries"]) prepare_event(event);
    }
    if (!call.optimized) return result;
    const auto rule = std::ranges::find(required, call.optimized->resource, &Required::resource);
    if (rule == required.end()) return result;
    for (const auto* member : rule->members) {
        if (!result.contains(member)) return "The field '" + std::string{member} + "' is required but was missing";
    }
    return result;
}

void name_origin(Json& parameters, const std::string& execution_arn) {
    const auto entries = parameters.find("Entries");
    if (entries == parameters.end() || !entries->is_array()) return;
    for (auto& event : *entries) {
        if (!event.is_object()) continue;
        auto resources =
            event.contains("Resources") && event["Resources"].is_array() ? event["Resources"] : Json::array();
        resources.push_back(execution_arn);
        resources.push_back(machine_arn_of(execution_arn));
        event["Resources"] = std::move(resources);
    }
}

}  // namespace pawl::aws
