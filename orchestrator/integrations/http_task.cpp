#include "orchestrator/integrations/http_task.hpp"

#include <algorithm>

#include "orchestrator/clock.hpp"
#include "orchestrator/integrations/http_task_request.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "states/error_names.hpp"
#include "states/utf8.hpp"

namespace pawl {
namespace {

constexpr std::size_t most_cause_characters = 32'768;  // as the API limits causes
constexpr std::string_view resource_name = "arn:aws:states:::http:invoke";
constexpr std::string_view socket_error = "States.Http.Socket";
constexpr Millis longest_call{60'000};
constexpr Millis after_the_engine{1'000};                // which ends a task at its own time-out first
constexpr std::size_t answer_limit_bytes = 1024 * 1024;  // beyond what a state may hold, so that the engine can say so

AslError connection_error(const std::string& why) { return {"Events.ConnectionResource.InvalidConnectionState", why}; }

AslError failure_error(const HttpFailure& failure) {
    switch (failure.kind) {
        case HttpFailure::Kind::TooLarge:
            return {std::string{error::data_limit_exceeded}, failure.message};
        case HttpFailure::Kind::Forbidden:
            return {std::string{socket_error},
                    failure.message +
                        ": HTTP Tasks reach public addresses only, as on AWS; --http-task-private lets "
                        "them reach this machine and its networks, but never what a cloud tells its machines"};
        default:
            return {std::string{socket_error}, failure.message};
    }
}

Result<Payload> result_of(const HttpAnswer& answer) {
    if (answer.status < 200 || answer.status > 299) {
        return AslError{"States.Http.StatusCode." + std::to_string(answer.status),
                        std::string{first_characters(valid_utf8(answer.body), most_cause_characters)}};
    }
    return Payload::from_json(plain_http_answer(answer));
}

// "[A: 1, B: 2]"
std::string headers_text(const HttpHeaders& headers) {
    std::string text;
    for (const auto& [name, value] : headers) text += (text.empty() ? "" : ", ") + name + ": " + value;
    return "[" + text + "]";
}

std::string protocol_of(const HttpRequest& request) { return request.url.substr(0, request.url.find(':')); }

// The request without what its connection adds: secrets, all of it, as AWS has it.
std::shared_ptr<const Json> shown_request(const Json& parameters, const std::string& region) {
    const auto read = read_http_task(parameters, HttpConnection{}, region);
    if (!read) return nullptr;
    const auto& request = read->request;
    Json shown{{"protocol", protocol_of(request)},
               {"method", request.method},
               {"url", request.url},
               {"headers", headers_text(request.headers)}};
    if (!request.body.empty()) shown["body"] = request.body;
    return std::make_shared<const Json>(std::move(shown));
}

Json exchange_of(const Json& request, const Result<HttpAnswer, HttpFailure>& answer) {
    Json exchange{{"request", request}};
    if (!answer) return exchange;
    exchange["response"] = {{"protocol", request.at("protocol")},
                            {"statusCode", std::to_string(answer->status)},
                            {"statusMessage", answer->status_text},
                            {"headers", headers_text(answer->headers)},
                            {"body", valid_utf8(answer->body)}};
    return exchange;
}

}  // namespace

HttpTask::HttpTask(Settings settings, const Clock& clock)
    : settings_{std::move(settings)}, clock_{clock}, tokens_{clock}, client_{settings_.reach} {}

bool HttpTask::serves(std::string_view resource) { return resource.starts_with("arn:aws:states:::http:"); }

bool HttpTask::recognizes(std::string_view resource) { return resource == resource_name; }

std::optional<std::string> HttpTask::unsupported(std::string_view resource) const {
    if (recognizes(resource)) return std::nullopt;
    return sdk::unrecognized_resource(resource);
}

void HttpTask::start(const TaskKey& key, const StartTask& task, const std::string&, TaskListener listener) {
    const auto refuse = [&](std::string_view why) {
        listener.answered(sdk::not_started(task.parameters, why), TaskFailure::Schedule);
    };
    const auto& parameters = task.parameters.json();
    if (!parameters.is_object()) return refuse("The parameters must be an object");
    const auto arn = connection_arn(parameters);
    if (arn.empty()) return refuse("The field 'Authentication.ConnectionArn' is required but was missing");
    const auto* connection = settings_.connections.find(arn);
    if (!connection) {
        listener.started();
        return listener.answered(
            connection_error("The connection " + arn + " does not exist: name it in the file that --connections gives"),
            TaskFailure::Run);
    }
    auto read = read_http_task(parameters, *connection, settings_.region);
    if (!read) return refuse(read.error());
    listener.started();
    auto request = std::move(read->request);
    request.timeout = longest_call;
    request.answer_limit_bytes = answer_limit_bytes;
    if (task.deadline) {
        request.timeout = std::clamp(*task.deadline - clock_.now() + after_the_engine, Millis{1}, longest_call);
    }
    const auto shown = listener.traced ? shown_request(parameters, settings_.region) : nullptr;
    std::uint64_t serial = 0;
    {
        const std::lock_guard lock{mutex_};
        serial = ++last_serial_;
        under_way_[key] = {serial, 0};
    }
    const auto* oauth = std::get_if<OauthClient>(&connection->authorization);
    if (!oauth) return send(key, serial, std::move(request), shown, std::move(listener));
    tokens_.get(client_, *oauth, [=, this](const auto& authorization) {
        if (!authorization) {
            if (!forget(key, serial)) return;
            return listener.answered(connection_error(arn + ": " + authorization.error().why), TaskFailure::Run);
        }
        auto authorized = request;
        std::erase_if(authorized.headers,
                      [](const auto& header) { return !header_of({header}, "Authorization").empty(); });
        authorized.headers.emplace_back("Authorization", *authorization);
        auto to = listener;
        // A token that is refused is not used again: a Retry gets a new one.
        to.answered = [this, oauth, token = *authorization, listener](Result<Payload> answer, TaskFailure failure) {
            if (!answer && answer.error().name == "States.Http.StatusCode.401") tokens_.forget(*oauth, token);
            listener.answered(std::move(answer), failure);
        };
        send(key, serial, std::move(authorized), shown, std::move(to));
    });
}

void HttpTask::send(const TaskKey& key, std::uint64_t serial, HttpRequest request, std::shared_ptr<const Json> shown,
                    TaskListener listener) {
    const std::lock_guard lock{mutex_};
    const auto found = under_way_.find(key);
    if (found == under_way_.end() || found->second.serial != serial) return;  // cancelled while its token came
    found->second.ticket =
        client_.send(std::move(request), [this, key, serial, shown = std::move(shown), listener = std::move(listener)](
                                             const Result<HttpAnswer, HttpFailure>& answer) {
            if (!forget(key, serial)) return;
            if (shown) listener.traced(exchange_of(*shown, answer));
            listener.answered(answer ? result_of(*answer) : Result<Payload>{failure_error(answer.error())},
                              TaskFailure::Run);
        });
}

// False: it was cancelled, or started anew, meanwhile.
bool HttpTask::forget(const TaskKey& key, std::uint64_t serial) {
    const std::lock_guard lock{mutex_};
    const auto found = under_way_.find(key);
    if (found == under_way_.end() || found->second.serial != serial) return false;
    under_way_.erase(found);
    return true;
}

void HttpTask::cancel(const TaskKey& key) {
    const std::lock_guard lock{mutex_};
    const auto found = under_way_.find(key);
    if (found == under_way_.end()) return;
    client_.cancel(found->second.ticket);
    under_way_.erase(found);
}

}  // namespace pawl
