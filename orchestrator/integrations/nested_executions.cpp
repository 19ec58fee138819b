#include "orchestrator/integrations/nested_executions.hpp"

#include <array>
#include <cstdio>

#include "orchestrator/integrations/nested_orphans.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/integrations/sfn_executions.hpp"
#include "orchestrator/names.hpp"
#include "persistence/store.hpp"
#include "states/error_names.hpp"
#include "states/integration_pattern.hpp"

namespace pawl {
namespace {

constexpr std::string_view optimized = "arn:aws:states:::states:startExecution";
constexpr std::string_view sdk_prefix = "arn:aws:states:::aws-sdk:sfn:";
constexpr std::string_view by_sdk = "arn:aws:states:::aws-sdk:sfn:startExecution";
constexpr std::string_view sync_by_sdk = "arn:aws:states:::aws-sdk:sfn:startSyncExecution";
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

// "describeExecution"; empty: not a call of the SDK that is answered at once.
std::string_view execution_call(std::string_view resource) {
    if (!resource.starts_with(sdk_prefix)) return {};
    const auto action = resource.substr(sdk_prefix.size());
    return sdk::is_execution_call(action) ? action : std::string_view{};
}

bool waits_for_end(std::string_view resource) { return integration_pattern(resource) == IntegrationPattern::RunAJob; }

// "StepFunctions.StateMachineDoesNotExistException" or "Sfn.…", in the sentence of the SDK behind it.
AslError service_error(std::string_view resource, const ApiError& error) {
    if (resource.starts_with(sdk_prefix)) return sdk::sfn_error(error);
    const std::string suffix = error.type.ends_with("Exception") ? "" : "Exception";
    return {"StepFunctions." + error.type + suffix,
            error.message + " (Service: AWSStepFunctions; Status Code: 400; Error Code: " + error.type +
                "; Request ID: " + new_uuid() + "; Proxy: null)"};
}

constexpr auto start_members = std::to_array<std::string_view>(
    {"StateMachineArn", "Name", "Input", "TraceHeader", "IncludedData"});  // the last: of the synchronous call alone

std::optional<AslError> wrong_parameters(const Payload& parameters, std::string_view resource) {
    constexpr auto texts = std::to_array<std::string_view>({"StateMachineArn", "Name", "TraceHeader", "IncludedData"});
    constexpr auto required = std::to_array<std::string_view>({"StateMachineArn"});
    return sdk::check_members(parameters, NestedExecutions::members_of(resource), texts, required);
}

StartExecution request_of(const Json& parameters) {
    StartExecution request;
    request.machine_arn = parameters.at("StateMachineArn").get<std::string>();
    if (const auto name = parameters.find("Name"); name != parameters.end()) request.name = name->get<std::string>();
    if (const auto input = parameters.find("Input"); input != parameters.end() && !input->is_null()) {
        request.input = input->is_string() ? input->get<std::string>() : to_text(*input);
    }
    request.trace_header = parameters.value("TraceHeader", "");
    return request;
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

NestedExecutions::NestedExecutions(const Store& store) : store_{store} {}

void NestedExecutions::attach(Orchestrator& orchestrator) {
    orchestrator_ = &orchestrator;
    thread_ = std::thread{[this] { loop(); }};
}

void NestedExecutions::detach() {
    mailbox_.close();
    if (thread_.joinable()) thread_.join();
    waiting_.clear();
}

bool NestedExecutions::serves(std::string_view resource) {
    return pattern_of(resource) || resource == sync_by_sdk || !execution_call(resource).empty();
}

std::span<const std::string_view> NestedExecutions::members_of(std::string_view resource) {
    if (const auto action = execution_call(resource); !action.empty()) return sdk::execution_call_members(action);
    return std::span{start_members}.first(start_members.size() - (resource == sync_by_sdk ? 0 : 1));
}

bool NestedExecutions::recognizes(std::string_view resource) {
    if (resource == sync_by_sdk || !execution_call(resource).empty()) return true;
    const auto pattern = pattern_of(resource);
    const bool may_wait = resource.starts_with(optimized);
    return pattern == "" || pattern == ".waitForTaskToken" ||
           (may_wait && (pattern == ".sync" || pattern == ".sync:2"));
}

std::optional<std::string> NestedExecutions::unsupported(std::string_view resource) const {
    if (recognizes(resource)) return std::nullopt;
    return sdk::unrecognized_resource(resource);
}

void NestedExecutions::start(const TaskKey& key, const StartTask& task, const std::string&, TaskListener listener) {
    mailbox_.post(Start{key, task, std::move(listener)});
}
void NestedExecutions::cancel(const TaskKey& key) { mailbox_.post(Cancel{key}); }

void NestedExecutions::loop() {
    std::vector<Message> first;
    first.emplace_back(FindOrphans{});
    work_on(std::move(first));  // before what recovery asks for: a name may be taken by one
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
        } catch (const std::exception& mistake) {  // of ours: it would come again at each start of the server
            std::fprintf(stderr, "pawl: a nested execution is given up: %s\n", mistake.what());
            if (const auto* start = std::get_if<Start>(&message)) {
                start->listener.answered(AslError{std::string{error::runtime}, mistake.what()}, TaskFailure::Run);
            }
        }
    }
}

void NestedExecutions::handle(Start& message) {
    const auto& [key, task, listener] = message;
    if (const auto action = execution_call(task.resource); !action.empty()) {
        if (auto wrong = sdk::wrong_call(action, task.parameters)) {
            return listener.answered(*std::move(wrong), TaskFailure::Schedule);
        }
        listener.started();
        return listener.answered(sdk::call_about_executions(*orchestrator_, action, task.parameters), TaskFailure::Run);
    }
    const bool sync_call = task.resource == sync_by_sdk;
    const auto failure = waits_for_end(task.resource) ? TaskFailure::Submit : TaskFailure::Run;
    if (auto wrong = wrong_parameters(task.parameters, task.resource))
        return listener.answered(*std::move(wrong), TaskFailure::Schedule);
    auto request = request_of(task.parameters.json());
    // The same task started again, after a crash, finds what it had started.
    if (key.execution > 0) {
        request.retry_key = std::to_string(key.execution) + ":" + std::to_string(key.task);
        request.task = key;
        request.awaited = waits_for_end(task.resource);
    }
    if (task.submitted && request.name) {  // by its name it is found even when its machine is gone
        const auto arn = execution_arn_of(split_machine_arn(request.machine_arn).machine_arn, *request.name);
        if (orchestrator_->describe_execution(arn)) return wait_for(message, arn);
    }
    const auto started = sync_call ? start_express(request) : orchestrator_->start_execution(request);
    if (!started) {
        if (started.error().type == "ServiceUnavailable") throw StoreError{started.error().message};
        return listener.answered(service_error(task.resource, started.error()), failure);
    }
    listener.started();
    if (sync_call) return wait_for(message, started->arn);
    if (!waits_for_end(task.resource)) {
        const bool token = is_submitted_first(task.resource);
        return token ? listener.submitted(started_payload(task.resource, *started))
                     : listener.answered(started_payload(task.resource, *started), TaskFailure::Run);
    }
    listener.submitted(started_payload(task.resource, *started));
    wait_for(message, started->arn);
}

ApiResult<ExecutionStartedView> NestedExecutions::start_express(const StartExecution& request) {
    const auto machine = orchestrator_->describe_state_machine(split_machine_arn(request.machine_arn).machine_arn);
    if (machine && machine->machine.type != asl::MachineType::Express) {
        return ApiError{"StateMachineTypeNotSupported",
                        "This operation is not supported by this type of state machine"};
    }
    return orchestrator_->start_execution(request);  // which says what else there is to say
}

void NestedExecutions::wait_for(const Start& start, std::string arn) {
    const auto key = start.key;
    const auto& task = start.task;
    const bool sync_call = task.resource == sync_by_sdk;
    const auto data = sync_call && task.parameters.json().value("IncludedData", "") == "METADATA_ONLY" ? Data::None
                      : sync_call || task.resource.ends_with(".sync")                                  ? Data::AsText
                                                                                                       : Data::AsJson;
    Waiting waiting{arn, sync_call, data, start.listener, {}};
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
    if (waiting.sync_call) {  // however it ended, the call has its answer
        return waiting.listener.answered(
            Payload::from_json(sdk::sync_execution_document(*view, waiting.data != Data::None)), TaskFailure::Run);
    }
    auto document = ended_document(*view, waiting.data == Data::AsText);
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
    if (found->second.sync_call) return void(waiting_.erase(found));  // who drops a call does not stop what it started
    stop(found->second.arn);
    waiting_.erase(found);
}

void NestedExecutions::handle(FindOrphans&) {
    std::vector<Message> orphans;
    for (auto& arn : nested_orphans(store_)) orphans.emplace_back(Orphan{std::move(arn)});
    work_on(std::move(orphans));
}

void NestedExecutions::handle(Orphan& message) {
    if (!mailbox_.closed()) stop(message.arn);  // else the next engine finds it
}

// It may have ended by itself. One that is damaged can't be stopped, now or later; its shard says so.
void NestedExecutions::stop(const std::string& arn) {
    const auto stopped = orchestrator_->stop_execution({arn, {}});
    if (stopped) return;
    const auto& error = stopped.error();
    const bool try_again = error.type == "ServiceUnavailable" || error.type == "ThrottlingException";
    if (try_again && !is_damaged(store_, arn)) throw StoreError{error.message};
}

}  // namespace pawl
