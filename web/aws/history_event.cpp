#include "web/aws/history_event.hpp"

#include <chrono>
#include <string>

#include "web/aws/timestamp.hpp"

namespace pawl::web::aws {

namespace {

// What a kind of event is called, and its details: the member's name and content; no member when the name is empty.
struct Rendering {
    std::string type;
    std::string details_name;
    Json details = Json::object();
};

// "TaskFailed" has its details in "taskFailedEventDetails".
Rendering detailed(std::string type, Json details) {
    std::string name = type + "EventDetails";
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
    return {std::move(type), std::move(name), std::move(details)};
}
Rendering bare(std::string type) { return {std::move(type), {}}; }

std::string_view family_name(TaskFamily family) {
    switch (family) {
        case TaskFamily::LambdaFunction:
            return "LambdaFunction";
        case TaskFamily::Task:
            return "Task";
        case TaskFamily::Activity:
            return "Activity";
        case TaskFamily::MapRun:  // has events of its own
            break;
    }
    return {};
}

// How far the task had come, in the words that its family has for it.
std::string_view failure_name(TaskFamily family, TaskFailure failure) {
    const bool task = family == TaskFamily::Task;
    switch (failure) {
        case TaskFailure::Schedule:
            return task ? "StartFailed" : "ScheduleFailed";
        case TaskFailure::Start:
            return family == TaskFamily::Activity ? "Failed" : "StartFailed";
        case TaskFailure::Submit:
            return task ? "SubmitFailed" : "Failed";
        case TaskFailure::Run:
            return "Failed";
    }
    return "Failed";
}

Json error_details(const AslError& error) {
    Json details = Json::object();
    if (error.name) details["error"] = *error.name;
    if (error.cause) details["cause"] = *error.cause;
    return details;
}

// Lambda functions and activities name their resource when they are scheduled; tasks name it in every event.
Json task_details(TaskFamily family, std::string_view resource_arn) {
    Json details = Json::object();
    if (family != TaskFamily::Task) return details;
    const auto [type, resource] = service_resource(resource_arn);
    details["resourceType"] = type;
    details["resource"] = resource;
    return details;
}

Rendering task_error(TaskFamily family, std::string_view what, std::string_view resource, const AslError& error) {
    Json details = task_details(family, resource);
    details.update(error_details(error));
    return detailed(std::string{family_name(family)} + std::string{what}, std::move(details));
}

class Renderer {
  public:
    explicit Renderer(const HistoryOptions& options) : options_{options} {}

    Rendering operator()(const ExecutionStarted& event) const {
        Json details = with_data("input", event.input);
        details["roleArn"] = event.role_arn;
        return detailed("ExecutionStarted", std::move(details));
    }
    Rendering operator()(const ExecutionSucceeded& event) const {
        return detailed("ExecutionSucceeded", with_data("output", event.output));
    }
    Rendering operator()(const ExecutionFailed& event) const {
        return detailed("ExecutionFailed", error_details(event.error));
    }
    Rendering operator()(const ExecutionTimedOut& event) const {
        return detailed("ExecutionTimedOut", error_details(event.error));
    }
    Rendering operator()(const ExecutionAborted& event) const {
        return detailed("ExecutionAborted", error_details(event.error));
    }

    Rendering operator()(const StateEntered& event) const {
        Json details = {{"name", event.name}};
        details.update(with_data("input", event.input));
        return {state_name(event.type) + "StateEntered", "stateEnteredEventDetails", std::move(details)};
    }
    Rendering operator()(const StateExited& event) const {
        Json details = {{"name", event.name}};
        details.update(with_data("output", event.output));
        if (!event.assigned.empty()) {
            if (options_.include_execution_data) {
                Json& variables = details["assignedVariables"] = Json::object();
                for (const auto& [name, value] : event.assigned) variables[name] = value.text();
            }
            details["assignedVariablesDetails"] = {{"truncated", false}};
        }
        return {state_name(event.type) + "StateExited", "stateExitedEventDetails", std::move(details)};
    }
    Rendering operator()(const StateAborted& event) const { return bare(state_name(event.type) + "StateAborted"); }
    Rendering operator()(const EvaluationFailed& event) const {
        Json details = {{"state", event.state}};
        if (!event.location.empty()) details["location"] = event.location;
        details.update(error_details(event.error));
        return detailed("EvaluationFailed", std::move(details));
    }

    Rendering operator()(const WaitScheduled&) const { return not_shown(); }
    Rendering operator()(const RetryScheduled&) const { return not_shown(); }
    Rendering operator()(const TaskHeartbeat&) const { return not_shown(); }

