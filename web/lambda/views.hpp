// What the API shows of functions, versions and aliases.
#pragma once
#include <string>
#include <string_view>

#include "orchestrator/functions/registry/function_registry.hpp"
#include "states/json.hpp"

namespace pawl::web::lambda {

// FunctionConfiguration. Its ARN ends in `qualifier` unless that is empty.
Json configuration_view(const FunctionRegistry& registry, const FunctionRecord& function, std::int64_t version,
                        std::string_view qualifier);
Json configuration_view(const FunctionRegistry& registry, const FunctionView& view);
// AliasConfiguration.
Json alias_view(const FunctionRegistry& registry, std::string_view function, const FunctionAlias& alias);
// "2025-01-02T03:04:05.000+0000"
std::string lambda_time(Instant at);
// Without user name, password and query, which may hold secrets.
std::string public_url(std::string_view url);

}  // namespace pawl::web::lambda
