#include "orchestrator/function_task_runner.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "orchestrator/clock.hpp"
#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/function_pool.hpp"
#include "orchestrator/functions/invocation_error.hpp"
#include "orchestrator/functions/lambda_result.hpp"
#include "orchestrator/functions/registry/event_queue.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/text_encodings.hpp"
#include "states/entropy.hpp"
#include "states/error_names.hpp"

namespace pawl {
namespace {

constexpr std::string_view invoke_resource = "arn:aws:states:::lambda:invoke";
constexpr std::string_view invoke_and_wait_resource = "arn:aws:states:::lambda:invoke.waitForTaskToken";

// The engine ends a task at its TimeoutSeconds and cancels it; the pool must not do so first, with another error.
constexpr std::chrono::seconds after_the_engine{5};

// Answers that are known at once, from a thread of its own: a listener must not be called from within `start`.
class AnswerThread {
  public:
    void post(std::function<void()> answer) {
        const std::lock_guard lock{mutex_};
        answers_.push_back(std::move(answer));
        wake_.notify_one();
    }

  private:
    void run(const std::stop_token& stop) {
        std::unique_lock lock{mutex_};
        while (wake_.wait(lock, stop, [this] { return !answers_.empty(); }) && !stop.stop_requested()) {
            const auto answer = std::move(answers_.front());
            answers_.pop_front();
            lock.unlock();
            answer();
            lock.lock();
        }
    }

