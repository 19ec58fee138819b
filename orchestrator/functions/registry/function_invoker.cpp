#include "orchestrator/functions/registry/function_invoker.hpp"

#include <map>
#include <mutex>
#include <unordered_map>

namespace pawl {

// What is in work. Callers come from any thread, ends from the pool's.
struct FunctionInvoker::Running {
    bool begin(const std::string& function, const std::string& request_id, std::optional<std::int64_t> reserved) {
        const std::lock_guard lock{mutex};
        auto& running = count[function];
        if (reserved && static_cast<std::int64_t>(running) >= *reserved) return false;
        ++running;
        functions[request_id] = function;
        return true;
    }
    void end(const std::string& request_id) {
        const std::lock_guard lock{mutex};
        const auto found = functions.find(request_id);
        if (found == functions.end()) return;
        const auto counted = count.find(found->second);
        if (--counted->second == 0) count.erase(counted);
        functions.erase(found);
    }

    std::mutex mutex;
    std::map<std::string, std::size_t> count;                // by function
    std::unordered_map<std::string, std::string> functions;  // by request id
};

FunctionInvoker::FunctionInvoker(const FunctionRegistry& registry, FunctionPool& pool)
    : registry_{registry}, pool_{pool}, running_{std::make_shared<Running>()} {}

std::optional<ApiError> FunctionInvoker::invoke(const FunctionTarget& target, Invocation invocation) {
    const auto& reserved = target.function->reserved_concurrency;
    if (!running_->begin(target.function->name, invocation.request_id, reserved)) {
        return ApiError{"TooManyRequestsException",
                        "Rate Exceeded.",
                        {{"Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"}}};
    }
    invocation.function = target.pool;
    if (invocation.function_arn.empty()) invocation.function_arn = target.arn;
    invocation.finished = [running = running_, request_id = invocation.request_id,
                           finished = std::move(invocation.finished)](InvocationReport report) {
        running->end(request_id);
        if (finished) finished(std::move(report));
    };
    pool_.invoke(std::move(invocation));
    return std::nullopt;
}

void FunctionInvoker::cancel(std::string_view request_id) {
    pool_.cancel(request_id);
    running_->end(std::string{request_id});
}

}  // namespace pawl
