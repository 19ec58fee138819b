// The error documents that Lambda itself makes up, in its words: keys, their order, texts.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/api_error.hpp"
#include "orchestrator/functions/function_pool.hpp"
#include "orchestrator/functions/process.hpp"
#include "states/time.hpp"

namespace pawl {

InvocationError exited(std::string_view request_id, const std::optional<ProcessExit>& exit);
// It took more memory than its function grants, and was killed.
InvocationError out_of_memory(std::string_view request_id);
InvocationError timed_out(std::string_view request_id, std::chrono::milliseconds limit);
InvocationError not_startable(std::string_view request_id, std::string_view program, std::string_view reason);
// `provided` without its program.
InvocationError no_bootstrap(std::string_view request_id);
InvocationError response_too_large();
// The process asked for the next invocation and had not answered this one.
InvocationError not_answered(std::string_view request_id);
// What Lambda writes of it into the log, before END: of its own errors alone, as handlers' are written by the runtimes.
std::string lines_of(const InvocationError& error, std::string_view request_id, Instant now);
// Refused, as Lambda's service words it.
InvocationError throttled();
InvocationError not_found(std::string_view function);
// What such an error says, as the Lambda API answers it.
ApiError refusal_of(const InvocationError& error);
// A payload that is not JSON; nothing when it is. As Lambda's parser words it, with the text and the place in it.
std::optional<ApiError> unreadable_payload(std::string_view payload);
// As the handler reported it: the type is the document's errorType, or else the header's.
InvocationError reported(std::string header_type, std::string document);

}  // namespace pawl
