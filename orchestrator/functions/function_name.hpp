// How callers name a function. Spec: AWS Lambda API, Invoke, "FunctionName": a name, a partial ARN or an ARN, each with
// or without a qualifier.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl {

struct FunctionName {
    std::string name;
    std::string qualifier;  // version or alias; may be empty
    friend bool operator==(const FunctionName&, const FunctionName&) = default;
};

// "f", "f:prod", "000000000000:function:f", "arn:aws:lambda:us-east-1:000000000000:function:f:prod". Region and account
// are free: workflows come as they are from other places. Nothing: it is none of these.
std::optional<FunctionName> parse_function_name(std::string_view text);
// Only the ARN.
std::optional<FunctionName> parse_function_arn(std::string_view text);

// A name in the pool, "NAME" or "NAME:VERSION", in its parts.
std::string_view base_of(std::string_view pool_name);
std::string_view version_of(std::string_view pool_name);  // "$LATEST" without one

// The parts of an ARN, or of a name.
std::vector<std::string_view> between_colons(std::string_view text);

// Letters, digits, '-' and '_', at most 64 of them.
bool is_function_name(std::string_view text);

}  // namespace pawl
