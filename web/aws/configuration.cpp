#include "web/aws/configuration.hpp"

namespace pawl::web::aws {

namespace {

Json default_logging() { return {{"level", "OFF"}, {"includeExecutionData", false}}; }
Json default_tracing() { return {{"enabled", false}}; }

bool names_log_group(const Json& destination) {
    const Json::json_pointer group{"/cloudWatchLogsLogGroup/logGroupArn"};
    return destination.contains(group) && destination[group].is_string();
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
