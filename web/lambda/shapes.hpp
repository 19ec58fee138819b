// Members of requests with their kinds, limits, patterns and sets of values. Names begin in lower case, as AWS prints
// them in its messages. Maps are structures without described members: what is in them is checked in checks.cpp.
// Spec: the published API model of Lambda.
#pragma once
#include <array>
#include <string_view>

#include "web/aws/members.hpp"

namespace pawl::web::lambda {

using aws::Kind;
using aws::Member;

bool is_role(std::string_view text);
bool is_handler(std::string_view text);
bool is_resource_arn(std::string_view text);     // or empty
bool is_destination_arn(std::string_view text);  // or empty
bool is_alias_name(std::string_view text);
bool is_version_name(std::string_view text);
bool is_bucket_name(std::string_view text);

constexpr Member text(std::string_view name, std::int64_t min, std::int64_t max) {
    return {.name = name, .min = min, .max = max};
}
constexpr Member any_text(std::string_view name) { return {.name = name}; }
constexpr Member needed(Member member) {
    member.required = true;
    return member;
}
constexpr Member flag(std::string_view name) { return {.name = name, .kind = Kind::Boolean}; }
constexpr Member number(std::string_view name, std::optional<std::int64_t> min, std::optional<std::int64_t> max) {
    return {.name = name, .kind = Kind::Integer, .min = min, .max = max};
}
constexpr Member structure(std::string_view name, std::span<const Member> members) {
    return {.name = name, .kind = Kind::Structure, .members = members};
}
constexpr Member map(std::string_view name) { return {.name = name, .kind = Kind::Structure, .sensitive = true}; }
constexpr Member texts(std::string_view name, std::optional<std::int64_t> min, std::int64_t max, std::int64_t each) {
    return {.name = name, .kind = Kind::List, .min = min, .max = max, .list_of_texts = true, .item_max = each};
}
constexpr Member matching(Member member, std::string_view pattern, bool (*matches)(std::string_view)) {
    member.pattern = pattern;
    member.matches = matches;
    return member;
}

inline constexpr std::string_view function_pattern =
    "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?"
    "([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";

inline constexpr std::array<std::string_view, 2> package_types{"Zip", "Image"};
inline constexpr std::array<std::string_view, 2> tracing_modes{"Active", "PassThrough"};
inline constexpr std::array<std::string_view, 2> snap_start_kinds{"PublishedVersions", "None"};
inline constexpr std::array<std::string_view, 2> log_formats{"JSON", "Text"};
inline constexpr std::array<std::string_view, 6> application_log_levels{"TRACE", "DEBUG", "INFO",
                                                                        "WARN",  "ERROR", "FATAL"};
inline constexpr std::array<std::string_view, 3> system_log_levels{"DEBUG", "INFO", "WARN"};
inline constexpr std::array<std::string_view, 2> url_auth_types{"NONE", "AWS_IAM"};
inline constexpr std::array<std::string_view, 2> url_invoke_modes{"BUFFERED", "RESPONSE_STREAM"};
inline constexpr std::array<std::string_view, 1> all_versions{"ALL"};

inline constexpr std::array code_members{
    Member{.name = "zipFile", .sensitive = true},
    matching(text("s3Bucket", 3, 63), "^[0-9A-Za-z\\.\\-_]*(?<!\\.)$", is_bucket_name),
    text("s3Key", 1, 1024),
    text("s3ObjectVersion", 1, 1024),
    any_text("imageUri"),
};
inline constexpr std::array environment_members{map("variables")};
inline constexpr std::array dead_letter_members{
    matching(any_text("targetArn"), "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()", is_resource_arn)};
inline constexpr std::array tracing_members{Member{.name = "mode", .one_of = tracing_modes}};
inline constexpr std::array storage_members{needed(number("size", 512, 10240))};
inline constexpr std::array snap_start_members{Member{.name = "applyOn", .one_of = snap_start_kinds}};
inline constexpr std::array vpc_members{texts("subnetIds", std::nullopt, 16, 1024),
                                        texts("securityGroupIds", std::nullopt, 5, 1024)};
inline constexpr std::array logging_members{Member{.name = "logFormat", .one_of = log_formats},
                                            Member{.name = "applicationLogLevel", .one_of = application_log_levels},
                                            Member{.name = "systemLogLevel", .one_of = system_log_levels},
                                            text("logGroup", 1, 512)};

// What a function's configuration is made of: of CreateFunction and UpdateFunctionConfiguration alike.
inline constexpr std::array configuration_members{
    any_text("runtime"),
    matching(any_text("role"), "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+", is_role),
    matching(text("handler", 0, 128), "[^\\s]+", is_handler),
    text("description", 0, 256),
    number("timeout", 1, std::nullopt),
    number("memorySize", 128, 10240),
    structure("vpcConfig", vpc_members),
    structure("deadLetterConfig", dead_letter_members),
    structure("environment", environment_members),
    matching(any_text("kMSKeyArn"), "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()", is_resource_arn),
    structure("tracingConfig", tracing_members),
    texts("layers", std::nullopt, 5, 140),
    structure("ephemeralStorage", storage_members),
    structure("snapStart", snap_start_members),
    structure("loggingConfig", logging_members),
};

inline constexpr std::array cors_members{
    flag("allowCredentials"),
    texts("allowHeaders", std::nullopt, 100, 1024),
    texts("allowMethods", std::nullopt, 6, 6),
    texts("allowOrigins", std::nullopt, 100, 253),
    texts("exposeHeaders", std::nullopt, 100, 1024),
    number("maxAge", 0, 86400),
};
inline constexpr std::array target_members{
    matching(text("destination", 0, 350),
             "^$|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
             is_destination_arn)};
inline constexpr std::array destination_members{structure("onSuccess", target_members),
                                                structure("onFailure", target_members)};
inline constexpr std::array routing_members{map("additionalVersionWeights")};

inline constexpr std::array paging_query{any_text("marker"), number("maxItems", 1, 10000)};

// Two tables of members as one.
template <std::size_t N, std::size_t M>
constexpr std::array<Member, N + M> joined(const std::array<Member, N>& a, const std::array<Member, M>& b) {
    std::array<Member, N + M> all{};
    for (std::size_t i = 0; i < N; ++i) all[i] = a[i];
    for (std::size_t i = 0; i < M; ++i) all[N + i] = b[i];
    return all;
}

// What the tables can't say: types and limits inside maps (tags, environment, weights) and lists of a few words.
std::optional<ApiError> check_maps(const Json& lower);

}  // namespace pawl::web::lambda
