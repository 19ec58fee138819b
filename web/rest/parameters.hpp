// What several endpoints have in common: parameters, cursors, answers.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "web/rest/endpoint.hpp"

namespace pawl::web::rest {

inline constexpr std::int64_t page_limit = 1000;  // as AWS's; more would hold the store for long
inline constexpr std::int64_t page_default = 100;

Parameter machine_parameter();    // {machine}: name or ARN
Parameter execution_parameter();  // {arn}
Parameter limit_parameter();
Parameter cursor_parameter();

// `definition` may be the machine itself or its text, JSON or YAML. A machine loses its layout on the way: it is laid
// out anew, so that diagnostics have lines to point to and people something to read.
struct SentDefinition {
    std::string text;
    asl::Syntax syntax = asl::Syntax::Json;

    // What is kept: JSON. InvalidDefinition when the text is not even YAML.
    ApiResult<std::string> json() const;
};
SentDefinition sent_definition(const Json& definition);
SentDefinition sent_definition(std::string text);

// AWS says only what the first mistake is. People get all of them, with lines and hints: in what they sent.
ApiError with_diagnostics(const Orchestrator& orchestrator, ApiError error, const SentDefinition& definition,
                          asl::MachineType type);

// The ARN that {machine} means.
std::string machine_arn(const Orchestrator& orchestrator, const Call& call);

// Where the next page of executions goes on: the last row of this one. Opaque to callers.
std::string execution_cursor(const std::pair<Instant, std::int64_t>& last);
std::optional<std::pair<Instant, std::int64_t>> parse_execution_cursor(std::string_view text);

Response json_response(const Json& body, int status = 200);
Response empty_response(int status);
ApiError invalid_request(const std::string& message);

// A JSON document given as the member `name`, or as its text in `nameText`. Both: an error. Neither: nothing.
// Larger than `limit_bytes`: an error, which becomes 413.
ApiResult<std::optional<std::string>> document_member(const Json& body, const std::string& name,
                                                      std::size_t limit_bytes);

}  // namespace pawl::web::rest
