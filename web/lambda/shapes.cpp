#include "web/lambda/shapes.hpp"

#include <algorithm>

#include "orchestrator/functions/function_name.hpp"

namespace pawl::web::lambda {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_'; }

ApiError wrong_type(const std::string& path) {
    return {"InvalidRequestContentException",
            "Could not parse request body into json: a value has another type than it should at '" + path + "'"};
}

ApiError violated(const std::string& path, const std::string& constraint) {
    return {"ValidationException",
            "1 validation error detected: Value at '" + path + "' failed to satisfy constraint: " + constraint};
}

const Json* inside(const Json& lower, std::string_view outer, std::string_view name) {
    const auto structure = lower.find(std::string{outer});
    if (structure == lower.end() || !structure->is_object()) return nullptr;
    const auto found = structure->find(std::string{name});
    return found == structure->end() || found->is_null() ? nullptr : &*found;
}

std::optional<ApiError> check_tags(const Json& tags) {
    for (const auto& [key, value] : tags.items()) {
        if (!value.is_string()) return wrong_type("tags." + key);
        if (key.empty() || key.size() > 128 * 4) {
            return violated("tags",
                            "Map keys must satisfy constraint: [Member must have length less than or equal to "
                            "128, Member must have length greater than or equal to 1]");
        }
        if (value.get_ref<const std::string&>().size() > 256 * 4) {
            return violated("tags",
                            "Map value must satisfy constraint: [Member must have length less than or equal to "
                            "256, Member must have length greater than or equal to 0]");
        }
        if (key.starts_with("aws:")) {
            return ApiError{"InvalidParameterValueException", "Tag keys must not begin with aws:"};
        }
    }
    return std::nullopt;
}

std::optional<ApiError> check_weights(const Json& weights) {
    for (const auto& [version, weight] : weights.items()) {
        if (!weight.is_number()) return wrong_type("routingConfig.additionalVersionWeights." + version);
        if (version.empty() || !std::ranges::all_of(version, is_digit)) {
            return violated(
                "routingConfig.additionalVersionWeights",
                "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, "
                "Member must have length greater than or equal to 1, Member must satisfy regular expression "
                "pattern: [0-9]+]");
        }
        if (weight.get<double>() < 0 || weight.get<double>() > 1) {
            return violated(
                "routingConfig.additionalVersionWeights",
                "Map value must satisfy constraint: [Member must have value less than or equal to 1, Member "
                "must have value greater than or equal to 0]");
        }
    }
    return std::nullopt;
}

std::optional<ApiError> check_architectures(const Json& list) {
    if (list.size() == 1 && (list[0] == "x86_64" || list[0] == "arm64")) return std::nullopt;
    return violated("architectures",
                    "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64]]");
}

}  // namespace

bool is_role(std::string_view text) {
    const auto parts = between_colons(text);
    return parts.size() >= 6 && parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == "iam" &&
           parts[3].empty() && parts[4].size() == 12 && std::ranges::all_of(parts[4], is_digit) &&
           parts[5].starts_with("role") && parts[5].size() > 4 && parts.size() == 6 &&
           std::ranges::all_of(parts[5], [](char c) {
               return is_word(c) || std::string_view{"+=,.@/"}.find(c) != std::string_view::npos;
           });
}

bool is_handler(std::string_view text) {
    return !text.empty() && text.find_first_of(" \t\r\n\f\v") == std::string_view::npos;
}

bool is_resource_arn(std::string_view text) {
    if (text.empty()) return true;
    const auto parts = between_colons(text);
    return parts.size() >= 4 && parts[0] == "arn" && (parts[1].empty() || parts[1].starts_with("aws")) &&
           !parts[2].empty();
}

bool is_destination_arn(std::string_view text) {
    if (text.empty()) return true;
    const auto parts = between_colons(text);
    return parts.size() >= 6 && parts[0] == "arn" && parts[1].starts_with("aws") && !parts[2].empty() &&
           (parts[4].empty() || (parts[4].size() == 12 && std::ranges::all_of(parts[4], is_digit)));
}

bool is_alias_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_word) && !std::ranges::all_of(text, is_digit);
}

bool is_version_name(std::string_view text) {
    return text == "$LATEST" || (!text.empty() && std::ranges::all_of(text, is_digit));
}

bool is_bucket_name(std::string_view text) {
    return !text.ends_with('.') && std::ranges::all_of(text, [](char c) { return is_word(c) || c == '.'; });
}

std::optional<ApiError> check_maps(const Json& lower) {
    if (const auto* variables = inside(lower, "environment", "variables")) {
        for (const auto& [name, value] : variables->items()) {
            if (!value.is_string()) return wrong_type("environment.variables." + name);
        }
    }
    if (const auto tags = lower.find("tags"); tags != lower.end()) {
        if (auto error = check_tags(*tags)) return error;
    }
    if (const auto* weights = inside(lower, "routingConfig", "additionalVersionWeights")) {
        if (auto error = check_weights(*weights)) return error;
    }
    if (const auto list = lower.find("architectures"); list != lower.end()) return check_architectures(*list);
    return std::nullopt;
}

}  // namespace pawl::web::lambda
