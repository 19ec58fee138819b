#include "orchestrator/integrations/sdk_response.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "orchestrator/names.hpp"
#include "states/error_names.hpp"

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

namespace {

Headers sorted(Headers headers) {
    const auto lower = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return text;
    };
    std::sort(headers.begin(), headers.end(),
              [&](const auto& a, const auto& b) { return lower(a.first) < lower(b.first); });
    return headers;
}

}  // namespace

Json http_metadata(const Headers& headers, int status) {
    Json all = Json::object(), plain = Json::object();
    for (const auto& [name, value] : headers) all[name] = Json::array({value});
    for (const auto& [name, value] : sorted(headers)) plain[name] = value;
    return {{"AllHttpHeaders", std::move(all)}, {"HttpHeaders", std::move(plain)}, {"HttpStatusCode", status}};
}

void add_metadata(Json& document, const Headers& headers, int status, const std::string& request_id) {
    document["SdkHttpMetadata"] = http_metadata(headers, status);
    document["SdkResponseMetadata"] = {{"RequestId", request_id}};
}

AslError missing_parameter(const Payload& parameters, std::string_view member) {
    return {std::string{error::runtime}, "The Parameters '" + parameters.text() +
                                             "' could not be used to start the Task: [The field '" +
                                             std::string{member} + "' is required but was missing]"};
}

AslError sfn_error(const ApiError& error) {
    const std::string suffix = error.type.ends_with("Exception") ? "" : "Exception";
    return {"Sfn." + error.type + suffix,
            error.message + " (Service: Sfn, Status Code: 400, Request ID: " + new_uuid() + ") (SDK Attempt Count: 1)"};
}

}  // namespace pawl::sdk
