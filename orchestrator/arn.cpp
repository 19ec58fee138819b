#include "orchestrator/arn.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "orchestrator/name_rules.hpp"

namespace pawl {

namespace {

ApiError invalid_arn(std::string_view why, std::string_view what) {
    return {"InvalidArn", "Invalid Arn: '" + std::string{why} + ": " + std::string{what} + "'"};
}

// partition, service, region, account and the rest, which may hold colons.
using Parts = std::array<std::string_view, 5>;

ApiResult<Parts> split_arn(std::string_view arn) {
    constexpr std::string_view prefix = "arn:";
    if (!arn.starts_with(prefix)) return invalid_arn("Invalid ARN prefix", arn);
    std::string_view rest = arn.substr(prefix.size());
    Parts parts;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        const auto colon = rest.find(':');
        if (colon == std::string_view::npos) return invalid_arn("Invalid ARN format", arn);
        parts[i] = rest.substr(0, colon);
        rest.remove_prefix(colon + 1);
    }
    parts.back() = rest;
    if (parts[0].empty() || parts[1].empty() || rest.empty()) return invalid_arn("Invalid ARN format", arn);
    return parts;
}

constexpr std::size_t account_digits = 12;

bool is_account(std::string_view text) {
    return text.size() == account_digits && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Of "stateMachine:machine/label:version#test case" all that comes before the test case.
bool holds_names(std::string_view resource) {
    resource = resource.substr(0, resource.find('#'));
    for (;;) {
        const auto end = resource.find_first_of(":/");
        if (check_name(resource.substr(0, end))) return false;
        if (end == std::string_view::npos) return true;
        resource.remove_prefix(end + 1);
    }
}

}  // namespace

std::optional<ApiError> check_arn(std::string_view arn, std::string_view resource_type) {
    const auto parts = split_arn(arn);
    if (!parts) return parts.error();
    const auto [partition, service, region, account, resource] = *parts;
    if (service != "states") return invalid_arn("Service not valid in this context", service);
    if (region.empty() || !is_account(account)) return invalid_arn("Invalid ARN format", arn);
    const auto type = resource.substr(0, resource.find(':'));
    if (type != resource_type) return invalid_arn("Resource type not valid in this context", type);
    if (resource.size() <= type.size() + 1 || !holds_names(resource)) return invalid_arn("Invalid ARN format", arn);
    return std::nullopt;
}

std::optional<ApiError> check_role_arn(std::string_view arn) {
    const auto parts = split_arn(arn);
    if (!parts) return parts.error();
    const auto& [partition, service, region, account, resource] = *parts;
    if (service == "iam" && is_account(account) && resource.starts_with("role/")) return std::nullopt;
    return ApiError{"InvalidArn", "Invalid Role Arn: '" + std::string{arn} + "'"};
}

std::optional<ApiError> refuse_labeled(std::string_view machine_arn) {
    if (machine_arn.find('/') == std::string_view::npos) return std::nullopt;
    return ApiError{"ValidationException",
                    "This operation does not support state machine ARNs with a Map state label",
                    {{"reason", "API_DOES_NOT_SUPPORT_LABELED_ARNS"}}};
}

}  // namespace pawl
