#include "orchestrator/integrations/sfn_executions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <vector>

#include "orchestrator/arn.hpp"
#include "orchestrator/integrations/sdk_response.hpp"
#include "orchestrator/names.hpp"
#include "orchestrator/text_encodings.hpp"
#include "persistence/store.hpp"

namespace pawl::sdk {
namespace {

constexpr std::int64_t usual_page = 100;
constexpr std::int64_t largest_page = 1000;

// A text member; empty: it is missing.
std::string text(const Json& parameters, std::string_view member) {
    const auto found = parameters.find(std::string{member});
    return found != parameters.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<std::string> optional_text(const Json& parameters, std::string_view member) {
    return parameters.contains(std::string{member}) ? std::optional{text(parameters, member)} : std::nullopt;
}

ApiError validation_error(std::string why) { return {"ValidationException", std::move(why)}; }

// --- What an execution looks like

void add_redrive(Json& document, const ExecutionRow& row) {
    document["RedriveCount"] = row.redrive_count;
    if (row.redriven) document["RedriveDate"] = to_iso8601(*row.redriven);
}

void add_machine(Json& document, const ExecutionRow& row, const std::string& machine_arn) {
    if (!row.alias.empty()) document["StateMachineAliasArn"] = qualified_arn(machine_arn, row.alias);
    document["StateMachineArn"] = machine_arn;
    if (row.version != 0) document["StateMachineVersionArn"] = qualified_arn(machine_arn, std::to_string(row.version));
    document["Status"] = to_string(row.status);
    if (row.stopped) document["StopDate"] = to_iso8601(*row.stopped);
}

void add_payload(Json& document, const std::string& name, const Payload& payload, bool include_data) {
    if (include_data) document[name] = payload.text();
    document[name + "Details"] = {{"Included", include_data}};
}

// Members in the order of their names; `redrive` adds those between Output and StartDate.
Json document_of(const ExecutionView& view, bool include_data, const std::function<void(Json&)>& redrive) {
    Json document = Json::object();
    if (view.error.cause) document["Cause"] = *view.error.cause;
    if (view.error.name) document["Error"] = *view.error.name;
    document["ExecutionArn"] = view.row.arn;
    add_payload(document, "Input", view.input, include_data);
    if (!view.map_run_arn.empty()) document["MapRunArn"] = view.map_run_arn;
    document["Name"] = view.row.name;
    if (view.output) add_payload(document, "Output", *view.output, include_data);
    redrive(document);
    document["StartDate"] = to_iso8601(view.row.started);
    add_machine(document, view.row, view.machine_arn);
    if (!view.row.trace_header.empty()) document["TraceHeader"] = view.row.trace_header;
    return document;
}

Json list_item(const ExecutionListItem& item) {
    Json document = {{"ExecutionArn", item.row.arn}};
    if (!item.map_run_arn.empty()) {
        document["ItemCount"] = item.row.items;
        document["MapRunArn"] = item.map_run_arn;
    }
    document["Name"] = item.row.name;
    add_redrive(document, item.row);
    document["StartDate"] = to_iso8601(item.row.started);
    add_machine(document, item.row, item.machine_arn);
    return document;
}

// --- The calls

ApiResult<Json> describe_execution(Orchestrator& orchestrator, const Json& parameters) {
    const auto arn = text(parameters, "ExecutionArn");
    if (auto error = check_arn(arn, "execution")) return *std::move(error);
    const auto view = orchestrator.describe_execution(arn);
    if (!view) return view.error();
    return document_of(*view, text(parameters, "IncludedData") != "METADATA_ONLY", [&](Json& document) {
        add_redrive(document, view->row);
        document["RedriveStatus"] = to_string(view->redrive.kind);
        if (!view->redrive.reason.empty()) document["RedriveStatusReason"] = view->redrive.reason;
    });
}

ApiResult<Json> stop_execution(Orchestrator& orchestrator, const Json& parameters) {
    const auto arn = text(parameters, "ExecutionArn");
    if (auto error = check_arn(arn, "execution")) return *std::move(error);
    const auto stopped =
        orchestrator.stop_execution({arn, {optional_text(parameters, "Error"), optional_text(parameters, "Cause")}});
    if (!stopped) return stopped.error();
    return Json{{"StopDate", to_iso8601(*stopped)}};
}

// A page's end, for the next: "MILLIS,NUMBER" of its last execution.
std::string token_of(const ExecutionRow& row) {
    return to_base64(std::to_string(row.started.time_since_epoch().count()) + "," + std::to_string(row.number));
}

std::optional<std::pair<Instant, std::int64_t>> position_of(const std::string& token) {
    const auto text = from_base64(token).value_or("");
    std::int64_t millis = 0, number = 0;
    const auto* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, millis);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ',') return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, number);
    if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
    return std::pair{Instant{Millis{millis}}, number};
}

