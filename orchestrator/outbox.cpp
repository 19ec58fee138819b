#include "orchestrator/outbox.hpp"

#include "orchestrator/map_runs/map_runner.hpp"
#include "states/error_names.hpp"

namespace pawl {

void Outbox::release(const Sender& sender, const std::vector<Effect>& effects) {
    const auto execution = sender.execution;
    for (const auto& effect : effects) {
        std::visit(overloaded{
                       [&](const StartTask& task) { start(sender, task); },
                       [&](const StartMapRun& run) {
                           map_runs_->start({execution, run.task}, run, listener(execution, run.task));
                       },
                       [&](const CancelTask& task) {
                           cancel({execution, task.task});
                       },
                   },
                   effect);
    }
}

void Outbox::cancel(const TaskKey& task) {
    tasks_.cancel(task);
    map_runs_->cancel(task);
}

void Outbox::start(const Sender& sender, const StartTask& task) {
    const TaskKey key{sender.execution, task.task};
    auto to = listener(key.execution, key.task);
    if (!sender.test_case.empty()) {
        if (mocks_.answer(key, sender.test_case, task, to)) return;
        // With mocks, machines may have resources that nothing here runs.
        if (const auto why = tasks_.unsupported(task.resource)) {
            to.answered(AslError{std::string{error::runtime},
                                 "The state '" + task.state + "' has no mock in this test case. " + *why},
                        TaskFailure::Run);
            return;
        }
    }
    tasks_.start(key, task, sender.arn, std::move(to));
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
