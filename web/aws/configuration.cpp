#include "web/aws/configuration.hpp"

namespace pawl::web::aws {

namespace {

Json default_logging() { return {{"level", "OFF"}, {"includeExecutionData", false}}; }
Json default_tracing() { return {{"enabled", false}}; }

const Json::json_pointer log_group{"/cloudWatchLogsLogGroup/logGroupArn"};

bool names_log_group(const Json& destination) {
    return destination.contains(log_group) && destination[log_group].is_string();
}

bool is_log_group_arn(std::string_view arn) {
    return arn.starts_with("arn:") && arn.find(":logs:") != std::string_view::npos &&
           arn.find(":log-group:") != std::string_view::npos && arn.ends_with(":*");
}

ApiResult<Json> logging(const Json& sent) {
    const Arguments arguments{sent};
    Json logging = default_logging();
    if (arguments.has("level")) logging["level"] = arguments.text("level");
    logging["includeExecutionData"] = arguments.flag("includeExecutionData", false);
    const Json* destinations = arguments.find("destinations");
    const std::size_t count = destinations == nullptr ? 0 : destinations->size();
    const bool usable = count == 1 && names_log_group((*destinations)[0]);
    if (count > 1 || (!usable && logging["level"] != "OFF")) {
        return ApiError{"InvalidLoggingConfiguration",
                        "Invalid Logging Configuration: Must specify exactly one Log Destination."};
    }
    if (usable && !is_log_group_arn((*destinations)[0][log_group].get_ref<const std::string&>())) {
        return ApiError{"InvalidLoggingConfiguration",
                        "Invalid Logging Configuration: The ARN of the log group must be like "
                        "'arn:aws:logs:us-east-1:123456789012:log-group:name:*', with ':*' at its end."};
    }
    if (usable) logging["destinations"] = *destinations;
    return logging;
}

}  // namespace

ApiResult<Json> encryption_configuration(const Json* sent) {
    if (sent != nullptr && Arguments{*sent}.text("type") != "AWS_OWNED_KEY") {
        return ApiError{"InvalidEncryptionConfiguration",
                        "Invalid Encryption Configuration: Customer managed keys are not supported here."};
    }
    return Json{{"type", "AWS_OWNED_KEY"}};
}

ApiResult<Json> partial_configuration(const Arguments& arguments) {
    Json configuration = Json::object();
    if (const Json* sent = arguments.find("loggingConfiguration")) {
        auto checked = logging(*sent);
        if (!checked) return checked.error();
        configuration["loggingConfiguration"] = *std::move(checked);
    }
    if (const Json* sent = arguments.find("tracingConfiguration")) {
        configuration["tracingConfiguration"] = {{"enabled", Arguments{*sent}.flag("enabled", false)}};
    }
    if (const Json* sent = arguments.find("encryptionConfiguration")) {
        auto checked = encryption_configuration(sent);
        if (!checked) return checked.error();
        configuration["encryptionConfiguration"] = *std::move(checked);
    }
    return configuration;
}

ApiResult<Json> full_configuration(const Arguments& arguments) {
    auto sent = partial_configuration(arguments);
    if (!sent) return sent.error();
    Json configuration = {{"loggingConfiguration", default_logging()}, {"tracingConfiguration", default_tracing()}};
    configuration.update(*sent);
    return configuration;
}

Json stored_configuration(std::string_view text) {
    Json configuration = {{"loggingConfiguration", default_logging()}, {"tracingConfiguration", default_tracing()}};
    const auto stored = parse_json(text);
    if (!stored || !stored->is_object()) return configuration;
    for (const auto* member : {"loggingConfiguration", "tracingConfiguration", "encryptionConfiguration"}) {
        if (stored->contains(member)) configuration[member] = (*stored)[member];
    }
    return configuration;
}

}  // namespace pawl::web::aws