    std::mutex mutex_;  // a mailbox in small
    std::condition_variable_any wake_;
    std::deque<std::function<void()>> answers_;
    std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};
};

// Parameters of lambda:invoke, or what Lambda would say to them.
struct InvokeRequest {
    FunctionName function;
    std::string payload = "{}";
    std::string type = "RequestResponse";
    std::string client_context;
    bool log_tail = false;
};

// As the SDK words a refusal of the service: "Lambda.X" with "message (Service: AWSLambda; …)".
AslError service_error(std::string_view name, int status, std::string_view code, std::string_view message,
                       std::string_view request_id) {
    return {"Lambda." + std::string{name},
            std::string{message} + " (Service: AWSLambda; Status Code: " + std::to_string(status) +
                "; Error Code: " + std::string{code} + "; Request ID: " + std::string{request_id} + "; Proxy: null)"};
}

AslError service_error(const ApiError& error, std::string_view request_id) {
    return service_error(error.type,
                         error.type == "TooManyRequestsException" ? 429
                         : error.type == "ServiceException"       ? 500
                                                                  : 404,
                         error.type, error.message, request_id);
}

AslError invalid_value(std::string_view value, std::string_view member, std::string_view constraint,
                       std::string_view request_id) {
    return service_error("AWSLambdaException", 400, "ValidationException",
                         "1 validation error detected: Value '" + std::string{value} + "' at '" + std::string{member} +
                             "' failed to satisfy constraint: " + std::string{constraint},
                         request_id);
}

// A text parameter that may be absent or null.
Result<std::string> text_parameter(const Payload& parameters, std::string_view name) {
    const auto found = parameters.json().find(std::string{name});
    if (found == parameters.json().end() || found->is_null()) return std::string{};
    if (found->is_string()) return found->get<std::string>();
    return sdk::not_started(parameters, "The value for the field '" + std::string{name} + "' must be a STRING");
}

// What becomes the event. A text is taken as the event's JSON itself; nothing and null become an empty object.
Result<std::string> event_of(const Json& parameters, std::string_view request_id) {
    const auto payload = parameters.find("Payload");
    if (payload == parameters.end() || payload->is_null()) return std::string{"{}"};
    if (!payload->is_string()) return to_text(*payload);
    auto text = payload->get<std::string>();
    if (text.empty()) return std::string{"{}"};
    if (const auto wrong = unreadable_payload(text)) {
        return service_error(wrong->type, 400, wrong->type, wrong->message, request_id);
    }
    return text;
}

// The services that AWS integrates and nobody here does.
constexpr auto other_integrations = std::to_array<std::string_view>(
    {"athena", "batch", "bedrock", "codebuild", "databrew", "ecs", "eks", "elasticmapreduce", "emr-containers",
     "emr-serverless", "glue", "mediaconvert", "sagemaker"});

bool is_other_integration(std::string_view resource) {
    auto service = resource.starts_with("arn:aws:states:::") ? resource.substr(17) : std::string_view{};
    service = service.substr(0, service.find(':'));
    return std::ranges::find(other_integrations, service) != other_integrations.end();
}

bool calls_function(std::string_view resource) {
    return resource == invoke_resource || resource == invoke_and_wait_resource || parse_function_arn(resource);
}

constexpr std::array<std::string_view, 6> invoke_members{"FunctionName",   "Payload", "ClientContext",
                                                         "InvocationType", "LogType", "Qualifier"};

Result<InvokeRequest> read_invoke(const Payload& parameters, std::string_view request_id) {
    if (parameters.json().is_object()) {
        if (const auto unknown = sdk::unknown_member(parameters.json(), invoke_members)) {
            return sdk::not_started(parameters, *unknown);
        }
    }
    if (!parameters.json().is_object() || !parameters.json().contains("FunctionName")) {
        return sdk::not_started(parameters, "The field 'FunctionName' is required but was missing");
    }
    const auto function = text_parameter(parameters, "FunctionName");
    const auto qualifier = text_parameter(parameters, "Qualifier");
    auto type = text_parameter(parameters, "InvocationType");
    const auto log_type = text_parameter(parameters, "LogType");
    auto context = text_parameter(parameters, "ClientContext");
    for (const auto* read : {&function, &qualifier, &std::as_const(type), &log_type, &std::as_const(context)}) {
        if (!*read) return read->error();
    }
    auto event = event_of(parameters.json(), request_id);
    if (!event) return std::move(event).error();

    const auto name = parse_function_name(*function);
    if (!name) {
        return invalid_value(*function, "functionName",
                             "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?"
                             "([a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)"
                             "(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
                             request_id);
    }
    InvokeRequest request{*name, *std::move(event), "RequestResponse", *std::move(context), *log_type == "Tail"};
    if (!qualifier->empty()) request.function.qualifier = *qualifier;
    if (!type->empty()) request.type = *std::move(type);
    if (request.type != "RequestResponse" && request.type != "Event" && request.type != "DryRun") {
        return invalid_value(request.type, "invocationType",
                             "Member must satisfy enum value set: [Event, RequestResponse, DryRun]", request_id);
    }
    if (!is_base64(request.client_context)) {
        return service_error("InvalidRequestContentException", 400, "InvalidRequestContentException",
                             "Client context must be a valid Base64-encoded JSON object.", request_id);
    }
    return request;
}

// A failed function's error, as Step Functions takes it from Lambda's answer.
AslError function_error(const InvocationError& error) {
    if (!error.type.empty()) return {error.type, error.document};
    return {"Lambda.Unknown",
            "The cause could not be determined because Lambda did not return an error type. "
            "Returned payload: " +
                error.document};
}

std::uint64_t random_seed() {
    std::uint64_t seed = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char*>(&seed), sizeof seed) != 1) {
        throw std::runtime_error{"no random bytes"};
    }
    return seed;
}

}  // namespace

std::span<const std::string_view> lambda_invoke_members() { return invoke_members; }

// Shared with the callbacks of invocations in work: they may come after the runner has gone, and find no task then.
struct FunctionTaskRunner::Impl : std::enable_shared_from_this<FunctionTaskRunner::Impl> {
    Impl(FunctionPool& functions, const Clock& time, Settings with)
        : pool{functions}, clock{time}, settings{std::move(with)} {}

    std::string arn_of(const FunctionName& function) const {
        const auto qualifier = function.qualifier.empty() ? "" : ":" + function.qualifier;
        return "arn:aws:lambda:" + settings.region + ":" + settings.account + ":function:" + function.name + qualifier;
    }
    std::string new_request_id() {
        const std::lock_guard lock{mutex};
        return random.uuid();
    }

    ApiResult<FunctionTarget> resolve(const FunctionName& function, const std::string& arn) const;
    std::optional<ApiError> invoke(const FunctionTarget& target, Invocation invocation);
    void cancel(const std::string& request_id) {
        settings.invoker ? settings.invoker->cancel(request_id) : pool.cancel(request_id);
    }
    void post(std::function<void()> answer) {
        const std::lock_guard lock{mutex};
        if (answers) answers->post(std::move(answer));
    }
    void refuse(TaskListener listener, AslError error);
    void start_direct(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
                      TaskListener listener);
    void start_invoke(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
                      TaskListener listener);
    void run(const TaskKey& key, const StartTask& task, const FunctionTarget& target, Invocation invocation,
             TaskListener listener, std::function<void(const TaskListener&, InvocationReport)> done);
    bool forget(const TaskKey& key, const std::string& request_id);

