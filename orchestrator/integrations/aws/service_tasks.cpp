#include "orchestrator/integrations/aws/service_tasks.hpp"

#include <algorithm>

#include "orchestrator/clock.hpp"
#include "orchestrator/integrations/aws/service_answer.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "states/error_names.hpp"

namespace pawl::aws {
namespace {

constexpr Millis longest_call{60'000};
constexpr Millis after_the_engine{1'000};  // which ends a task at its own time-out first

bool is_signed(const Call& call, const Json& parameters) {
    return call.service->protocol != Protocol::Gateway || gateway_is_signed(parameters);
}

// Where an API of API Gateway is: in AWS at its own host, else at the stand-in, which is told by the Host header.
std::string origin_of(const Call& call, const Endpoint& endpoint, const Signable& request) {
    const auto host = header_of(request.headers, "Host");
    const bool own_host =
        endpoint.real && (call.service->protocol == Protocol::Gateway || call.service->protocol == Protocol::S3);
    if (own_host || (call.service->protocol == Protocol::S3 && !endpoint.path_style)) {
        return endpoint.url.scheme + "://" + host;
    }
    return endpoint.url.origin();
}

Result<Payload> result_of(const Call& call, const HttpAnswer& answer, const Endpoint& endpoint) {
    auto decoded = decode(call, answer, endpoint);
    if (!decoded) return service_error(call, decoded.error());
    auto result = *std::move(decoded);
    if (call.service->name == "eventbridge" && call.optimized) {
        const auto failed = result.find("FailedEntryCount");
        if (failed != result.end() && failed->is_number() && *failed != 0) {
            return AslError{"EventBridge.FailedEntry", to_text(result)};
        }
    }
    if (call.optimized && call.optimized->metadata) result = with_metadata(std::move(result), answer);
    return Payload::from_json(std::move(result));
}

}  // namespace

ServiceTasks::ServiceTasks(Endpoints endpoints, const Clock& clock) : endpoints_{std::move(endpoints)}, clock_{clock} {}

bool ServiceTasks::serves(std::string_view resource) { return is_service_call(resource); }

std::optional<std::string> ServiceTasks::unsupported(std::string_view resource) const {
    const auto named = "The resource provided " + std::string{resource};
    const auto call = find_call(resource);
    if (!call && is_no_call_of_aws(resource)) return sdk::unrecognized_resource(resource);
    if (!call) {
        return named +
               " is a service integration that is not supported: docs/integrations.md lists those that are. Call the "
               "service from a function, through arn:aws:states:::lambda:invoke.";
    }
    if (!knows_action(*call)) {
        return named + " is not supported: of " + std::string{call->service->name} +
               " there are only the actions that docs/integrations.md lists.";
    }
    if (!endpoints_.find(*call->service)) return named + " " + how_to_give_endpoint(*call->service) + ".";
    return std::nullopt;
}

void ServiceTasks::start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
                         TaskListener listener) {
    const auto call = find_call(task.resource);
    const auto* endpoint = call ? endpoints_.find(*call->service) : nullptr;
    if (!endpoint) {  // it was known when the machine was created
        const auto why = unsupported(task.resource).value_or("");
        return listener.answered(AslError{std::string{error::runtime}, why}, TaskFailure::Schedule);
    }
    const auto refuse = [&](const std::string& why) {
        listener.answered(sdk::not_started(task.parameters, why), TaskFailure::Schedule);
    };
    auto parameters = prepared(*call, task.parameters.json());
    if (!parameters) return refuse(parameters.error());
    if (call->optimized && call->service->name == "eventbridge" && !execution_arn.empty()) {
        name_origin(*parameters, execution_arn);
    }
    auto encoded = encode(*call, *parameters, *endpoint);
    if (!encoded) return refuse(encoded.error());
    listener.started();
    if (is_signed(*call, *parameters)) {
        sign(*encoded, endpoint->credentials,
             {endpoint->region, std::string{call->service->signing_name}, clock_.now()});
    }
    HttpRequest request;
    request.method = encoded->method;
    request.url = origin_of(*call, *endpoint, *encoded) + encoded->path;
    if (!encoded->query.empty()) request.url += "?" + query_text(encoded->query);
    request.headers = std::move(encoded->headers);
    request.body = std::move(encoded->body);
    request.timeout = longest_call;
    request.answer_limit_bytes = 1024 * 1024;  // a workflow may keep a quarter of it
    if (task.deadline) {
        request.timeout = std::clamp(*task.deadline - clock_.now() + after_the_engine, Millis{1}, longest_call);
    }
    send(key, *call, *endpoint, std::move(request), std::move(listener));
}

void ServiceTasks::send(const TaskKey& key, const Call& call, const Endpoint& endpoint, HttpRequest request,
                        TaskListener listener) {
    const std::lock_guard lock{mutex_};
    const auto serial = ++last_serial_;
    const auto done = [this, key, serial, call, &endpoint,
                       listener = std::move(listener)](const Result<HttpAnswer, HttpFailure>& answer) {
        if (!forget(key, serial)) return;
        auto result =
            answer ? result_of(call, *answer, endpoint) : Result<Payload>{transport_error(call, answer.error())};
        if (result && call.waits) return listener.submitted(*std::move(result));
        listener.answered(std::move(result), TaskFailure::Run);
    };
    under_way_[key] = {serial, client_.send(std::move(request), done)};
}

// False: it was cancelled, or started anew, meanwhile.
bool ServiceTasks::forget(const TaskKey& key, std::uint64_t serial) {
    const std::lock_guard lock{mutex_};
    const auto found = under_way_.find(key);
    if (found == under_way_.end() || found->second.serial != serial) return false;
    under_way_.erase(found);
    return true;
}

void ServiceTasks::cancel(const TaskKey& key) {
    const std::lock_guard lock{mutex_};
    const auto found = under_way_.find(key);
    if (found == under_way_.end()) return;
    client_.cancel(found->second.ticket);
    under_way_.erase(found);
}

}  // namespace pawl::aws
