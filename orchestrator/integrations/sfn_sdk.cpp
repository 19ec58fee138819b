#include "orchestrator/integrations/sfn_sdk.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "orchestrator/activities.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/integrations/sfn_executions.hpp"
#include "orchestrator/task_output.hpp"
#include "states/error_names.hpp"

namespace pawl {
namespace {

constexpr std::string_view prefix = "arn:aws:states:::aws-sdk:sfn:";

using Names = std::vector<std::string_view>;
struct Action {
    std::string_view name;
    Names members;
    Names texts;  // Output is JSON in a text, as the SDK takes it; a workflow may also give the value itself
    Names required;
};
const std::array actions{
    Action{"getActivityTask", {"ActivityArn", "WorkerName"}, {"ActivityArn", "WorkerName"}, {"ActivityArn"}},
    Action{"sendTaskSuccess", {"TaskToken", "Output"}, {"TaskToken"}, {"TaskToken", "Output"}},
    Action{"sendTaskFailure", {"TaskToken", "Error", "Cause"}, {"TaskToken", "Error", "Cause"}, {"TaskToken"}},
    Action{"sendTaskHeartbeat", {"TaskToken"}, {"TaskToken"}, {"TaskToken"}},
};

constexpr std::chrono::seconds poll_patience{60};

// Null: there is none of that name.
const Action* action_of(std::string_view resource) {
    if (!resource.starts_with(prefix)) return nullptr;
    const auto found = std::ranges::find(actions, resource.substr(prefix.size()), &Action::name);
    return found == actions.end() ? nullptr : &*found;
}

// A text member; nothing when it is missing.
std::optional<std::string> text_of(const Json& parameters, const char* member) {
    const auto found = parameters.find(member);
    if (found == parameters.end()) return std::nullopt;
    return found->get<std::string>();
}

Payload task_payload(const std::optional<ActivityTask>& task) {
    if (!task) return Payload{};
    return Payload::from_json({{"Input", task->input.text()}, {"TaskToken", task->token}});
}

}  // namespace

SfnSdk::SfnSdk(Activities& activities, Answers answers)
    : activities_{activities}, answers_{std::move(answers)}, timer_{[this](const auto& stop) { end_polls(stop); }} {}

bool SfnSdk::serves(std::string_view resource) { return resource.starts_with(prefix); }

std::optional<std::string> SfnSdk::unsupported(std::string_view resource) const {
    if (action_of(resource)) return std::nullopt;
    return "The resource provided " + std::string{resource} +
           " is not supported: of aws-sdk:sfn there are startExecution, startSyncExecution, describeExecution, "
           "stopExecution, listExecutions, getActivityTask, sendTaskSuccess, sendTaskFailure and sendTaskHeartbeat.";
}

std::span<const std::string_view> SfnSdk::members_of(std::string_view resource) {
    const auto* action = action_of(resource);
    return action ? std::span<const std::string_view>{action->members} : std::span<const std::string_view>{};
}

void SfnSdk::start(const TaskKey& key, const StartTask& task, const std::string&, TaskListener listener) {
    const auto& parameters = task.parameters.json();
    const auto reply = [listener](const ApiResult<Done>& done) {
        done ? listener.answered(Payload{}, TaskFailure::Run)
             : listener.answered(sdk::sfn_error(done.error()), TaskFailure::Run);
    };
    const auto* action = action_of(task.resource);
    if (!action) {  // it was known when the machine was created
        const auto why = unsupported(task.resource).value_or("");
        return listener.answered(AslError{std::string{error::runtime}, why}, TaskFailure::Schedule);
    }
    if (auto wrong = sdk::check_members(task.parameters, action->members, action->texts, action->required)) {
        return listener.answered(*std::move(wrong), TaskFailure::Schedule);
    }
    listener.started();
    if (action->name == "getActivityTask") return get_activity_task(key, parameters, listener);
    const auto token = text_of(parameters, "TaskToken");
    if (action->name == "sendTaskHeartbeat") return answers_.heartbeat(*token, reply);
    if (action->name == "sendTaskFailure") {
        return answers_.failure(*token, {text_of(parameters, "Error"), text_of(parameters, "Cause")}, reply);
    }
    const auto& output = parameters.at("Output");
    auto payload =
        output.is_string() ? task_output(output.get<std::string>()) : ApiResult<Payload>{Payload::from_json(output)};
    if (!payload) return listener.answered(sdk::sfn_error(payload.error()), TaskFailure::Run);
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
        const auto ended = take(key);
        if (!ended) return;
        given ? ended->listener.answered(task_payload(*given), TaskFailure::Run)
              : ended->listener.answered(sdk::sfn_error(given.error()), TaskFailure::Run);
    });
    bool waits = false;
    {
        const std::lock_guard lock{mutex_};
        const auto waiting = polls_.find(key);
        if (!begun) {
            polls_.erase(key);
        } else if (waiting != polls_.end()) {
            waiting->second.poll = *begun;
            waits = true;
        }
    }
    if (!begun) return listener.answered(sdk::sfn_error(begun.error()), TaskFailure::Run);
    if (waits) return changed_.notify_all();  // the clock's thread may not know of it
    activities_.stop_polling(*begun);         // it has its task, or it was cancelled
}

void SfnSdk::cancel(const TaskKey& key) {
    if (const auto ended = take(key)) activities_.stop_polling(ended->poll);
}

std::optional<SfnSdk::Poll> SfnSdk::take(const TaskKey& key) {
    const std::lock_guard lock{mutex_};
    auto node = polls_.extract(key);
    return node ? std::optional{std::move(node.mapped())} : std::nullopt;
}

// Polls that got nothing in their time answer with nothing.
void SfnSdk::end_polls(const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        auto next = std::chrono::steady_clock::now() + poll_patience;
        std::vector<std::pair<TaskKey, ActivityPoll>> late;
        for (const auto& [key, poll] : polls_) {
            if (poll.until <= std::chrono::steady_clock::now()) {
                late.emplace_back(key, poll.poll);
            } else {
                next = std::min(next, poll.until);
            }
        }
        lock.unlock();
        for (const auto& [key, poll] : late) {
            if (!activities_.stop_polling(poll)) continue;  // its task is on its way
            if (const auto ended = take(key)) ended->listener.answered(Payload{}, TaskFailure::Run);
        }
        lock.lock();
        changed_.wait_until(lock, stop, next, [&, known = polls_.size()] { return polls_.size() > known; });
    }
}

}  // namespace pawl
