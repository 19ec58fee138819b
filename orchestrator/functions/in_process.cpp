// Functions without a process: C++ callables and URLs. A thread of the pool stands for each process: it asks for work
// as one does, so that queues, concurrency, idleness and time-outs are the same. A thread can't be killed: a request
// over HTTP is given up, but of a callable what comes after its time-out is dropped, and stopping the pool waits for
// it.
#include <cstdlib>
#include <exception>
#include <utility>

#include "orchestrator/functions/http_function.hpp"
#include "orchestrator/functions/invocation_error.hpp"
#include "orchestrator/functions/pool_impl.hpp"

namespace pawl {
namespace {

using Outcome = Result<std::string, InvocationError>;

Outcome call(const FunctionConfig& config, const std::string& payload) {
    try {
        return config.callable(payload);
    } catch (const std::exception& thrown) {
        Json document = Json::object();
        document["errorType"] = "Error";
        document["errorMessage"] = thrown.what();
        return InvocationError{"Error", to_text(document), false};
    } catch (...) {
        return InvocationError{"Error", R"({"errorType":"Error","errorMessage":"something else than an exception"})",
                               false};
    }
}

}  // namespace

void FunctionPool::Impl::serve_here(const std::shared_ptr<PoolWorker>& worker) {
    const auto& config = *worker->config;
    std::optional<HttpFunction> http;
    if (!config.url.empty()) http.emplace(config.url);
    while (const auto work = next(worker->id, {})) {
        auto outcome = http ? http->call(work->payload, work->request_id, work->deadline, worker->given_up)
                            : call(config, work->payload);
        if (outcome && outcome->size() > max_response_bytes) outcome = response_too_large();
        answer(worker->id, work->request_id, std::move(outcome));
    }
    const std::lock_guard lock{mutex};
    worker->thread_over = true;
    wake_monitor();
}

}  // namespace pawl
