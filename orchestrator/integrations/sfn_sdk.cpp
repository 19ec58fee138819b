#include "orchestrator/integrations/sfn_sdk.hpp"

#include <array>
#include <memory>
#include <vector>

#include "orchestrator/activities.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/names.hpp"

namespace pawl {
namespace {

constexpr std::string_view prefix = "arn:aws:states:::aws-sdk:sfn:";
constexpr std::array<std::string_view, 4> actions{"getActivityTask", "sendTaskSuccess", "sendTaskFailure",
                                                  "sendTaskHeartbeat"};
constexpr std::chrono::seconds poll_patience{60};

std::string_view action_of(std::string_view resource) {
    return resource.starts_with(prefix) ? resource.substr(prefix.size()) : std::string_view{};
}

// A text member; nothing when it is missing or no text.
std::optional<std::string> text_of(const Json& parameters, const char* member) {
    const auto found = parameters.find(member);
    if (found == parameters.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

Payload task_payload(const std::optional<ActivityTask>& task) {
    if (!task) return Payload{};
    return Payload::from_json({{"Input", task->input.text()}, {"TaskToken", task->token}});
}

// The first parameter that an action needs and does not have.
std::string_view missing_member(std::string_view action, const Json& parameters) {
    const char* const name = action == "getActivityTask" ? "ActivityArn" : "TaskToken";
    if (!parameters.is_object() || !text_of(parameters, name)) return name;
    return action == "sendTaskSuccess" && !parameters.contains("Output") ? "Output" : "";
}

}  // namespace

SfnSdk::SfnSdk(Activities& activities, Answers answers)
    : activities_{activities}, answers_{std::move(answers)}, timer_{[this](const auto& stop) { end_polls(stop); }} {}

bool SfnSdk::serves(std::string_view resource) { return resource.starts_with(prefix); }

std::optional<std::string> SfnSdk::unsupported(std::string_view resource) const {
    const auto action = action_of(resource);
    for (const auto known : actions) {
        if (action == known) return std::nullopt;
    }
    return "The resource provided " + std::string{resource} +
           " is not supported: of aws-sdk:sfn there are startExecution, startSyncExecution, describeExecution, "
           "stopExecution, listExecutions, getActivityTask, sendTaskSuccess, sendTaskFailure and sendTaskHeartbeat.";
}

void SfnSdk::start(const TaskKey& key, const StartTask& task, const std::string&, TaskListener listener) {
    const auto& parameters = task.parameters.json();
    const auto reply = [listener](const ApiResult<Done>& done) {
        done ? listener.answered(Payload{}, TaskFailure::Run)
             : listener.answered(sdk::sfn_error(done.error()), TaskFailure::Run);
    };
    const auto action = action_of(task.resource);
    if (const auto missing = missing_member(action, parameters); !missing.empty()) {
        return listener.answered(sdk::missing_parameter(task.parameters, missing), TaskFailure::Schedule);
    }
    listener.started();
    if (action == "getActivityTask") return get_activity_task(key, parameters, listener);
    const auto token = text_of(parameters, "TaskToken");
    if (action == "sendTaskHeartbeat") return answers_.heartbeat(*token, reply);
    if (action == "sendTaskFailure") {
        return answers_.failure(*token, {text_of(parameters, "Error"), text_of(parameters, "Cause")}, reply);
    }
    const auto output = parameters.find("Output");
    // The SDK's Output is JSON in a text; a workflow may also give the value itself.
    auto payload = output->is_string() ? Payload::parse(output->get<std::string>())
                                       : Result<Payload, JsonSyntaxError>{Payload::from_json(*output)};
    if (!payload) {
        return listener.answered(sdk::sfn_error({"InvalidOutput", "Invalid Output: '" + payload.error().message + "'"}),
                                 TaskFailure::Run);
    }
    answers_.success(*token, *std::move(payload), reply);
}

void SfnSdk::get_activity_task(const TaskKey& key, const Json& parameters, const TaskListener& listener) {
    const auto arn = text_of(parameters, "ActivityArn");
    const auto worker = text_of(parameters, "WorkerName").value_or("");
    {
        const std::lock_guard lock{mutex_};
        polls_.insert_or_assign(key, Poll{{}, std::chrono::steady_clock::now() + poll_patience, listener});
    }
    const auto begun = activities_.poll(*arn, worker, [this, key](const ApiResult<std::optional<ActivityTask>>& given) {
        std::optional<Poll> ended;
        {
            const std::lock_guard lock{mutex_};
            if (auto node = polls_.extract(key)) ended = std::move(node.mapped());
        }
        if (!ended) return;
        given ? ended->listener.answered(task_payload(*given), TaskFailure::Run)
              : ended->listener.answered(sdk::sfn_error(given.error()), TaskFailure::Run);
    });
    const std::lock_guard lock{mutex_};
    if (!begun) {
        polls_.erase(key);
        return listener.answered(sdk::sfn_error(begun.error()), TaskFailure::Run);
    }
    const auto waiting = polls_.find(key);
    if (waiting == polls_.end()) {  // it has its task, or it was cancelled
        activities_.stop_polling(*begun);
        return;
    }
    waiting->second.poll = *begun;
    changed_.notify_all();  // the clock's thread may not know of it
}

void SfnSdk::cancel(const TaskKey& key) {
    std::optional<Poll> ended;
    {
        const std::lock_guard lock{mutex_};
        if (auto node = polls_.extract(key)) ended = std::move(node.mapped());
    }
    if (ended) activities_.stop_polling(ended->poll);
}

// Polls that got nothing in their time answer with nothing.
void SfnSdk::end_polls(const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        auto next = std::chrono::steady_clock::now() + poll_patience;
        std::vector<Poll> over;
        for (auto it = polls_.begin(); it != polls_.end();) {
            const bool late = it->second.until <= std::chrono::steady_clock::now();
            if (late && activities_.stop_polling(it->second.poll)) {
                over.push_back(std::move(it->second));
                it = polls_.erase(it);
            } else {
                if (!late) next = std::min(next, it->second.until);
                ++it;
            }
        }
        lock.unlock();
        for (const auto& poll : over) poll.listener.answered(Payload{}, TaskFailure::Run);
        lock.lock();
        changed_.wait_until(lock, stop, next, [&, known = polls_.size()] { return polls_.size() > known; });
    }
}

}  // namespace pawl