    FunctionPool& pool;
    const Clock& clock;
    const Settings settings;
    std::mutex mutex;  // shards start and cancel, the pool's threads answer
    SeededRandom random{random_seed()};
    std::map<TaskKey, std::string> running;  // request ids
    std::unique_ptr<AnswerThread> answers = std::make_unique<AnswerThread>();
};

void FunctionTaskRunner::Impl::refuse(TaskListener listener, AslError error) {
    const bool called = error.name != error::runtime;  // else the parameters are not those of a call
    post([called, listener = std::move(listener), error = std::move(error)] {
        if (called) listener.started();
        listener.answered(error, called ? TaskFailure::Run : TaskFailure::Schedule);
    });
}

// False: it was cancelled, or started anew, meanwhile.
bool FunctionTaskRunner::Impl::forget(const TaskKey& key, const std::string& request_id) {
    const std::lock_guard lock{mutex};
    const auto found = running.find(key);
    if (found == running.end() || found->second != request_id) return false;
    running.erase(found);
    return true;
}

ApiResult<FunctionTarget> FunctionTaskRunner::Impl::resolve(const FunctionName& function,
                                                            const std::string& arn) const {
    if (settings.invoker) {
        auto target = settings.invoker->resolve(function);
        if (target) target->arn = arn;
        return target;
    }
    if (!pool.knows(function.name)) return ApiError{"ResourceNotFoundException", "Function not found: " + arn};
    const auto version = parse_version(function.qualifier).value_or(latest_version);
    return FunctionTarget{std::make_shared<const FunctionRecord>(), version, arn, function.name};
}

std::optional<ApiError> FunctionTaskRunner::Impl::invoke(const FunctionTarget& target, Invocation invocation) {
    invocation.function_arn = target.arn;
    if (settings.invoker) return settings.invoker->invoke(target, std::move(invocation));
    invocation.function = target.pool;
    pool.invoke(std::move(invocation));
    return std::nullopt;
}

void FunctionTaskRunner::Impl::run(const TaskKey& key, const StartTask& task, const FunctionTarget& target,
                                   Invocation invocation, TaskListener listener,
                                   std::function<void(const TaskListener&, InvocationReport)> done) {
    if (task.deadline) {
        invocation.timeout = std::max(*task.deadline - clock.now(), Millis{0}) + after_the_engine;
    }
    std::string superseded;
    {
        const std::lock_guard lock{mutex};
        superseded = std::exchange(running[key], invocation.request_id);
    }
    if (!superseded.empty()) cancel(superseded);
    const auto request_id = invocation.request_id;
    invocation.started = listener.started;
    invocation.finished = [self = weak_from_this(), key, request_id, listener,
                           done = std::move(done)](InvocationReport report) {
        const auto runner = self.lock();
        if (!runner || !runner->forget(key, request_id)) return;
        if (!report.outcome && report.outcome.error().refused) {
            return listener.answered(service_error(refusal_of(report.outcome.error()), request_id), TaskFailure::Run);
        }
        done(listener, std::move(report));
    };
    if (const auto refusal = invoke(target, std::move(invocation)); refusal && forget(key, request_id)) {
        refuse(std::move(listener), service_error(*refusal, request_id));
    }
}

void FunctionTaskRunner::Impl::start_direct(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
                                            TaskListener listener) {
    const auto function = parse_function_arn(task.resource);
    auto request_id = new_request_id();
    const auto target = function ? resolve(*function, task.resource)
                                 : ApiError{"ResourceNotFoundException", "Function not found: " + task.resource};
    if (!target) return refuse(std::move(listener), service_error(target.error(), request_id));
    Invocation invocation;
    invocation.request_id = std::move(request_id);
    invocation.payload = task.parameters.text();
    invocation.execution_arn = execution_arn;
    run(key, task, *target, std::move(invocation), std::move(listener),
        [](const TaskListener& to, InvocationReport report) {
            if (!report.outcome) return to.answered(function_error(report.outcome.error()), TaskFailure::Run);
            to.answered(Payload::from_text(as_json(*std::move(report.outcome))), TaskFailure::Run);
        });
}

