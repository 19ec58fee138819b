#include "orchestrator/functions/invocation_error.hpp"

#include <cstdio>

#include "states/asl/json_syntax.hpp"
#include "states/asl/source.hpp"
#include "states/utf8.hpp"

namespace pawl {
namespace {

InvocationError lambda_error(std::string type, std::string message) {
    Json document = Json::object();
    document["errorType"] = type;
    document["errorMessage"] = std::move(message);
    return {std::move(type), to_text(document), false};
}

constexpr const char* timed_out_type = "Sandbox.Timedout";

std::string about(std::string_view request_id) { return "RequestId: " + std::string{request_id} + " Error: "; }

std::string message_of(const InvocationError& error) {
    const auto document = parse_json(error.document);
    if (!document || !document->is_object()) return error.document;
    const auto message = document->find("errorMessage");  // a handler's may be anything
    return message != document->end() && message->is_string() ? message->get<std::string>() : std::string{};
}

std::string seconds(std::chrono::milliseconds duration) {
    char text[40];
    std::snprintf(text, sizeof text, "%.2f", static_cast<double>(duration.count()) / 1000.0);
    return text;
}

}  // namespace

InvocationError exited(std::string_view request_id, const std::optional<ProcessExit>& exit) {
    const bool silently = !exit || (!exit->by_signal && exit->code == 0);
    return lambda_error("Runtime.ExitError",
                        about(request_id) + (silently ? "Runtime exited without providing a reason"
                                                      : "Runtime exited with error: " + to_text(*exit)));
}

InvocationError timed_out(std::string_view request_id, std::chrono::milliseconds limit) {
    return lambda_error(timed_out_type, about(request_id) + "Task timed out after " + seconds(limit) + " seconds");
}

InvocationError not_startable(std::string_view request_id, std::string_view program, std::string_view reason) {
    return lambda_error("Runtime.InvalidEntrypoint",
                        about(request_id) + "fork/exec " + std::string{program} + ": " + std::string{reason});
}

InvocationError no_bootstrap(std::string_view request_id) {
    return lambda_error("Runtime.InvalidEntrypoint",
                        about(request_id) + "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
}

InvocationError response_too_large() {
    return lambda_error("Function.ResponseSizeTooLarge",
                        "Response payload size exceeded maximum allowed payload size (" +
                            std::to_string(max_response_bytes) + " bytes).");
}

InvocationError not_answered(std::string_view request_id) {
    return lambda_error("Runtime.ExitError",
                        about(request_id) + "Runtime asked for the next invocation without answering this one");
}

InvocationError not_found(std::string_view function) {
    auto error = lambda_error("ResourceNotFoundException", "Function not found: " + std::string{function});
    error.refused = true;
    return error;
}

InvocationError throttled() {
    auto error = lambda_error("TooManyRequestsException", "Rate Exceeded.");
    error.refused = true;
    return error;
}

InvocationError out_of_memory(std::string_view request_id) {
    return lambda_error("Runtime.OutOfMemory", about(request_id) + "Runtime exited with error: signal: killed");
}

std::string lines_of(const InvocationError& error, std::string_view request_id, Instant now) {
    const auto message = message_of(error);
    const auto beginning = about(request_id);
    if (!message.starts_with(beginning)) return {};
    if (error.type != timed_out_type) return message + "\n" + error.type + "\n";
    return to_iso8601(now) + " " + std::string{request_id} + " " + message.substr(beginning.size()) + "\n\n";
}

ApiError refusal_of(const InvocationError& error) { return {error.type, message_of(error)}; }

std::optional<ApiError> unreadable_payload(std::string_view payload) {
    const auto read = parse_json(payload);
    if (read) return std::nullopt;
    constexpr std::size_t shown_bytes = 500;
    const auto problem = asl::find_syntax_problem(payload);
    const auto [line, column] = asl::position_at(payload, problem ? problem->read : read.error().offset);
    std::string source = "(byte[])\"" + valid_utf8(payload.substr(0, cut_before(payload, shown_bytes))) + "\"";
    if (payload.size() > shown_bytes)
        source += "[truncated " + std::to_string(payload.size() - shown_bytes) + " bytes]";
    return ApiError{"InvalidRequestContentException",
                    "Could not parse request body into json: Could not parse payload into json: " +
                        (problem ? problem->message : read.error().message) + "\n at [Source: " + source +
                        "; line: " + std::to_string(line) + ", column: " + std::to_string(column) + "]"};
}

InvocationError reported(std::string header_type, std::string document) {
    if (document.empty()) {
        return lambda_error(header_type.empty() ? "Runtime.UnknownReason" : std::move(header_type), "");
    }
    const auto read = parse_json(document);
    if (read && read->is_object()) {
        if (const auto type = read->find("errorType"); type != read->end() && type->is_string()) {
            return {type->get<std::string>(), to_text(*read), false};  // AWS leaves no space between its members
        }
    }
    return {std::move(header_type), std::move(document), false};
}

}  // namespace pawl
