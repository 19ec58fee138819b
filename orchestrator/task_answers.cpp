// Answers of those who hold a task's token.
#include "orchestrator/orchestrator_impl.hpp"
#include "orchestrator/task_output.hpp"

namespace pawl {
namespace {

ApiError invalid_token() { return {"InvalidToken", "Invalid Token: 'Invalid token'"}; }

}  // namespace

ApiResult<TokenSigner::Opened> Orchestrator::Impl::open(std::string_view token) {
    const auto opened = signer.open(token);
    if (!opened) return invalid_token();
    return *opened;
}

ApiResult<Done> Orchestrator::Impl::answer_task(std::string_view token,
                                                const std::function<decltype(Stimulus::what)(TaskId)>& what) {
    const auto opened = open(token);
    if (!opened) return opened.error();
    const auto answered = stimulate(opened->execution, what(opened->task));
    if (!answered) return answered.error();
    return Done{};
}

SfnSdk::Answers Orchestrator::Impl::worker_answers() {
    using ToldWhenDone = std::function<void(ApiResult<Done>)>;
    const auto post = [this](const std::string& token, const ToldWhenDone& reply,
                             const std::function<decltype(Stimulus::what)(TaskId)>& what) {
        const auto opened = open(token);
        if (!opened) return reply(opened.error());
        StimulusMessage message{opened->execution, what(opened->task), [reply](const ApiResult<Instant>& done) {
                                    done ? reply(Done{}) : reply(done.error());
                                }};
        if (!of(*shards, opened->execution).try_post(std::move(message))) {
            reply(ApiError{"ThrottlingException", "Rate exceeded"});
        }
    };
    return {[post](const std::string& token, const Payload& output, const ToldWhenDone& reply) {
                post(token, reply, [&](TaskId task) { return TaskAnswered{task, output, TaskFailure::Run}; });
            },
            [post](const std::string& token, const AslError& error, const ToldWhenDone& reply) {
                post(token, reply, [&](TaskId task) { return TaskAnswered{task, error, TaskFailure::Run}; });
            },
            [post](const std::string& token, const ToldWhenDone& reply) {
                post(token, reply, [](TaskId task) { return TaskIsAlive{task}; });
            }};
}

ApiResult<Done> Orchestrator::send_task_success(std::string_view token, std::string output) {
    const auto payload = task_output(std::move(output));
    if (!payload) return payload.error();
    return impl_->answer_task(token, [&](TaskId task) { return TaskAnswered{task, *payload, TaskFailure::Run}; });
}

ApiResult<Done> Orchestrator::send_task_failure(std::string_view token, AslError error) {
    return impl_->answer_task(token, [&](TaskId task) { return TaskAnswered{task, error, TaskFailure::Run}; });
}

ApiResult<Done> Orchestrator::send_task_heartbeat(std::string_view token) {
    return impl_->answer_task(token, [](TaskId task) { return TaskIsAlive{task}; });
}

}  // namespace pawl
