// Task: what is called, for how long, and as whom. Spec: states-language.net, "Task State".
#include "states/asl/parser.hpp"
#include "states/asl/placeholders.hpp"

namespace pawl::asl {
namespace {

constexpr auto placeholder_hint =
    "this is a placeholder of a template: give its value by --substitutions FILE, or run the template by --sam";

bool is_activity(std::string_view resource) {
    return resource.starts_with("arn:") && resource.find(":states:") != std::string_view::npos &&
           resource.find(":activity:") != std::string_view::npos;
}

// "arn:aws:states:::lambda:invoke", "arn:aws:states:::aws-sdk:sqs:sendMessage".
bool is_integration(std::string_view resource) {
    return resource.starts_with("arn:") && resource.find(":states:::") != std::string_view::npos;
}

// Express machines call and go on: they neither wait for jobs nor for workers.
void check_express(const Fields& fields, std::string_view resource) {
    std::string_view without_version = resource;
    if (without_version.ends_with(":2")) without_version.remove_suffix(2);
    for (const std::string_view pattern : {".sync", ".waitForTaskToken"}) {
        if (!without_version.ends_with(pattern)) continue;
        fields.error("Resource",
                     "Express state machine does not support '" + std::string{pattern} + "' service integration",
                     "call without '" + std::string{pattern} + "', or make the state machine STANDARD");
    }
    if (is_activity(resource)) {
        fields.error("Resource", "Express state machine does not support Activity ARN",
                     "make the state machine STANDARD");
    }
}

void read_resource(StateReader& reader, Task& task) {
    const Fields& fields = reader.fields;
    fields.require({"Resource"});
    const auto resource = fields.non_empty_text("Resource");
    if (!resource) return;
    task.resource = *resource;
    const auto before = reader.parser.report.size();
    if (reader.around.machine == MachineType::Express) check_express(fields, *resource);
    // What the language refuses here needs no second refusal.
    const auto& unsupported = reader.parser.options.unsupported_resource;
    if (unsupported && reader.parser.report.size() == before) {
        if (const auto reason = unsupported(*resource)) {
            fields.error("Resource", *reason, has_placeholder(*resource) ? placeholder_hint : "");
        }
    }
    const std::string arguments = reader.json_path() ? "Parameters" : "Arguments";
    if (is_integration(*resource) && !fields.has(arguments)) {
        fields.error_here(arguments + " field is required for resource ARN: " + *resource,
                          "an empty object will do when the call takes no parameters");
    }
}

void read_credentials(const Fields& fields, std::string_view resource, Task& task) {
    const bool expression = fields.is_expression("Credentials");
    const Json* credentials = expression ? fields.find("Credentials") : fields.object("Credentials");
    if (!credentials) return;
    if (is_activity(resource)) {
        fields.error_here("The field 'Credentials' is not supported for activities", {}, "Credentials");
    }
    if (!expression && !credentials->contains("RoleArn") && !credentials->contains("RoleArn.$")) {
        fields.error("Credentials", "The field 'RoleArn' is required but was missing");
        return;
    }
    if (const auto role = expression ? credentials->end() : credentials->find("RoleArn");
        role != credentials->end() && !role->is_string()) {
        fields.error("Credentials/RoleArn", "Expected value of type String");
        return;
    }
    task.credentials = fields.object_template("Credentials");
}

}  // namespace

Task parse_task(StateReader& reader) {
    const Fields& fields = reader.fields;
    Task task;
    read_resource(reader, task);
    task.timeout_seconds = fields.integer_or_path("TimeoutSeconds", 1, longest_seconds);
    task.heartbeat_seconds = fields.integer_or_path("HeartbeatSeconds", 1, longest_seconds);
    const auto* const timeout = task.timeout_seconds.value();
    const auto* const heartbeat = task.heartbeat_seconds.value();
    if (timeout && heartbeat && *heartbeat >= *timeout) {
        fields.error("HeartbeatSeconds", "HeartbeatSeconds must be smaller than TimeoutSeconds",
                     "with these values the time-out always comes first");
    }
    read_credentials(fields, task.resource, task);
    return task;
}

}  // namespace pawl::asl
