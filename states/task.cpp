// Hands work out and waits for its answer. Spec: states-language.net, "Task State".
#include "states/error_names.hpp"
#include "states/integration_pattern.hpp"
#include "states/states.hpp"
#include "states/whole_number.hpp"

namespace pawl {
namespace {

TaskFamily family_of(std::string_view resource) {
    if (resource.starts_with("arn:") && resource.find(":lambda:") != std::string_view::npos &&
        resource.find(":function:") != std::string_view::npos) {
        return TaskFamily::LambdaFunction;
    }
    return resource.find(":activity:") != std::string_view::npos ? TaskFamily::Activity : TaskFamily::Task;
}

// TimeoutSeconds or HeartbeatSeconds, or what their …Path selects: a positive integer.
Result<std::optional<std::chrono::seconds>> duration(const asl::ValueOrPath<std::int64_t>& field, std::string_view name,
                                                     Place& place, const Json& input) {
    using Seconds = std::optional<std::chrono::seconds>;
    if (const auto* seconds = field.value()) return Seconds{std::chrono::seconds{*seconds}};
    if (!field.present()) return Seconds{};
    if (const auto* query = field.query()) {
        const auto seconds = place.whole_number(*query, 1, asl::longest_seconds);
        if (!seconds) return seconds.error();
        return Seconds{std::chrono::seconds{*seconds}};
    }
    const auto value = place.select(*field.path(), input);
    if (!value) return value.error();
    if (!value->is_number_integer() || whole_number_of(*value) <= 0) {
        return place.runtime_error("The " + std::string{name} + " parameter does not reference a positive integer: " +
                                   field.path()->text() + " == " + to_text(*value));
    }
    return Seconds{std::chrono::seconds{std::min(whole_number_of(*value), asl::longest_seconds)}};
}

// A role that is no text: histories could not tell of it.
std::optional<AslError> wrong_role(const Payload& credentials, Place& place) {
    const auto& json = credentials.json();
    const auto role = json.is_object() ? json.find("RoleArn") : json.end();
    if (role != json.end() && role->is_string()) return std::nullopt;
    return place.runtime_error("The value for the field 'RoleArn' must be a STRING");
}

}  // namespace

Step enter(const asl::Task& task, Place& place) {
    auto input = place.input_path();
    if (!input) return Raise{std::move(input).error()};
    const auto timeout = duration(task.timeout_seconds, "TimeoutSecondsPath", place, input->json());
    if (!timeout) return Raise{timeout.error()};
    const auto heartbeat = duration(task.heartbeat_seconds, "HeartbeatSecondsPath", place, input->json());
    if (!heartbeat) return Raise{heartbeat.error()};
    std::optional<Payload> credentials;
    if (task.credentials) {
        auto evaluated = place.evaluate(*task.credentials, *input);
        if (!evaluated) return Raise{std::move(evaluated).error()};
        if (auto wrong = wrong_role(*evaluated, place)) return Raise{*std::move(wrong)};
        credentials = *std::move(evaluated);
    }
    if (is_submitted_first(task.resource)) place.announce_task();
    auto parameters = place.parameters(*input);
    if (!parameters) return Raise{std::move(parameters).error()};
    if (parameters->size_bytes() > place.turn.limits().payload_bytes) {
        return Raise{place.too_large(place.state.name), false, true};
    }
    place.turn.record(place.frame, TaskScheduled{family_of(task.resource), task.resource, *parameters, *timeout,
                                                 *heartbeat, credentials});
    place.turn.ask(start_task_effect(place.visit()));
    return Suspend{};
}

Step resume(const asl::Task&, Place& place, const Payload& result) { return place.complete(result, place.state.next); }

StartTask start_task_effect(const Visit& visit) {
    const auto& task = *visit.task;
    return {task.id,
            task.scheduled.family,
            task.scheduled.resource,
            task.scheduled.parameters,
            task.deadline,
            task.scheduled.credentials,
            visit.state,
            task.phase == attempt::Phase::Submitted};
}

}  // namespace pawl
