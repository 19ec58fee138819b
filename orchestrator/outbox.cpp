#include "orchestrator/outbox.hpp"

namespace pawl {

void Outbox::release(std::int64_t execution, const std::vector<Effect>& effects) {
    for (const auto& effect : effects) {
        std::visit(overloaded{
                       [&](const StartTask& task) { start(execution, task); },
                       [&](const CancelTask& task) { tasks_.cancel({execution, task.task}); },
                   },
                   effect);
    }
}

void Outbox::start(std::int64_t execution, const StartTask& task) {
    const auto id = task.task;
    TaskListener listener;
    listener.started = [this, execution, id] { deliver_(execution, TaskBegan{id, {}}); };
    listener.submitted = [this, execution, id](Payload output) {
        deliver_(execution, TaskWasSubmitted{id, std::move(output)});
    };
    listener.answered = [this, execution, id](Result<Payload> answer, TaskFailure failure) {
        deliver_(execution, TaskAnswered{id, std::move(answer), failure});
    };
    tasks_.start({execution, id}, task, std::move(listener));
}

}  // namespace pawl
