#include "orchestrator/outbox.hpp"

#include "orchestrator/map_runs/map_runner.hpp"

namespace pawl {

void Outbox::release(std::int64_t execution, const std::vector<Effect>& effects) {
    for (const auto& effect : effects) {
        std::visit(overloaded{
                       [&](const StartTask& task) {
                           tasks_.start({execution, task.task}, task, listener(execution, task.task));
                       },
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

TaskListener Outbox::listener(std::int64_t execution, TaskId id) {
    TaskListener listener;
    listener.started = [this, execution, id] { deliver_(execution, TaskBegan{id, {}}); };
    listener.submitted = [this, execution, id](Payload output) {
        deliver_(execution, TaskWasSubmitted{id, std::move(output)});
    };
    listener.answered = [this, execution, id](Result<Payload> answer, TaskFailure failure) {
        deliver_(execution, TaskAnswered{id, std::move(answer), failure});
    };
    return listener;
}

}  // namespace pawl