ApiResult<ListExecutions> list_query(const Json& parameters) {
    ListExecutions query;
    query.standard_only = true;
    query.machine_arn = text(parameters, "StateMachineArn");
    query.map_run_arn = text(parameters, "MapRunArn");
    if (query.machine_arn.empty() == query.map_run_arn.empty()) {
        return validation_error("Exactly one of stateMachineArn and mapRunArn must be specified");
    }
    const bool of_machine = query.map_run_arn.empty();
    if (auto error =
            check_arn(of_machine ? query.machine_arn : query.map_run_arn, of_machine ? "stateMachine" : "mapRun")) {
        return *std::move(error);
    }
    if (const auto status = text(parameters, "StatusFilter"); !status.empty()) {
        query.status = parse_execution_status(status);
        if (!query.status)
            return validation_error("Value '" + status + "' at 'statusFilter' is no status of executions");
    }
    const auto most = parameters.value("MaxResults", Json(0));
    const auto number = most.is_number_integer() ? most.get<std::int64_t>() : -1;
    if (number < 0 || number > largest_page) {
        return validation_error("Value at 'maxResults' must be a number from 0 to 1000");
    }
    query.limit = static_cast<std::size_t>(number == 0 ? usual_page : number);
    if (const auto token = text(parameters, "NextToken"); !token.empty()) {
        query.after = position_of(token);
        if (!query.after) return ApiError{"InvalidToken", "Invalid Token: '" + token + "'"};
    }
    return query;
}

ApiResult<Json> list_executions(Orchestrator& orchestrator, const Json& parameters) {
    auto query = list_query(parameters);
    if (!query) return query.error();
    const auto size = query->limit++;
    auto items = orchestrator.list_executions(*query);
    if (!items) return items.error();
    const bool more = items->size() > size;
    if (more) items->resize(size);
    Json response = {{"Executions", Json::array()}};
    const auto filter = text(parameters, "RedriveFilter");
    for (const auto& item : *items) {
        if (filter.empty() || (filter == "REDRIVEN") == (item.row.redrive_count > 0)) {
            response["Executions"].push_back(list_item(item));
        }
    }
    if (more) response["NextToken"] = token_of(items->back().row);
    return response;
}

using Names = std::vector<std::string_view>;
struct Call {
    std::string_view action;
    Names members;  // all but MaxResults are texts
    Names required;
    ApiResult<Json> (*run)(Orchestrator&, const Json& parameters);
};
// clang-format off
const std::array calls{
    Call{"describeExecution", {"ExecutionArn", "IncludedData"}, {"ExecutionArn"}, describe_execution},
    Call{"stopExecution", {"ExecutionArn", "Error", "Cause"}, {"ExecutionArn"}, stop_execution},
    Call{"listExecutions", {"StateMachineArn", "MapRunArn", "StatusFilter", "RedriveFilter", "NextToken", "MaxResults"}, {}, list_executions},
};
// clang-format on

const Call& call_named(std::string_view action) { return *std::ranges::find(calls, action, &Call::action); }

}  // namespace

bool is_execution_call(std::string_view action) {
    return std::ranges::find(calls, action, &Call::action) != calls.end();
}

std::span<const std::string_view> execution_call_members(std::string_view action) { return call_named(action).members; }

std::optional<AslError> check_members(const Payload& parameters, std::span<const std::string_view> known,
                                      std::span<const std::string_view> texts,
                                      std::span<const std::string_view> required) {
    const auto& given = parameters.json();
    if (!given.is_object()) return not_started(parameters, "The parameters must be an object");
    if (const auto unknown = unknown_member(given, known)) return not_started(parameters, *unknown);
    for (const auto member : required) {
        if (!given.contains(std::string{member})) return missing_parameter(parameters, member);
    }
    for (const auto member : texts) {
        const auto found = given.find(std::string{member});
        if (found != given.end() && !found->is_string()) {
            return not_started(parameters, "The value for the field '" + std::string{member} + "' must be a STRING");
        }
    }
    return std::nullopt;
}

std::optional<AslError> wrong_call(std::string_view action, const Payload& parameters) {
    const auto& call = call_named(action);
    auto texts = call.members;
    std::erase(texts, "MaxResults");
    return check_members(parameters, call.members, texts, call.required);
}

Result<Payload> call_about_executions(Orchestrator& orchestrator, std::string_view action, const Payload& parameters) {
    auto answer = call_named(action).run(orchestrator, parameters.json());
    if (answer) return Payload::from_json(*std::move(answer));
    if (answer.error().type == "ServiceUnavailable") throw StoreError{answer.error().message};
    return sfn_error(answer.error());
}

Json sync_execution_document(const ExecutionView& view, bool include_data) {
    return document_of(view, include_data, [](Json&) {});
}

}  // namespace pawl::sdk
