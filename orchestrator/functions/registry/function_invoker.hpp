// The way to every invocation: what was reserved for a function is what runs of it at once, all versions together; one
// more is refused. Functions without a reservation queue in the pool instead.
// Spec: AWS Lambda Developer Guide, "Configuring reserved concurrency".
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "orchestrator/functions/registry/function_registry.hpp"

namespace pawl {

class FunctionInvoker {
  public:
    FunctionInvoker(const FunctionRegistry& registry, FunctionPool& pool);  // both outlive it

    ApiResult<FunctionTarget> resolve(const FunctionName& function) const { return registry_.resolve(function); }
    // Fills in where it goes. Nothing: it is on its way. TooManyRequestsException: none of its callbacks is called.
    std::optional<ApiError> invoke(const FunctionTarget& target, Invocation invocation);
    void cancel(std::string_view request_id);

  private:
    struct Running;
    const FunctionRegistry& registry_;
    FunctionPool& pool_;
    const std::shared_ptr<Running> running_;  // callbacks may come late
};

}  // namespace pawl
