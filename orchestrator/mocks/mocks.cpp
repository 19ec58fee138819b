#include "orchestrator/mocks/mocks.hpp"

#include <algorithm>

#include "persistence/store.hpp"
#include "states/error_names.hpp"
#include "states/integration_pattern.hpp"

namespace pawl {
namespace {

constexpr std::size_t remembered_executions = 10'000;

// Beyond Retry and Catch, so that no test takes it for an error of the workflow.
AslError broken(std::string why) { return {std::string{error::runtime}, std::move(why)}; }

std::string names_text(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

}  // namespace

std::optional<std::string> Mocks::problem_with(std::string_view test_case) const {
    if (!config_) return "There is no mock configuration: start Pawl with --mock-config FILE";
    if (config_->find(test_case)) return std::nullopt;
    const auto hash = test_case.find('#');
    const auto machine = test_case.substr(0, hash);
    return "The mock configuration has no test case '" + std::string{test_case.substr(hash + 1)} +
           "' for the state machine '" + std::string{machine} + "'; it has: " + names_text(config_->cases_of(machine));
}

bool Mocks::answer(const TaskKey& key, std::string_view test_case, const StartTask& task,
                   const TaskListener& listener) {
    const auto fail = [&](std::string why) {
        listener.answered(broken(std::move(why)), TaskFailure::Run);
        return true;
    };
    if (const auto problem = problem_with(test_case)) return fail(*problem);
    const auto& states = *config_->find(test_case);
    const auto mock = states.find(task.state);
    if (mock == states.end()) {
        if (!config_->strict()) return false;
        return fail("The state '" + task.state + "' (" + task.resource + ") has no mock in this test");
    }
    std::int64_t number = 0;
    try {
        number = invocation(key, task);
    } catch (const StoreError& trouble) {  // this is the journal's thread: nothing may escape
        return fail(std::string{"The history of the execution can't be read: "} + trouble.what());
    }
    const auto* given = mock->second.answer(number);
    if (!given) {
        return fail("The mocked response '" + mock->second.name + "' of the state '" + task.state +
                    "' has no answer for invocation " + std::to_string(number) +
                    "; it has: " + mock->second.ranges_text());
    }
    listener.started();
    if (*given && is_submitted_first(task.resource)) listener.submitted(**given);
    listener.answered(*given, TaskFailure::Run);
    return true;
}

std::int64_t Mocks::invocation(const TaskKey& key, const StartTask& task) {
    const std::lock_guard lock{mutex_};
    auto found = invocations_.find(key.execution);
    if (found == invocations_.end()) {
        if (invocations_.size() >= remembered_executions) invocations_.erase(invocations_.begin());
        found = invocations_.emplace(key.execution, counted(key)).first;
    }
    auto& tasks = found->second[task.state];
    const auto at = std::ranges::find(tasks, key.task);
    const auto number = at - tasks.begin();
    if (at == tasks.end()) tasks.push_back(key.task);
    return number;
}

// From the history, which has this task and perhaps later ones already.
Mocks::Invocations Mocks::counted(const TaskKey& key) const {
    Invocations invocations;
    std::map<FrameId, std::string> states;
    for (const auto& recorded : store_.events(key.execution)) {
        if (const auto* entered = std::get_if<StateEntered>(&recorded.event)) states[recorded.frame] = entered->name;
        if (std::holds_alternative<TaskScheduled>(recorded.event)) {
            invocations[states[recorded.frame]].push_back(recorded.id);
        }
    }
    return invocations;
}

}  // namespace pawl