void FunctionTaskRunner::Impl::start_invoke(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
                                            TaskListener listener) {
    auto request_id = new_request_id();
    const auto request = read_invoke(task.parameters, request_id);
    if (!request) return refuse(std::move(listener), request.error());
    const auto arn = arn_of(request->function);
    const auto target = resolve(request->function, arn);
    if (!target) return refuse(std::move(listener), service_error(target.error(), request_id));
    const bool waits = task.resource == invoke_and_wait_resource;
    const auto give = [waits](const TaskListener& to, const LambdaResult& result) {
        auto output = to_payload(result);
        waits ? to.submitted(std::move(output)) : to.answered(std::move(output), TaskFailure::Run);
    };
    LambdaResult result;
    result.request_id = request_id;
    result.executed_version = version_text(target->version);

    Invocation invocation;
    invocation.request_id = std::move(request_id);
    invocation.payload = request->payload;
    invocation.execution_arn = execution_arn;
    invocation.client_context = request->client_context;
    if (request->type == "RequestResponse") {
        return run(
            key, task, *target, std::move(invocation), std::move(listener),
            [this, give, result, tail = request->log_tail](const TaskListener& to, InvocationReport report) mutable {
                if (!report.outcome) return to.answered(function_error(report.outcome.error()), TaskFailure::Run);
                result.response = *std::move(report.outcome);
                if (tail) result.log_tail = std::move(report.log_tail);
                result.at = clock.now();
                give(to, result);
            });
    }
    result.status = request->type == "Event" ? 202 : 204;
    result.executed_version.clear();
    result.at = clock.now();
    if (request->type == "Event" && settings.events) {
        // On its own from here on; the task is done when that is durable.
        return settings.events->accept(
            invocation.request_id, request->function, std::move(invocation.payload),
            std::move(invocation.client_context),
            [weak = weak_from_this(), give, result, listener](const std::optional<ApiError>& refusal) {
                const auto self = weak.lock();
                if (!self) return;
                if (refusal) return self->refuse(listener, service_error(*refusal, result.request_id));
                self->post([give, result, listener] {
                    listener.started();
                    give(listener, result);
                });
            });
    }
    if (request->type == "Event") (void)invoke(*target, std::move(invocation));
    post([give, result, listener = std::move(listener)] {
        listener.started();
        give(listener, result);
    });
}

FunctionTaskRunner::FunctionTaskRunner(FunctionPool& pool, const Clock& clock, Settings settings)
    : impl_{std::make_shared<Impl>(pool, clock, std::move(settings))} {}

FunctionTaskRunner::~FunctionTaskRunner() {
    // Here: the last callback of the pool may be the one that frees the rest.
    std::unique_ptr<AnswerThread> answers;
    const std::lock_guard lock{impl_->mutex};
    answers = std::move(impl_->answers);
    impl_->running.clear();
}

bool FunctionTaskRunner::recognizes(std::string_view resource) {
    return calls_function(resource) || is_other_integration(resource);
}

std::optional<std::string> FunctionTaskRunner::unsupported(std::string_view resource) const {
    if (calls_function(resource)) return std::nullopt;
    if (!is_other_integration(resource)) return sdk::unrecognized_resource(resource);
    return "The resource provided " + std::string{resource} +
           " is a service integration that is not supported yet. Call the service from a function, through "
           "arn:aws:states:::lambda:invoke.";
}

void FunctionTaskRunner::start(const TaskKey& key, const StartTask& task, const std::string& execution_arn,
                               TaskListener listener) {
    if (task.resource == invoke_resource || task.resource == invoke_and_wait_resource) {
        impl_->start_invoke(key, task, execution_arn, std::move(listener));
    } else {
        impl_->start_direct(key, task, execution_arn, std::move(listener));
    }
}

void FunctionTaskRunner::cancel(const TaskKey& key) {
    std::string request_id;
    {
        const std::lock_guard lock{impl_->mutex};
        const auto found = impl_->running.find(key);
        if (found == impl_->running.end()) return;
        request_id = std::move(found->second);
        impl_->running.erase(found);
    }
    impl_->cancel(request_id);
}

}  // namespace pawl
