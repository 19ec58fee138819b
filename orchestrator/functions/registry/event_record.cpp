#include "orchestrator/functions/registry/event_record.hpp"

#include <string_view>

#include "states/utf8.hpp"

namespace pawl {
namespace {

constexpr std::size_t longest_message = 1024;  // of an error, in an attribute

Json json_or_text(const std::string& text) {
    if (auto read = parse_json(text)) return *std::move(read);
    return Json(text);
}

std::string_view condition_of(EventEnd end) {
    switch (end) {
        case EventEnd::Success:
            return "Success";
        case EventEnd::RetriesExhausted:
            return "RetriesExhausted";
        case EventEnd::EventAgeExceeded:
            return "EventAgeExceeded";
        case EventEnd::ZeroReservedConcurrency:
            return "ZeroReservedConcurrency";
    }
    return {};
}

std::string shortened(std::string text) {
    if (text.size() > longest_message) text.resize(cut_before(text, longest_message));
    return text;
}

std::string message_of(const EndedEvent& event) {
    if (event.end == EventEnd::ZeroReservedConcurrency) {
        return "Function not invoked. Function is configured with zero reserved concurrent executions";
    }
    if (event.report == nullptr || event.report->outcome) return "Rate Exceeded.";
    const auto document = json_or_text(event.report->outcome.error().document);
    const auto message = document.is_object() ? document.value("errorMessage", Json{}) : Json{};
    return shortened(message.is_string() ? message.get<std::string>() : to_text(document));
}

}  // namespace

Json record_of(const EndedEvent& event, Instant now) {
    Json record = Json::object();
    record["version"] = "1.0";
    record["timestamp"] = to_iso8601(now);
    record["requestContext"] = Json{{"requestId", event.request_id},
                                    {"functionArn", event.function_arn},
                                    {"condition", condition_of(event.end)},
                                    {"approximateInvokeCount", event.attempts}};
    record["requestPayload"] = json_or_text(event.payload);
    if (event.report == nullptr) return record;
    const auto& outcome = event.report->outcome;
    record["responseContext"] = Json{{"statusCode", 200}, {"executedVersion", event.version}};
    if (!outcome) record["responseContext"]["functionError"] = "Unhandled";
    record["responsePayload"] = json_or_text(outcome ? *outcome : outcome.error().document);
    return record;
}

std::vector<MessageAttribute> dead_letter_attributes(const EndedEvent& event) {
    std::vector<MessageAttribute> attributes{{"RequestID", "String", event.request_id}};
    // The status of the last answer; where the function was never called, there is none.
    if (event.end != EventEnd::ZeroReservedConcurrency) {
        attributes.push_back({"ErrorCode", "Number", event.report != nullptr ? "200" : "429"});
    }
    auto message = message_of(event);
    if (!message.empty()) attributes.push_back({"ErrorMessage", "String", std::move(message)});
    return attributes;
}

}  // namespace pawl
