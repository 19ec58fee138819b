// The Query protocol: a form with Action and Version, and answers in XML. Spec: Smithy, "AWS query protocol".
#include <algorithm>
#include <array>
#include <vector>

#include "orchestrator/integrations/aws/protocols.hpp"
#include "orchestrator/integrations/aws/xml_answer.hpp"

namespace pawl::aws {
namespace {

// Members that are maps, and what their entries' parts are called.
struct MapMember {
    std::string_view service;
    std::string_view member;
    std::string_view key;
    std::string_view value;
};
constexpr std::array maps{MapMember{"sns", "MessageAttributes", "Name", "Value"},
                          MapMember{"sns", "Attributes", "key", "value"}};

// Members of answers that are lists or maps, also when nothing is in them.
struct Members {
    std::string_view service;
    std::vector<std::string_view> lists;
    std::vector<std::string_view> maps;
};
// clang-format off
const std::array members{
    Members{"cloudformation", {"AccountLimits", "Accounts", "AllowedValues", "Capabilities", "Changes", "DeclaredTransforms", "Details", "Errors",
                               "Exports", "Hooks", "Imports", "LogicalResourceIds", "NotificationARNs", "OrganizationalUnitIds", "Outputs",
                               "ParameterOverrides", "Parameters", "PhysicalResourceIdContext", "PropertyDifferences", "RegionOrder",
                               "RegistrationTokenList", "RequiredActivatedTypes", "ResourceIdentifierSummaries", "ResourceIdentifiers", "ResourceTypes",
                               "RollbackTriggers", "Scope", "StackEvents", "StackResourceDrifts", "StackResourceSummaries", "StackResources",
                               "StackSummaries", "Stacks", "StagesAvailable", "Summaries", "SupportedMajorVersions", "Tags", "TypeConfigurations",
                               "TypeSummaries", "TypeVersionSummaries", "UnprocessedTypeConfigurations"}, {}},
    Members{"cloudwatch",     {"AdditionalStatistics", "AlarmActions", "AlarmHistoryItems", "AnomalyDetectors", "CompositeAlarms", "Contributors",
                               "DashboardEntries", "DashboardValidationMessages", "Datapoints", "Dimensions", "Entries", "ExcludeFilters",
                               "ExcludedTimeRanges", "Failures", "IncludeFilters", "IncludeMetrics", "InsightRules", "InsufficientDataActions",
                               "KeyLabels", "Keys", "ManagedRules", "Messages", "MetricAlarms", "MetricDataQueries", "MetricDataResults",
                               "MetricDatapoints", "Metrics", "OKActions", "OwningAccounts", "StatisticsConfigurations", "Tags", "Timestamps",
                               "Values"}, {"ExtendedStatistics"}},
    Members{"sns",            {"Endpoints", "Failed", "NumberCapabilities", "PhoneNumbers", "PlatformApplications", "Subscriptions", "Successful",
                               "Tags", "Topics", "phoneNumbers"}, {"Attributes", "attributes"}},
};

// Codes on the wire that are not what the API calls the error.
struct Renamed { std::string_view service, code, shape; };
constexpr std::array renamed{
    Renamed{"cloudformation", "ConditionalCheckFailed", "OperationStatusCheckFailedException"},
    Renamed{"cloudwatch",     "InternalServiceError",   "InternalServiceFault"},
    Renamed{"cloudwatch",     "InvalidParameterInput",  "DashboardInvalidInputError"},
    Renamed{"cloudwatch",     "MissingParameter",       "MissingRequiredParameterException"},
    Renamed{"cloudwatch",     "ResourceNotFound",       "DashboardNotFoundError"},
    Renamed{"sns",            "ParameterValueInvalid",  "InvalidParameterValue"},
    Renamed{"sqs",            "NonExistentQueue",       "QueueDoesNotExist"},
    Renamed{"sqs",            "QueueAlreadyExists",     "QueueNameExists"},
};
// clang-format on

std::string shape_of(const Service& service, std::string_view code) {
    constexpr std::string_view sqs = "AWS.SimpleQueueService.";
    if (code.starts_with(sqs)) code.remove_prefix(sqs.size());
    const auto found = std::ranges::find_if(
        renamed, [&](const auto& known) { return known.service == service.name && known.code == code; });
    return std::string{found == renamed.end() ? code : found->shape};
}

void flatten(const Service& service, const std::string& name, std::string_view member, const Json& value, Query& form) {
    if (value.is_null()) return;
    if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            flatten(service, name + ".member." + std::to_string(i + 1), {}, value[i], form);
        }
        return;
    }
    if (!value.is_object()) {
        form.emplace_back(name, as_text(value));
        return;
    }
    const auto map = std::ranges::find_if(
        maps, [&](const auto& known) { return known.service == service.name && known.member == member; });
    std::size_t entry = 0;
    for (const auto& [key, item] : value.items()) {
        if (map == maps.end()) {
            flatten(service, name + "." + key, key, item, form);
            continue;
        }
        const auto place = name + ".entry." + std::to_string(++entry) + ".";
        form.emplace_back(place + std::string{map->key}, key);
        flatten(service, place + std::string{map->value}, {}, item, form);
    }
}

}  // namespace

Signable form_request(const Query& form) {
    Signable request{"POST", "/", {}, {}, query_text(form)};
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
    return request;
}

Encoded encode_query(const Call& call, const Json& parameters) {
    Query form{{"Action", call.action}, {"Version", std::string{call.service->target}}};
    for (const auto& [name, value] : parameters.items()) flatten(*call.service, name, name, value, form);
    return form_request(form);
}

Decoded decode_query(const Call& call, const HttpAnswer& answer) {
    pugi::xml_document document;
    const bool parsed = static_cast<bool>(document.load_buffer(answer.body.data(), answer.body.size()));
    const auto root = document.document_element();
    if (answer.status < 200 || answer.status > 299) {
        ServiceError error;
        auto details = child_of(root, "Error");
        if (!details) details = child_of(child_of(root, "Errors"), "Error");
        error.code = text_of(details, "Code");
        error.message = text_of(details, "Message");
        error.request_id = text_of(root, "RequestId");
        error.shape = shape_of(*call.service, error.code);
        return error;
    }
    if (!parsed) return ServiceError{"", "", "Unable to unmarshall response: it is no XML", 0, "", ""};
    const auto known = std::ranges::find(members, call.service->name, &Members::service);
    const auto shapes = known == members.end() ? XmlShapes{} : XmlShapes{known->lists, known->maps};
    auto result = to_json(child_of(root, (call.action + "Result").c_str()), shapes);
    return result.is_object() ? result : Json::object();
}

}  // namespace pawl::aws
