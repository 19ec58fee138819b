// TestState: its members, what may not be together, and its answer.
// Spec: AWS Step Functions API Reference, TestState; the texts are those of recordings.
#include <array>
#include <memory>
#include <utility>

#include "orchestrator/arn.hpp"
#include "orchestrator/execution_input.hpp"
#include "orchestrator/map_runs/item_source.hpp"
#include "states/asl/diagnostic_text.hpp"
#include "states/asl/place.hpp"
#include "states/integration_pattern.hpp"
#include "web/aws/api_shapes.hpp"
#include "web/aws/given_context.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/payload_limit.hpp"
#include "web/aws/shapes.hpp"

namespace pawl::web::aws {

namespace {

ApiError invalid(std::string why) { return {"ValidationException", std::move(why)}; }

struct Mock {
    bool given = false;
    std::optional<std::string> result;  // JSON text
    std::optional<AslError> error;
    FieldValidation validation = FieldValidation::Strict;
};

// What the state's data could not be in an execution, either.
std::optional<ApiError> check_payloads(const Call& call) {
    for (const auto* name : {"input", "variables", "context"}) {
        if (auto error = check_payload(call, call.arguments, name, name)) return error;
    }
    if (const Json* mock = call.arguments.find("mock")) {
        if (auto error = check_payload(call, Arguments{*mock}, "result", "mock.result")) return error;
    }
    const Json* configuration = call.arguments.find("stateConfiguration");
    if (configuration == nullptr) return std::nullopt;
    return check_payload(call, Arguments{*configuration}, "mapItemReaderData", "stateConfiguration.mapItemReaderData");
}

ApiResult<Mock> read_mock(const Arguments& arguments) {
    Mock mock;
    const Json* sent = arguments.find("mock");
    if (sent == nullptr) return mock;
    const Arguments members{*sent};
    mock.given = true;
    mock.result = members.optional_text("result");
    if (const Json* error = members.find("errorOutput")) {
        mock.error = AslError{Arguments{*error}.optional_text("error"), Arguments{*error}.optional_text("cause")};
    }
    const auto mode = members.text("fieldValidationMode");
    if (mode == "PRESENT") mock.validation = FieldValidation::Present;
    if (mode == "NONE") mock.validation = FieldValidation::None;
    if (arguments.flag("revealSecrets", false)) {
        return invalid("TestState does not support RevealSecrets when a mock is specified.");
    }
    if (mock.result && mock.error) {
        return invalid("A test mock should have only one of the following fields: [result, errorOutput].");
    }
    if (!mock.result && !mock.error) {
        return invalid("A test mock should have one of the following fields: [result, errorOutput].");
    }
    return mock;
}

// The definition and the name of the state in it.
ApiResult<std::pair<std::shared_ptr<const asl::Definition>, std::string>> read_state(const Arguments& arguments) {
    const auto text = arguments.text("definition");
    const auto name = arguments.optional_text("stateName");
    auto parsed = name ? asl::parse_definition(text) : asl::parse_state(text);
    if (!parsed.definition) return ApiError{"InvalidDefinition", asl::definition_error_text(parsed.diagnostics, text)};
    const auto state = name.value_or(parsed.definition->top.start_at);
    if (parsed.definition->find(state) == nullptr) return invalid("State not found in definition");
    return std::pair{std::move(parsed.definition), state};
}

std::optional<ApiError> check_mock_for(const asl::State& state, const Mock& mock, const Arguments& arguments) {
    const auto* task = std::get_if<asl::Task>(&state.kind);
    const bool forks = state.type() == StateType::Map || state.type() == StateType::Parallel;
    if (mock.given) {
        if (task || forks) return std::nullopt;
        return invalid("State type '" + std::string{asl::to_string(state.type())} +
                       "' is not supported when a mock is specified");
    }
    if (forks) {
        return ApiError{"InvalidDefinition",
                        "TestState API does not support Map or Parallel states. Supported state types include: [Task, "
                        "Wait, Pass, Succeed, Fail, Choice]"};
    }
    if (!task) return std::nullopt;
    if (is_submitted_first(task->resource) || task->resource.find(":activity:") != std::string::npos) {
        return ApiError{"InvalidDefinition",
                        "TestState API does not support activities and the '.sync' and '.waitForTaskToken' service "
                        "integration patterns when a mock is not specified."};
    }
    if (!arguments.has("roleArn")) return invalid("RoleArn must be specified when testing a Task state");
    return std::nullopt;
}

// A Task that is to be run. What the other states of the machine call does not matter here.
std::optional<ApiError> check_resource(const Call& call, const asl::State& state) {
    const auto* task = std::get_if<asl::Task>(&state.kind);
    if (!task) return std::nullopt;
    auto why = call.orchestrator.unsupported_resource(task->resource);
    if (!why) return std::nullopt;
    const auto definition = call.arguments.text("definition");
    const auto json = parse_json(definition);
    asl::Place top;
    if (state.pointer.empty()) top.location = "/States/" + state.name;  // it came without its machine
    asl::Diagnostic diagnostic;
    diagnostic.code = "SCHEMA_VALIDATION_FAILED";
    diagnostic.message = *std::move(why);
    diagnostic.location = top.along(state.pointer + "/Resource", json ? *json : Json()).location;
    return ApiError{"InvalidDefinition", asl::definition_error_text({std::move(diagnostic)}, definition)};
}

// The mocked answer, checked against the state that gets it.
ApiResult<Result<Payload>> mocked_answer(const asl::State& state, const Mock& mock) {
    using Answer = Result<Payload>;
    if (mock.error) return Answer{*mock.error};
    auto result = Payload::parse(*mock.result);
    if (!result) return invalid("Mocked result must be valid JSON");
    const auto& value = result->json();
    if (const auto* map = std::get_if<asl::Map>(&state.kind)) {
        // A writer without a Resource shapes the results and writes nothing.
        const bool written = map->result_writer && !map->result_writer->resource.empty();
        if (written && !value.is_object()) return invalid("Mocked result must be a JSON object.");
        if (!written && !value.is_array()) return invalid("Mocked result must be an array.");
    } else if (const auto* parallel = std::get_if<asl::Parallel>(&state.kind)) {
        if (!value.is_array()) return invalid("Mocked result must be an array.");
        if (value.size() != parallel->branches.size()) {
            return invalid("Mocked result must contain the same number of items as number of Parallel branches.");
        }
    } else if (const auto* task = std::get_if<asl::Task>(&state.kind)) {
        if (const auto problem = shape_problem(task->resource, value, mock.validation)) {
            return invalid("Mock result schema validation error: " + *problem);
        }
    }
    return Answer{*std::move(result)};
}

// What a Map's ItemReader makes of the text that it would find.
Result<Payload, std::string> reader_data(const asl::State& state, std::string text) {
    const auto* map = std::get_if<asl::Map>(&state.kind);
    const Json config = map && map->item_reader ? map->item_reader->config : Json();
    const auto setting = [&](const char* name) { return config.is_object() ? config.value(name, "") : std::string{}; };
    if (const auto type = setting("InputType"); type != "CSV" && type != "JSONL") {
        auto items = Payload::parse(text);
        if (!items) return std::string{"MapItemReaderData must be valid JSON"};
        if (setting("ItemsPointer").empty()) return *std::move(items);
    }
    auto items = all_items(config, std::move(text));
    if (!items) return "MapItemReaderData cannot be read: " + items.error().cause.value_or("");
    return Payload::from_json(*std::move(items));
}

std::optional<ApiError> read_configuration(const Arguments& arguments, const asl::Definition& definition, bool mocked,
                                           StateTestRequest& request) {
    const Json* sent = arguments.find("stateConfiguration");
    if (sent == nullptr) return std::nullopt;
    const Arguments configuration{*sent};
    constexpr std::array<std::pair<const char*, const char*>, 4> needs_mock{{
        {"retrierRetryCount", "RetrierRetryCount"},
        {"mapIterationFailureCount", "MapIterationFailureCount"},
        {"errorCausedByState", "ErrorCausedByState"},
        {"mapItemReaderData", "MapItemReaderData"},
    }};
    for (const auto& [member, shown] : needs_mock) {
        if (configuration.has(member) && !mocked) {
            return invalid("TestState does not support " + std::string{shown} + " when a mock is not specified.");
        }
    }
    request.retries = configuration.integer("retrierRetryCount", 0);
    request.failed_iterations = configuration.integer("mapIterationFailureCount", 0);
    if (const auto cause = configuration.optional_text("errorCausedByState")) {
        if (definition.find(*cause) == nullptr) return invalid("State not found in definition");
    }
    if (auto data = configuration.optional_text("mapItemReaderData")) {
        auto items = reader_data(*definition.find(request.state), *std::move(data));
        if (!items) return invalid(items.error());
        request.reader_data = *std::move(items);
    }
    return std::nullopt;
}

std::optional<ApiError> read_variables(const Arguments& arguments, StateTestRequest& request) {
    const auto text = arguments.optional_text("variables");
    if (!text) return std::nullopt;
    const auto variables = parse_json(*text);
    if (!variables || !variables->is_object()) return invalid("Variables must be a JSON object");
    for (const auto& [name, value] : variables->items()) {
        request.variables.insert_or_assign(name, Payload::from_json(value));
    }
    return std::nullopt;
}

std::string_view status_name(StateTestStatus status) {
    switch (status) {
        case StateTestStatus::Succeeded:
            return "SUCCEEDED";
        case StateTestStatus::Failed:
            return "FAILED";
        case StateTestStatus::Retriable:
            return "RETRIABLE";
        case StateTestStatus::CaughtError:
            return "CAUGHT_ERROR";
    }
    return "";
}

// What an HTTP Task has sent and got: documents, and not texts that hold some, at the level TRACE alone.
bool is_exchange(std::string_view step) { return step == "request" || step == "response"; }

Json inspection_data(const StateTestReport& report, const StateTestRequest& request, bool traces) {
    Json data{{"input", request.input.text()}};
    for (const auto& [step, value] : report.steps) {
        if (!is_exchange(step)) {
            data[step] = value.text();
        } else if (traces) {
            data[step] = value.json();
        }
    }
    auto variables = request.variables;
    for (const auto& [name, value] : report.assigned) variables.insert_or_assign(name, value);
    if (!variables.empty()) {
        Json all = Json::object();
        for (const auto& [name, value] : variables) all[name] = value.json();
        data["variables"] = to_text(all);
    }
    if (report.max_concurrency) data["maxConcurrency"] = *report.max_concurrency;
    if (report.tolerated_failure_count) data["toleratedFailureCount"] = *report.tolerated_failure_count;
    if (report.tolerated_failure_percentage) data["toleratedFailurePercentage"] = *report.tolerated_failure_percentage;
    Json details = Json::object();
    if (report.catch_index) details["catchIndex"] = *report.catch_index;
    if (report.retry_index) details["retryIndex"] = *report.retry_index;
    if (report.backoff_seconds) details["retryBackoffIntervalSeconds"] = *report.backoff_seconds;
    if (!details.empty()) data["errorDetails"] = std::move(details);
    return data;
}

Json report_document(const StateTestReport& report, const StateTestRequest& request, std::string_view level) {
    Json document{{"status", status_name(report.status)}};
    if (report.output) document["output"] = report.output->text();
    if (report.error.name) document["error"] = *report.error.name;
    if (report.error.cause) document["cause"] = *report.error.cause;
    if (!report.next.empty()) document["nextState"] = report.next;
    const bool traces = level == "TRACE";
    if (traces || level == "DEBUG") document["inspectionData"] = inspection_data(report, request, traces);
    return document;
}

ApiResult<Json> test_state(const Call& call) {
    const auto& arguments = call.arguments;
    StateTestRequest request;
    if (auto error = check_payloads(call)) return std::move(*error);
    if (arguments.has("roleArn")) {
        if (auto error = check_role_arn(arguments.text("roleArn"))) return std::move(*error);
    }
    const auto mock = read_mock(arguments);
    if (!mock) return mock.error();
    auto found = read_state(arguments);
    if (!found) return std::move(found).error();
    request.definition = std::move(found->first);
    request.state = std::move(found->second);
    const auto& state = *request.definition->find(request.state);
    if (auto error = read_configuration(arguments, *request.definition, mock->given, request)) return std::move(*error);
    if (auto error = check_mock_for(state, *mock, arguments)) return std::move(*error);
    if (mock->given) {
        auto answer = mocked_answer(state, *mock);
        if (!answer) return std::move(answer).error();
        request.mock = *std::move(answer);
    } else if (auto error = check_resource(call, state)) {
        return std::move(*error);
    }
    if (const auto context = arguments.optional_text("context")) {
        if (!mock->given) return invalid("TestState does not support Context when a mock is not specified.");
        auto given = given_context(*context, state);
        if (!given) return invalid("Invalid Context object provided: " + given.error());
        request.context = *std::move(given);
    }
    if (auto error = read_variables(arguments, request)) return std::move(*error);
    auto input = execution_input(arguments.optional_text("input"), call.orchestrator.settings().limits);
    if (!input) return input.error();
    request.input = *std::move(input);
    request.identity.role_arn = arguments.text("roleArn");

    const auto level = arguments.text("inspectionLevel");
    const auto report = call.orchestrator.test_state(request, call.request.connected);
    return report_document(report, request, level);
}

// clang-format off
constexpr std::array<std::string_view, 3> inspection_levels{"INFO", "DEBUG", "TRACE"};
constexpr std::array<std::string_view, 3> validation_modes{"STRICT", "PRESENT", "NONE"};

constexpr std::array error_members{
    sensitive(text_member("error", optional, 0, 256)),
    sensitive(text_member("cause", optional, 0, 32'768)),
};
constexpr std::array mock_members{
    payload_member("result", optional),
    structure_member("errorOutput", error_members),
    enum_member("fieldValidationMode", validation_modes),
};
constexpr std::array configuration_members{
    Member{.name = "retrierRetryCount", .kind = Kind::Integer, .min = 0},
    sensitive(text_member("errorCausedByState", optional, 1, 80)),
    Member{.name = "mapIterationFailureCount", .kind = Kind::Integer, .min = 0},
    payload_member("mapItemReaderData", optional),
};
constexpr std::array members{
    sensitive(text_member("definition", required, 1, max_definition_length)),
    arn_member("roleArn", optional),
    payload_member("input", optional),
    enum_member("inspectionLevel", inspection_levels),
    boolean_member("revealSecrets"),
    payload_member("variables", optional),
    sensitive(text_member("stateName", optional, 1, 80)),
    structure_member("mock", mock_members),
    payload_member("context", optional),
    structure_member("stateConfiguration", configuration_members),
};

constexpr std::array operations{
    Operation{"TestState", members, test_state},
};
// clang-format on

}  // namespace

std::span<const Operation> test_state_operations() { return operations; }

}  // namespace pawl::web::aws
