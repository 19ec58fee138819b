#include "web/rest/parameters.hpp"

#include <charconv>

#include "orchestrator/arn.hpp"
#include "states/asl/diagnostic_text.hpp"
#include "states/asl/source_text.hpp"
#include "web/rest/views.hpp"

namespace pawl::web::rest {
namespace {

Json schema(std::string_view text) { return *parse_json(text); }

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<ApiError> check_machine(std::string_view machine) {
    return machine.starts_with("arn:") ? check_arn(machine, "stateMachine") : std::nullopt;
}

std::optional<ApiError> check_execution(std::string_view arn) {
    if (!check_arn(arn, "express")) return std::nullopt;  // of an Express machine
    return check_arn(arn, "execution");
}

}  // namespace

Parameter machine_parameter() {
    return {"machine",
            In::Path,
            "Name or ARN of the state machine, percent-encoded",
            schema(R"({"type": "string", "minLength": 1})"),
            "order",
            check_machine};
}

Parameter execution_parameter() {
    return {"arn",
            In::Path,
            "ARN of the execution, percent-encoded",
            schema(R"({"type": "string", "minLength": 1})"),
            "arn:aws:states:us-east-1:000000000000:execution:order:order-7",
            check_execution};
}

Parameter limit_parameter() {
    Json rule = Json::object();
    rule["type"] = "integer";
    rule["minimum"] = 1;
    rule["maximum"] = page_limit;
    rule["default"] = page_default;
    return {"limit", In::Query, "How many to answer at most", std::move(rule)};
}

Parameter cursor_parameter() {
    return {"cursor", In::Query, "Where to go on: the `nextCursor` of the page before",
            schema(R"({"type": "string", "minLength": 1})")};
}

SentDefinition sent_definition(std::string text) {
    const auto syntax = asl::guess_syntax(text);
    return {std::move(text), syntax};
}

SentDefinition sent_definition(const Json& definition) {
    if (definition.is_string()) return sent_definition(definition.get<std::string>());
    return {definition.dump(2), asl::Syntax::Json};
}

ApiResult<std::string> SentDefinition::json() const {
    asl::ParseOptions options;
    options.syntax = syntax;
    const auto source = asl::SourceText::read(text, options);
    if (source) return std::string{source->json()};
    ApiError error{"InvalidDefinition", asl::definition_error_text(source.error(), text)};
    error.members["diagnostics"] = diagnostics_json(source.error());
    return error;
}

ApiError with_diagnostics(const Orchestrator& orchestrator, ApiError error, const SentDefinition& definition,
                          asl::MachineType type) {
    if (error.type != "InvalidDefinition") return error;
    const auto parsed = orchestrator.check_definition(definition.text, type, definition.syntax);
    error.members["diagnostics"] = diagnostics_json(parsed.diagnostics);
    return error;
}

std::string machine_arn(const Orchestrator& orchestrator, const Call& call) {
    const auto& machine = call.path("machine");
    if (machine.starts_with("arn:")) return machine;
    const auto& settings = orchestrator.settings();
    return "arn:aws:states:" + settings.region + ":" + settings.account + ":stateMachine:" + machine;
}

std::string execution_cursor(const std::pair<Instant, std::int64_t>& last) {
    return std::to_string(last.first.time_since_epoch().count()) + "." + std::to_string(last.second);
}

std::optional<std::pair<Instant, std::int64_t>> parse_execution_cursor(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto started = parse_number(text.substr(0, dot));
    const auto number = parse_number(text.substr(dot + 1));
    if (!started || !number) return std::nullopt;
    return std::pair{Instant{Millis{*started}}, *number};
}

Response json_response(const Json& body, int status) {
    Response response;
    response.status = status;
    response.body = to_text(body);
    return response;
}

Response empty_response(int status) {
    Response response;
    response.status = status;
    response.content_type.clear();
    return response;
}

ApiError invalid_request(const std::string& message) { return {"InvalidRequest", message}; }

ApiResult<std::optional<std::string>> document_member(const Json& body, const std::string& name,
                                                      std::size_t limit_bytes) {
    const bool as_value = body.contains(name);
    const bool as_text = body.contains(name + "Text");
    if (as_value && as_text) return invalid_request("Give either " + name + " or " + name + "Text, not both.");
    if (!as_value && !as_text) return std::optional<std::string>{};
    auto text = as_value ? to_text(body[name]) : body[name + "Text"].get<std::string>();
    if (text.size() > limit_bytes) {
        return ApiError{"PayloadTooLarge", "The " + name + " has " + std::to_string(text.size()) + " bytes; at most " +
                                               std::to_string(limit_bytes) + " are allowed."};
    }
    return std::optional{std::move(text)};
}

}  // namespace pawl::web::rest
