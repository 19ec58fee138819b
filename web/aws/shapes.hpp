// Members that several operations have: their kinds, limits and sets of values.
// Spec: the published API model of Step Functions.
#pragma once
#include <algorithm>
#include <array>

#include "web/aws/members.hpp"

namespace pawl::web::aws {

inline constexpr bool required = true;
inline constexpr bool optional = false;

inline constexpr std::int64_t max_arn_length = 256;
inline constexpr std::int64_t max_definition_length = 1024 * 1024;

constexpr Member text_member(std::string_view name, bool is_required, std::int64_t min, std::int64_t max) {
    return {.name = name, .required = is_required, .min = min, .max = max};
}
// Whose length the orchestrator limits, by settings.
constexpr Member payload_member(std::string_view name, bool is_required) {
    return {.name = name, .required = is_required, .sensitive = true};
}
constexpr Member arn_member(std::string_view name, bool is_required) {
    return text_member(name, is_required, 1, max_arn_length);
}
constexpr Member enum_member(std::string_view name, std::span<const std::string_view> values) {
    return {.name = name, .one_of = values};
}
inline bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}
constexpr Member trace_header_member() {
    return {.name = "traceHeader", .min = 0, .max = 256, .pattern = R"(\p{ASCII}*)", .matches = is_ascii};
}
constexpr Member boolean_member(std::string_view name) { return {.name = name, .kind = Kind::Boolean}; }
constexpr Member page_size_member(std::int64_t max) {
    return {.name = "maxResults", .kind = Kind::Integer, .min = 0, .max = max};
}
constexpr Member structure_member(std::string_view name, std::span<const Member> members) {
    return {.name = name, .kind = Kind::Structure, .members = members};
}
constexpr Member list_member(std::string_view name, std::span<const Member> members) {
    return {.name = name, .kind = Kind::List, .members = members};
}
constexpr Member sensitive(Member member) {
    member.sensitive = true;
    return member;
}

// Words of a version's or an alias's description.
constexpr Member description_member(std::string_view name) { return sensitive(text_member(name, optional, 0, 256)); }

inline constexpr std::array<std::string_view, 2> machine_types{"STANDARD", "EXPRESS"};
inline constexpr std::array<std::string_view, 2> included_data{"ALL_DATA", "METADATA_ONLY"};
inline constexpr std::array<std::string_view, 2> severities{"ERROR", "WARNING"};
inline constexpr std::array<std::string_view, 4> log_levels{"ALL", "ERROR", "FATAL", "OFF"};
inline constexpr std::array<std::string_view, 2> encryption_types{"AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"};
inline constexpr std::array<std::string_view, 2> redrive_filters{"REDRIVEN", "NOT_REDRIVEN"};
inline constexpr std::array<std::string_view, 6> execution_statuses{"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE",
                                                                    "ABORTED",   "FAILED",    "RUNNING"};

inline constexpr std::array log_group_members{text_member("logGroupArn", optional, 1, max_arn_length)};
inline constexpr std::array destination_members{structure_member("cloudWatchLogsLogGroup", log_group_members)};
inline constexpr std::array logging_members{
    enum_member("level", log_levels),
    boolean_member("includeExecutionData"),
    list_member("destinations", destination_members),
};
inline constexpr std::array tracing_members{boolean_member("enabled")};
inline constexpr std::array tag_members{
    text_member("key", optional, 1, 128),
    text_member("value", optional, 0, 256),
};
inline constexpr std::array encryption_members{
    Member{.name = "type", .required = true, .one_of = encryption_types},
    text_member("kmsKeyId", optional, 1, 2048),
    Member{.name = "kmsDataKeyReusePeriodSeconds", .kind = Kind::Integer, .min = 60, .max = 900},
};

}  // namespace pawl::web::aws