    Rendering operator()(const TaskScheduled& event) const {
        const bool task = event.family == TaskFamily::Task;
        Json details = task_details(event.family, event.resource);
        if (task) {
            details["region"] = options_.region;
            if (options_.include_execution_data) details["parameters"] = event.parameters.text();
        } else {
            details["resource"] = event.resource;
            details.update(with_data("input", event.parameters));
        }
        if (event.timeout) details["timeoutInSeconds"] = event.timeout->count();
        if (event.heartbeat && event.family != TaskFamily::LambdaFunction) {
            details["heartbeatInSeconds"] = event.heartbeat->count();
        }
        add_credentials(details, event.credentials);
        return detailed(std::string{family_name(event.family)} + "Scheduled", std::move(details));
    }
    Rendering operator()(const TaskStarted& event) const {
        const std::string type = std::string{family_name(event.family)} + "Started";
        if (event.family == TaskFamily::LambdaFunction) return bare(type);
        Json details = task_details(event.family, event.resource);
        if (event.family == TaskFamily::Activity && !event.worker.empty()) details["workerName"] = event.worker;
        return detailed(type, std::move(details));
    }
    Rendering operator()(const TaskSubmitted& event) const {
        Json details = task_details(TaskFamily::Task, event.resource);
        details.update(with_data("output", event.output));
        return detailed("TaskSubmitted", std::move(details));
    }
    Rendering operator()(const TaskSucceeded& event) const {
        Json details = task_details(event.family, event.resource);
        details.update(with_data("output", event.output));
        return detailed(std::string{family_name(event.family)} + "Succeeded", std::move(details));
    }
    Rendering operator()(const TaskFailed& event) const {
        return task_error(event.family, failure_name(event.family, event.failure), event.resource, event.error);
    }
    Rendering operator()(const TaskTimedOut& event) const {
        return task_error(event.family, "TimedOut", event.resource, event.error);
    }

    Rendering operator()(const ParallelStateStarted&) const { return bare("ParallelStateStarted"); }
    Rendering operator()(const ParallelStateSucceeded&) const { return bare("ParallelStateSucceeded"); }
    Rendering operator()(const ParallelStateFailed&) const { return bare("ParallelStateFailed"); }
    Rendering operator()(const MapStateStarted& event) const {
        return detailed("MapStateStarted", {{"length", event.length}});
    }
    Rendering operator()(const MapStateSucceeded&) const { return bare("MapStateSucceeded"); }
    Rendering operator()(const MapStateFailed&) const { return bare("MapStateFailed"); }
    Rendering operator()(const MapIterationStarted& event) const { return iteration("Started", event); }
    Rendering operator()(const MapIterationSucceeded& event) const { return iteration("Succeeded", event); }
    Rendering operator()(const MapIterationFailed& event) const { return iteration("Failed", event); }
    Rendering operator()(const MapIterationAborted& event) const { return iteration("Aborted", event); }
    Rendering operator()(const MapRunStarted& event) const {
        return detailed("MapRunStarted", {{"mapRunArn", event.arn}});
    }
    Rendering operator()(const MapRunSucceeded&) const { return bare("MapRunSucceeded"); }
    Rendering operator()(const MapRunFailed& event) const {
        return detailed("MapRunFailed", error_details(event.error));
    }
    Rendering operator()(const MapRunAborted&) const { return bare("MapRunAborted"); }
    Rendering operator()(const ExecutionRedriven& event) const {
        return detailed("ExecutionRedriven", {{"redriveCount", event.redrive_count}});
    }
    Rendering operator()(const MapRunRedriven& event) const {
        return detailed("MapRunRedriven", {{"mapRunArn", event.arn}, {"redriveCount", event.redrive_count}});
    }

  private:
    static Rendering not_shown() { return {}; }

    template <class Event>
    static Rendering iteration(std::string_view what, const Event& event) {
        return detailed("MapIteration" + std::string{what}, {{"name", event.name}, {"index", event.index}});
    }

    static std::string state_name(StateType type) { return std::string{asl::to_string(type)}; }

    // "input" and "inputDetails". `truncated` is true in logs alone, never in answers of the API.
    Json with_data(const std::string& name, const Payload& payload) const {
        Json members = Json::object();
        if (options_.include_execution_data) members[name] = payload.text();
        members[name + "Details"] = {{"truncated", false}};
        return members;
    }

    static void add_credentials(Json& details, const std::optional<Payload>& credentials) {
        if (!credentials || !credentials->json().is_object()) return;
        const auto role = credentials->json().find("RoleArn");
        if (role != credentials->json().end()) details["taskCredentials"] = {{"roleArn", *role}};
    }

    const HistoryOptions& options_;
};

}  // namespace

ServiceResource service_resource(std::string_view resource_arn) {
    // What follows the fifth colon: arn:partition:states:region:account:
    std::string_view rest = resource_arn;
    for (int i = 0; i < 5; ++i) {
        const auto colon = rest.find(':');
        if (colon == std::string_view::npos) return {{}, resource_arn};
        rest.remove_prefix(colon + 1);
    }
    constexpr std::string_view sdk = "aws-sdk:";
    const auto end_of_type = rest.find(':', rest.starts_with(sdk) ? sdk.size() : 0);
    if (end_of_type == std::string_view::npos) return {rest, {}};
    return {rest.substr(0, end_of_type), rest.substr(end_of_type + 1)};
}

Json history_event(const RecordedEvent& recorded, const HistoryOptions& options) {
    Rendering rendering = std::visit(Renderer{options}, recorded.event);
    Json event = {{"timestamp", epoch_seconds(recorded.at)},
                  {"type", std::move(rendering.type)},
                  {"id", recorded.id},
                  {"previousEventId", recorded.previous}};
    if (!rendering.details_name.empty()) event[rendering.details_name] = std::move(rendering.details);
    return event;
}

}  // namespace pawl::web::aws
