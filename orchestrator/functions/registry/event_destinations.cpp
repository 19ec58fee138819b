#include "orchestrator/functions/registry/event_destinations.hpp"

#include <algorithm>
#include <array>

#include "orchestrator/integrations/aws/endpoints.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"

namespace pawl {
namespace {

constexpr std::int64_t no_execution = 0;  // see TaskKey

struct Arn {
    std::string_view service, region, account, resource;
};

Arn split(std::string_view text) {
    std::array<std::string_view, 5> parts{};  // "arn", partition, service, region, account
    for (auto& part : parts) {
        const auto colon = text.find(':');
        part = text.substr(0, colon);
        text = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    }
    return {parts[2], parts[3], parts[4], text};
}

struct Integration {
    std::string_view arn_service;
    std::string_view resource;
    std::string_view service;  // its name among endpoints
};
constexpr std::array integrations{Integration{"sqs", "arn:aws:states:::sqs:sendMessage", "sqs"},
                                  Integration{"sns", "arn:aws:states:::sns:publish", "sns"},
                                  Integration{"events", "arn:aws:states:::events:putEvents", "eventbridge"}};

const Integration* integration_of(std::string_view arn_service) {
    const auto found = std::ranges::find(integrations, arn_service, &Integration::arn_service);
    return found == integrations.end() ? nullptr : &*found;
}

// Where the endpoint is says the endpoint's file; of a queue's URL, only account and name count there.
std::string queue_url(const Arn& arn) {
    return "https://sqs." + std::string{arn.region} + ".amazonaws.com/" + std::string{arn.account} + "/" +
           std::string{arn.resource};
}

std::string problem_of(const AslError& error) { return error.name.value_or("") + ": " + error.cause.value_or(""); }

// The record as an event of a bus; its type says how the invocation ended.
Json bus_event(const Delivery& delivery) {
    const auto record = parse_json(delivery.body);
    const auto context =
        record && record->is_object() ? record->value("requestContext", Json::object()) : Json::object();
    const bool success = context.is_object() && context.value("condition", Json()) == "Success";
    Json event = Json::object();
    event["EventBusName"] = delivery.arn;
    event["Source"] = "lambda";
    event["DetailType"] = std::string{"Lambda Function Invocation Result - "} + (success ? "Success" : "Failure");
    event["Detail"] = delivery.body;
    event["Resources"] = Json::array({delivery.arn});
    if (context.is_object() && context.contains("functionArn")) event["Resources"].push_back(context["functionArn"]);
    return event;
}

Json message_of(const Delivery& delivery) {
    const auto arn = split(delivery.arn);
    if (arn.service == "events") return Json{{"Entries", Json::array({bus_event(delivery)})}};
    Json message = Json::object();
    if (arn.service == "sqs") {
        message["QueueUrl"] = queue_url(arn);
        message["MessageBody"] = delivery.body;
    } else {
        message["TopicArn"] = delivery.arn;
        message["Message"] = delivery.body;
    }
    for (const auto& attribute : delivery.attributes) {
        message["MessageAttributes"][attribute.name] =
            Json{{"DataType", attribute.type}, {"StringValue", attribute.value}};
    }
    return message;
}

}  // namespace

EngineDestinations::EngineDestinations(Orchestrator& orchestrator, TaskRunner& services)
    : orchestrator_{orchestrator}, services_{services} {}

std::optional<std::string> EngineDestinations::unreachable(const std::string& arn) const {
    const auto parts = split(arn);
    if (parts.service == "states") return std::nullopt;
    const auto* integration = integration_of(parts.service);
    if (integration == nullptr) {
        return arn +
               " is no function, state machine, queue (SQS), topic (SNS) or event bus: nothing else can be reached "
               "from here";
    }
    if (parts.resource.ends_with(".fifo")) return arn + " is FIFO, which takes no events of functions";
    if (!services_.unsupported(integration->resource)) return std::nullopt;
    return arn + " " + aws::how_to_give_endpoint(*aws::find_service(integration->service));
}

void EngineDestinations::deliver(const Delivery& delivery, Done done) {
    if (auto problem = unreachable(delivery.arn)) return done(std::move(problem));
    const auto service = split(delivery.arn).service;
    if (service != "states") return send(delivery, integration_of(service)->resource, std::move(done));
    StartExecution request;
    request.machine_arn = delivery.arn;
    request.input = delivery.body;
    const auto started = orchestrator_.start_execution(request);
    done(started ? std::nullopt : std::optional{started.error().message});
}

void EngineDestinations::send(const Delivery& delivery, std::string_view resource, Done done) {
    const TaskKey key{no_execution, ++last_};
    StartTask task{};
    task.task = key.task;
    task.resource = resource;
    task.parameters = Payload::from_json(message_of(delivery));
    TaskListener listener;
    listener.started = [] {};
    listener.submitted = [done](const Payload&) { done(std::nullopt); };
    listener.answered = [done](const Result<Payload>& answer, TaskFailure) {
        done(answer ? std::nullopt : std::optional{problem_of(answer.error())});
    };
    services_.start(key, task, {}, std::move(listener));
}

}  // namespace pawl
