#include "orchestrator/integrations/sdk_response.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "orchestrator/names.hpp"
#include "states/error_names.hpp"
#include "states/letter_case.hpp"

namespace pawl::sdk {

std::string http_date(Instant at) {
    constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

Json http_metadata(const Headers& headers, int status) {
    Json all = Json::object(), plain = Json::object();
    for (const auto& [name, value] : headers) {
        auto& values = all[name];
        if (values.is_null()) values = Json::array();
        values.push_back(value);
    }
    auto sorted = headers;
    std::ranges::stable_sort(sorted, {}, [](const auto& header) { return lower_case(header.first); });
    for (const auto& [name, value] : sorted) plain[name] = value;
    return {{"AllHttpHeaders", std::move(all)}, {"HttpHeaders", std::move(plain)}, {"HttpStatusCode", status}};
}

void add_metadata(Json& document, const Headers& headers, int status, const std::string& request_id) {
    document["SdkHttpMetadata"] = http_metadata(headers, status);
    document["SdkResponseMetadata"] = {{"RequestId", request_id}};
}

std::string unrecognized_resource(std::string_view resource) {
    return "The resource provided " + std::string{resource} +
           " is not recognized. The value is not a valid resource ARN, or the resource is not available in this "
           "region.";
}

AslError not_started(const Payload& parameters, std::string_view why) {
    return {std::string{error::runtime}, "The Parameters '" + parameters.text() +
                                             "' could not be used to start the Task: [" + std::string{why} + "]"};
}

AslError missing_parameter(const Payload& parameters, std::string_view member) {
    return not_started(parameters, "The field '" + std::string{member} + "' is required but was missing");
}

std::string unsupported_field(std::string_view name) {
    return "The field \"" + std::string{name} + "\" is not supported by Step Functions";
}

std::optional<std::string> unknown_member(const Json& parameters, std::span<const std::string_view> known) {
    for (const auto& [name, value] : parameters.items()) {
        if (std::ranges::find(known, std::string_view{name}) == known.end()) return unsupported_field(name);
    }
    return std::nullopt;
}

AslError sfn_error(const ApiError& error) {
    const std::string suffix = error.type.ends_with("Exception") ? "" : "Exception";
    return {"Sfn." + error.type + suffix,
            error.message + " (Service: Sfn, Status Code: 400, Request ID: " + new_uuid() + ") (SDK Attempt Count: 1)"};
}

}  // namespace pawl::sdk
