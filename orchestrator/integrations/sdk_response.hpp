// What a service's answer looks like in a task's result: as the AWS SDK for Java shows it to Step Functions.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "orchestrator/api_error.hpp"
#include "states/json.hpp"
#include "states/payload.hpp"
#include "states/time.hpp"

namespace pawl::sdk {

using Headers = std::vector<std::pair<std::string, std::string>>;

// "Thu, 18 Apr 2024 06:27:01 GMT" (RFC 9110, section 5.6.7)
std::string http_date(Instant at);

// SdkHttpMetadata: AllHttpHeaders in the order given, HttpHeaders sorted without regard to letter case.
Json http_metadata(const Headers& headers, int status);

// Adds SdkHttpMetadata and SdkResponseMetadata.
void add_metadata(Json& document, const Headers& headers, int status, const std::string& request_id);

// Why a resource can't be used that AWS does not have either.
std::string unrecognized_resource(std::string_view resource);

// States.Runtime, with TaskFailure::Schedule: a task's Parameters are not what the service needs; or they lack a member.
AslError not_started(const Payload& parameters, std::string_view why);
AslError missing_parameter(const Payload& parameters, std::string_view member);
// "The field \"input\" is not supported by Step Functions"; nothing when all members are known.
std::string unsupported_field(std::string_view name);
std::optional<std::string> unknown_member(const Json& parameters, std::span<const std::string_view> known);

// An error of Step Functions itself, as aws-sdk:sfn tasks fail with it: "Sfn.InvalidTokenException".
AslError sfn_error(const ApiError& error);

}  // namespace pawl::sdk
