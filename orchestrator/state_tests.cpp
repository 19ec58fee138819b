// TestState: one visit to one state. Its task, when it is run, is run by what runs those of executions.
#include <future>

#include "orchestrator/orchestrator_impl.hpp"
#include "states/error_names.hpp"
#include "states/integration_pattern.hpp"

namespace pawl {
namespace {

constexpr std::chrono::minutes longest_test{5};  // AWS's limit

ExecutionIdentity made_up_identity(const ArnSpace& arns, std::string role_arn, Instant now) {
    ExecutionIdentity identity;
    identity.name = new_uuid();
    identity.machine_name = new_uuid();
    identity.machine_arn = arns.state_machine(identity.machine_name);
    identity.arn = arns.test_execution(identity.machine_name, identity.name);
    identity.role_arn = std::move(role_arn);
    identity.started = now;
    return identity;
}

// As recordings show it: less than executions have, and the state is never called by its name.
Json made_up_context(const StateTestRequest& request, const asl::State& state) {
    const auto& id = request.identity;
    Json context{{"Execution",
                  {{"Id", id.arn},
                   {"Input", request.input.json()},
                   {"Name", id.name},
                   {"RoleArn", id.role_arn.empty() ? Json(nullptr) : Json(id.role_arn)},
                   {"StartTime", to_iso8601(id.started)}}},
                 {"StateMachine", {{"Id", id.machine_arn}, {"Name", id.machine_name}}},
                 {"State", {{"Name", "StateName"}, {"EnteredTime", to_iso8601(request.now)}}}};
    const bool retries =
        state.type() == StateType::Task || state.type() == StateType::Map || state.type() == StateType::Parallel;
    if (retries) context["State"]["RetryCount"] = request.retries;
    const auto* task = std::get_if<asl::Task>(&state.kind);
    if (task && integration_pattern(task->resource) == IntegrationPattern::TaskToken)
        context["Task"] = {{"Token", new_uuid()}};
    return context;
}

// Runs the task where those of executions run; see TaskKey for the number's sign.
struct TaskRun {
    Result<Payload> answer;
    Json exchange = {};  // of an HTTP Task
};
TaskRun run_task(TaskRunner& tasks, std::int64_t number, const StartTask& task, Instant now,
                 const StillWanted& still_wanted) {
    const TaskKey key{-number, task.task};
    const auto answer = std::make_shared<std::promise<Result<Payload>>>();
    const auto given = std::make_shared<std::atomic<bool>>(false);
    auto future = answer->get_future();
    TaskListener listener;
    listener.started = [] {};
    listener.submitted = [](const Payload&) {};
    const auto exchange = std::make_shared<Json>();  // written before the answer is given, read after
    listener.traced = [exchange, given](Json traced) {
        if (!*given) *exchange = std::move(traced);
    };
    listener.answered = [answer, given](Result<Payload> result, TaskFailure) {
        if (!given->exchange(true)) answer->set_value(std::move(result));
    };
    tasks.start(key, task, {}, std::move(listener));
    std::chrono::milliseconds patience = longest_test;
    if (task.deadline) patience = std::min(patience, *task.deadline - now);
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until && (!still_wanted || still_wanted())) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (future.wait_for(std::min<std::chrono::milliseconds>(left, a_while)) == std::future_status::ready) {
            return {future.get(), *exchange};
        }
    }
    tasks.cancel(key);
    return {AslError{std::string{error::timeout}, std::nullopt}};
}

}  // namespace

StateTestReport Orchestrator::test_state(StateTestRequest request, const StillWanted& still_wanted) {
    request.now = impl_->clock.now();
    request.seed = new_seed();
    request.limits = impl_->settings.limits;
    request.region = impl_->settings.region;
    request.identity = made_up_identity(impl_->arns, std::move(request.identity.role_arn), request.now);
    const auto& state = *request.definition->find(request.state);
    if (request.context.is_null()) request.context = made_up_context(request, state);
    const auto now = request.now;
    StateTest test{std::move(request)};
    const auto task = test.enter();
    if (!task) return test.finish();
    auto run = run_task(impl_->router, ++impl_->last_state_test, *task, now, still_wanted);
    auto report = test.finish(std::move(run.answer));
    if (run.exchange.is_object()) {
        for (const auto& [side, document] : run.exchange.items()) {
            report.steps.emplace_back(side, Payload::from_json(document));
        }
    }
    return report;
}

std::optional<std::string> Orchestrator::unsupported_resource(std::string_view resource) const {
    return impl_->router.unsupported(resource);
}

}  // namespace pawl
