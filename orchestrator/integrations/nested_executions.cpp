#include "orchestrator/integrations/nested_executions.hpp"

#include <cstdio>

#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/names.hpp"
#include "persistence/store.hpp"
#include "states/error_names.hpp"
#include "states/integration_pattern.hpp"

namespace pawl {
namespace {

constexpr std::string_view optimized = "arn:aws:states:::states:startExecution";
constexpr std::string_view by_sdk = "arn:aws:states:::aws-sdk:sfn:startExecution";
constexpr std::size_t mailbox_limit = 100'000;  // post() never refuses; the number only has to be given
constexpr Millis nap{60'000};
constexpr Millis second_try{500};  // after the store has failed

// ".sync:2": what follows the action; nothing when it is another action.
std::optional<std::string_view> pattern_of(std::string_view resource) {
    for (const auto action : {optimized, by_sdk}) {
        const auto rest = resource.substr(std::min(action.size(), resource.size()));
        if (resource.starts_with(action) && (rest.empty() || rest.starts_with('.'))) return rest;
    }
    return std::nullopt;
}

bool waits_for_end(std::string_view resource) { return integration_pattern(resource) == IntegrationPattern::RunAJob; }

// "StepFunctions.StateMachineDoesNotExistException" or "Sfn.…", in the sentence of the SDK behind it.
AslError service_error(std::string_view resource, const ApiError& error) {
    if (resource.starts_with(by_sdk)) return sdk::sfn_error(error);
    const std::string suffix = error.type.ends_with("Exception") ? "" : "Exception";
    return {"StepFunctions." + error.type + suffix,
            error.message + " (Service: AWSStepFunctions; Status Code: 400; Error Code: " + error.type +
                "; Request ID: " + new_uuid() + "; Proxy: null)"};
}

Json epoch_millis(Instant at) { return at.time_since_epoch().count(); }

// As the SDK shows StartExecution's answer.
Payload started_payload(std::string_view resource, const ExecutionStartedView& started) {
    if (resource.starts_with(by_sdk)) {
        return Payload::from_json({{"ExecutionArn", started.arn}, {"StartDate", to_iso8601(started.started)}});
    }
    const auto request = new_uuid();
    const auto length = std::to_string(started.arn.size() + 48);  // of the answer's body
    Json document = {{"ExecutionArn", started.arn}};
    sdk::add_metadata(document,
                      {{"x-amzn-RequestId", request},
                       {"connection", "keep-alive"},
                       {"Content-Length", length},
                       {"Date", sdk::http_date(started.started)},
                       {"Content-Type", "application/x-amz-json-1.0"}},
                      200, request);
    document["StartDate"] = epoch_millis(started.started);
    return Payload::from_json(std::move(document));
}

// As the SDK shows DescribeExecution's answer; `as_text`: input and output stay JSON in texts.
Json ended_document(const ExecutionView& view, bool as_text) {
    const auto data = [&](const Payload& payload) { return as_text ? Json(payload.text()) : payload.json(); };
    Json document = {{"ExecutionArn", view.row.arn}};
    if (view.error.cause) document["Cause"] = *view.error.cause;
    if (view.error.name) document["Error"] = *view.error.name;
    document["Input"] = data(view.input);
    document["InputDetails"] = {{"Included", true}};
    document["Name"] = view.row.name;
    if (view.output) {
        document["Output"] = data(*view.output);
        document["OutputDetails"] = {{"Included", true}};
    }
    document["RedriveCount"] = view.row.redrive_count;
    document["RedriveStatus"] = to_string(view.redrive.kind);
    if (!view.redrive.reason.empty()) document["RedriveStatusReason"] = view.redrive.reason;
    document["StartDate"] = epoch_millis(view.row.started);
    document["StateMachineArn"] = view.machine_arn;
    document["Status"] = to_string(view.row.status);
    if (view.row.stopped) document["StopDate"] = epoch_millis(*view.row.stopped);
    return document;
}

}  // namespace

NestedExecutions::NestedExecutions() : mailbox_{mailbox_limit} {}

void NestedExecutions::attach(Orchestrator& orchestrator) {
    orchestrator_ = &orchestrator;
    thread_ = std::thread{[this] { loop(); }};
}

void NestedExecutions::detach() {
    mailbox_.close();
    if (thread_.joinable()) thread_.join();
    waiting_.clear();
}

bool NestedExecutions::serves(std::string_view resource) { return pattern_of(resource).has_value(); }

std::optional<std::string> NestedExecutions::unsupported(std::string_view resource) const {
    const auto pattern = pattern_of(resource);
    const bool may_wait = resource.starts_with(optimized);
    if (pattern == "" || pattern == ".waitForTaskToken") return std::nullopt;
    if (may_wait && (pattern == ".sync" || pattern == ".sync:2")) return std::nullopt;
    return "The resource provided " + std::string{resource} +
           " is not recognized. The value is not a valid resource ARN, or the resource is not available in this "
           "region.";
}

void NestedExecutions::start(const TaskKey& key, const StartTask& task, const std::string&, TaskListener listener) {
    mailbox_.post(Start{key, task, std::move(listener)});
}
void NestedExecutions::cancel(const TaskKey& key) { mailbox_.post(Cancel{key}); }

void NestedExecutions::loop() {
    while (!mailbox_.closed()) {
        work_on(mailbox_.take_all(again_.empty() ? nap : second_try));
        if (!again_.empty() && std::chrono::steady_clock::now() >= again_at_) work_on(std::exchange(again_, {}));
    }
}

void NestedExecutions::work_on(std::vector<Message> messages) {
    for (auto& message : messages) {
        try {
            std::visit([this](auto& m) { handle(m); }, message);
        } catch (const StoreError& trouble) {
            std::fprintf(stderr, "pawl: a nested execution is tried again: %s\n", trouble.what());
            again_.push_back(std::move(message));
            again_at_ = std::chrono::steady_clock::now() + second_try;
        }
    }
}

void NestedExecutions::handle(Start& message) {
    const auto& [key, task, listener] = message;
    const auto& parameters = task.parameters.json();
    const auto failure = waits_for_end(task.resource) ? TaskFailure::Submit : TaskFailure::Run;
    const auto member = parameters.is_object() ? parameters.find("StateMachineArn") : parameters.end();
    if (member == parameters.end() || !member->is_string()) {
        return listener.answered(sdk::missing_parameter(task.parameters, "StateMachineArn"), failure);
    }
    StartExecution request;
    request.machine_arn = member->get<std::string>();
    if (const auto name = parameters.find("Name"); name != parameters.end() && name->is_string()) {
        request.name = name->get<std::string>();
    }
    if (const auto input = parameters.find("Input"); input != parameters.end() && !input->is_null()) {
        request.input = input->is_string() ? input->get<std::string>() : to_text(*input);
    }
    // The same task started again, after a crash, finds what it had started.
    request.retry_key = std::to_string(key.execution) + ":" + std::to_string(key.task);
    if (task.submitted && request.name) {  // by its name it is found even when its machine is gone
        const auto arn = execution_arn_of(split_machine_arn(request.machine_arn).machine_arn, *request.name);
        if (orchestrator_->describe_execution(arn)) return wait_for(message, arn);
    }
    const auto started = orchestrator_->start_execution(request);
    if (!started) {
        if (started.error().type == "ServiceUnavailable") throw StoreError{started.error().message};
        return listener.answered(service_error(task.resource, started.error()), failure);
    }
    listener.started();
    if (!waits_for_end(task.resource)) {
        const bool token = is_submitted_first(task.resource);
        return token ? listener.submitted(started_payload(task.resource, *started))
                     : listener.answered(started_payload(task.resource, *started), TaskFailure::Run);
    }
    listener.submitted(started_payload(task.resource, *started));
    wait_for(message, started->arn);
}

void NestedExecutions::wait_for(const Start& start, std::string arn) {
    const auto key = start.key;
    Waiting waiting{arn, start.task.resource.ends_with(".sync"), start.listener, {}};
    waiting.subscription = orchestrator_->watch(arn, [this, key](const ExecutionNews& news) {
        if (news.status != ExecutionStatus::Running) mailbox_.post(Ended{key});
    });
    waiting_.insert_or_assign(key, std::move(waiting));
    mailbox_.post(Ended{key});  // it may have ended before anybody watched
}

void NestedExecutions::handle(Ended& message) {
    const auto found = waiting_.find(message.key);
    if (found == waiting_.end()) return;
    const auto view = orchestrator_->describe_execution(found->second.arn);
    if (!view || view->row.status == ExecutionStatus::Running) return;
    const auto waiting = std::move(found->second);
    waiting_.erase(found);
    auto document = ended_document(*view, waiting.output_as_text);
    if (view->row.status == ExecutionStatus::Succeeded) {
        return waiting.listener.answered(Payload::from_json(std::move(document)), TaskFailure::Run);
    }
    waiting.listener.answered(AslError{std::string{error::task_failed}, to_text(document)}, TaskFailure::Run);
}

void NestedExecutions::handle(Cancel& message) {
    std::erase_if(again_, [&](const Message& other) {
        const auto* start = std::get_if<Start>(&other);
        return start && start->key == message.key;
    });
    const auto found = waiting_.find(message.key);
    if (found == waiting_.end()) return;
    const auto stopped = orchestrator_->stop_execution({found->second.arn, {}});  // it may have ended by itself
    if (!stopped && stopped.error().type == "ServiceUnavailable") throw StoreError{stopped.error().message};
    waiting_.erase(found);
}

}  // namespace pawl
