// A synchronous invocation whose caller waits without a thread. Who leaves does not end it: the function runs on, as on
// AWS.
#pragma once
#include <functional>
#include <string>

#include "web/http.hpp"
#include "web/lambda/operation.hpp"

namespace pawl::web::lambda {

// `finished` makes the answer from what the function said, `refused` that to what kept it from being called.
Response invoke_later(const Functions& functions, const FunctionTarget& target, Invocation invocation,
                      std::function<Response(const InvocationReport&)> finished,
                      std::function<Response(const ApiError&)> refused);

}  // namespace pawl::web::lambda
