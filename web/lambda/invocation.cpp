#include "web/lambda/invocation.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include "orchestrator/functions/invocation_error.hpp"

namespace pawl::web::lambda {
namespace {

// The longest time-out of a function, and what it may have to wait for a process.
constexpr std::chrono::hours longest_wait{1};

// The answer goes to whoever still waits for it, once.
class Waiting {
  public:
    explicit Waiting(std::function<void(Response)> answer) : answer_{std::move(answer)} {}
    void answer(Response response) {
        if (auto give = take()) give(std::move(response));
    }
    std::function<void(Response)> take() {
        const std::lock_guard lock{mutex_};
        return std::exchange(answer_, nullptr);
    }

  private:
    std::mutex mutex_;  // the pool's threads and the server's
    std::function<void(Response)> answer_;
};

// It was resolved, but gone before it could be called.
bool was_refused(const InvocationReport& report) { return !report.outcome && report.outcome.error().refused; }

}  // namespace

Response invoke_later(const Functions& functions, const FunctionTarget& target, Invocation invocation,
                      std::function<Response(const InvocationReport&)> finished,
                      std::function<Response(const ApiError&)> refused) {
    const auto call = std::make_shared<Invocation>(std::move(invocation));
    const auto waiting = std::make_shared<std::shared_ptr<Waiting>>();
    Response response;
    Later& later = response.later.emplace();
    later.begin = [&invoker = functions.invoker, target, call, waiting, finished = std::move(finished),
                   refused](std::function<void(Response)> answer) {
        const auto mine = *waiting = std::make_shared<Waiting>(std::move(answer));
        call->started = [] {};
        call->finished = [mine, finished, refused](const InvocationReport& report) {
            mine->answer(was_refused(report) ? refused(refusal_of(report.outcome.error())) : finished(report));
        };
        if (const auto refusal = invoker.invoke(target, std::move(*call))) mine->answer(refused(*refusal));
    };
    later.cancel = [waiting] { return static_cast<bool>((*waiting)->take()); };
    later.patience = longest_wait;
    later.otherwise = [refused = std::move(refused)] {
        return refused({"ServiceException", "The function did not answer in time."});
    };
    return response;
}

}  // namespace pawl::web::lambda
