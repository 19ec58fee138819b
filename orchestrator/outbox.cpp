#include "orchestrator/outbox.hpp"

#include "orchestrator/map_runs/map_runner.hpp"
#include "states/error_names.hpp"

namespace pawl {

void Outbox::release(std::int64_t execution, const std::string& test_case, const std::vector<Effect>& effects) {
    for (const auto& effect : effects) {
        std::visit(overloaded{
                       [&](const StartTask& task) { start(execution, test_case, task); },
                       [&](const StartMapRun& run) {
                           map_runs_->start({execution, run.task}, run, listener(execution, run.task));
                       },
                       [&](const CancelTask& task) {
                           tasks_.cancel({execution, task.task});
                           map_runs_->cancel({execution, task.task});
                       },
                   },
                   effect);
    }
}

void Outbox::start(std::int64_t execution, const std::string& test_case, const StartTask& task) {
    const TaskKey key{execution, task.task};
    auto to = listener(execution, task.task);
    if (!test_case.empty()) {
        if (mocks_.answer(key, test_case, task, to)) return;
        // With mocks, machines may have resources that nothing here runs.
        if (const auto why = tasks_.unsupported(task.resource)) {
            to.answered(AslError{std::string{error::runtime},
                                 "The state '" + task.state + "' has no mock in this test case. " + *why},
                        TaskFailure::Run);
            return;
        }
    }
    tasks_.start(key, task, std::move(to));
}

TaskListener Outbox::listener(std::int64_t execution, TaskId id) {
    TaskListener listener;
    listener.started = [deliver = deliver_, execution, id] { (*deliver)(execution, TaskBegan{id, {}}); };
    listener.submitted = [deliver = deliver_, execution, id](Payload output) {
        (*deliver)(execution, TaskWasSubmitted{id, std::move(output)});
    };
    listener.answered = [deliver = deliver_, execution, id](Result<Payload> answer, TaskFailure failure) {
        (*deliver)(execution, TaskAnswered{id, std::move(answer), failure});
    };
    return listener;
}

}  // namespace pawl
