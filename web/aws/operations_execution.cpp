// Operations on executions.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "orchestrator/arn.hpp"
#include "web/aws/history_event.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/page_token.hpp"
#include "web/aws/paging.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/timestamp.hpp"
#include "web/aws/views.hpp"

namespace pawl::web::aws {

namespace {

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

ApiResult<Json> start_execution(const Call& call) {
    const auto request = start_request(call);
    const auto started = call.orchestrator.start_execution(request);
    if (!started) return started.error();
    return Json{{"executionArn", started->arn}, {"startDate", epoch_seconds(started->started)}};
}

ApiResult<Json> stop_execution(const Call& call) {
    StopExecution request;
    request.arn = call.arguments.text("executionArn");
    request.error = {call.arguments.optional_text("error"), call.arguments.optional_text("cause")};
    if (auto error = check_arn(request.arn, "execution")) return std::move(*error);
    const auto stopped = call.orchestrator.stop_execution(request);
    if (!stopped) return stopped.error();
    return Json{{"stopDate", epoch_seconds(*stopped)}};
}

ApiResult<Json> describe_execution(const Call& call) {
    const auto arn = call.arguments.text("executionArn");
    if (auto error = check_arn(arn, "execution")) return std::move(*error);
    const auto view = call.orchestrator.describe_execution(arn);
    if (!view) return view.error();
    return execution_document(*view, call.arguments.text("includedData") != "METADATA_ONLY");
}

// --- ListExecutions
// ---------------------------------------------------------------------------------------------------

// "millis,number" of the last row of the page before.
std::optional<std::pair<Instant, std::int64_t>> parse_list_position(std::string_view text) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) return std::nullopt;
    const auto millis = parse_number(text.substr(0, comma));
    const auto number = parse_number(text.substr(comma + 1));
    if (!millis || !number) return std::nullopt;
    return std::pair{Instant{Millis{*millis}}, *number};
}

ApiResult<ListExecutions> decode_list(const Arguments& arguments) {
    const auto machine = arguments.optional_text("stateMachineArn");
    const auto map_run = arguments.optional_text("mapRunArn");
    if (machine.has_value() == map_run.has_value()) {
        return ApiError{"ValidationException",
                        "Exactly one of stateMachineArn and mapRunArn must be specified",
                        {{"reason", "MISSING_REQUIRED_PARAMETER"}}};
    }
    if (map_run) {
        if (auto error = check_arn(*map_run, "mapRun")) return std::move(*error);
    } else if (auto error = check_arn(*machine, "stateMachine")) {
        return std::move(*error);
    }
    if (machine && arguments.text("statusFilter") == "PENDING_REDRIVE") {  // only children of Map Runs wait for it
        return ApiError{"ValidationException",
                        "mapRunArn must be specified when statusFilter is PENDING_REDRIVE",
                        {{"reason", "MISSING_REQUIRED_PARAMETER"}}};
    }
    ListExecutions query;
    query.machine_arn = machine.value_or("");
    query.map_run_arn = map_run.value_or("");
    query.standard_only = true;
    if (const auto status = arguments.optional_text("statusFilter")) query.status = parse_execution_status(*status);
    return query;
}

// The machine and the filters: a token goes on with the list that it is of.
std::string list_scope(const Arguments& arguments) {
    return "ListExecutions\n" + arguments.text("stateMachineArn") + arguments.text("mapRunArn") + "\n" +
           arguments.text("statusFilter") + "\n" + arguments.text("redriveFilter");
}

// A page may become smaller than asked by this filter, as any page of AWS may.
bool passes_redrive_filter(const ExecutionListItem& item, const std::string& filter) {
    return filter.empty() || (filter == "REDRIVEN") == (item.row.redrive_count > 0);
}

ApiResult<Json> list_executions(const Call& call) {
    auto query = decode_list(call.arguments);
    if (!query) return query.error();
    const std::string scope = list_scope(call.arguments);
    const auto position = page_position(scope, call.arguments);
    if (!position) return position.error();
    query->after = parse_list_position(*position);
    const std::size_t size = page_size(call.arguments);
    query->limit = size + 1;
    auto items = call.orchestrator.list_executions(*query);
    if (!items) return items.error();

    Json response = Json::object();
    if (items->size() > size) {
        items->resize(size);
        const ExecutionRow& last = items->back().row;
        response["nextToken"] = make_page_token(
            scope, std::to_string(last.started.time_since_epoch().count()) + "," + std::to_string(last.number));
    }
    Json& shown = response["executions"] = Json::array();
    const auto redrive_filter = call.arguments.text("redriveFilter");
    for (const auto& item : *items) {
        if (passes_redrive_filter(item, redrive_filter)) shown.push_back(execution_list_item(item));
    }
    return response;
}

// --- GetExecutionHistory
// ----------------------------------------------------------------------------------------------

// A page of about this size ends, whatever maxResults says: a thousand events may hold half a gigabyte.
constexpr std::size_t max_page_bytes = 6 * 1024 * 1024;
// Events are read in steps, so that a page is not read much further than it can hold.
constexpr std::size_t events_a_step = 50;

struct HistoryPage {
    Json events = Json::array();
    std::int64_t last = 0;  // id of the last event on it
    bool more = false;
};

// Nearly: its texts make up what is large.
std::size_t size_of(const Json& event) {
    std::size_t bytes = 0;
    for (const auto& member : event) {
        if (member.is_string()) bytes += member.get_ref<const std::string&>().size();
        if (member.is_object()) bytes += size_of(member);
    }
    return bytes;
}

ApiResult<HistoryPage> read_history(Orchestrator& orchestrator, GetHistory query, std::size_t size,
                                    const HistoryOptions& options) {
    HistoryPage page;
    std::size_t bytes = 0;
    for (;;) {
        query.limit = std::min(size + 1 - page.events.size(), events_a_step);
        const auto events = orchestrator.history(query);
        if (!events) return events.error();
        for (const auto& recorded : *events) {
            if (page.events.size() == size || bytes >= max_page_bytes) {
                page.more = true;
                return page;
            }
            page.events.push_back(history_event(recorded, options));
            bytes += size_of(page.events.back());
            page.last = recorded.id;
        }
        if (events->size() < query.limit) return page;
        query.after = page.last;
    }
}

ApiResult<Json> get_execution_history(const Call& call) {
    const auto& arguments = call.arguments;
    GetHistory query;
    query.arn = arguments.text("executionArn");
    query.reverse = arguments.flag("reverseOrder", false);
    if (auto error = check_arn(query.arn, "execution")) return std::move(*error);
    const std::string scope = "GetExecutionHistory\n" + query.arn + (query.reverse ? "\nreverse" : "");
    const auto position = page_position(scope, arguments);
    if (!position) return position.error();
    query.after = parse_number(*position).value_or(0);

    const HistoryOptions options{call.orchestrator.settings().region, arguments.flag("includeExecutionData", true)};
    auto page = read_history(call.orchestrator, query, page_size(arguments), options);
    if (!page) return page.error();
    Json response = {{"events", std::move(page->events)}};
    if (page->more) response["nextToken"] = make_page_token(scope, std::to_string(page->last));
    return response;
}

// clang-format off
constexpr std::array start_members{
    arn_member("stateMachineArn", required),
    text_member("name", optional, 1, 80),
    payload_member("input", optional),
    trace_header_member(),
};
constexpr std::array stop_members{
    arn_member("executionArn", required),
    sensitive(text_member("error", optional, 0, 256)),
    sensitive(text_member("cause", optional, 0, 32'768)),
};
constexpr std::array describe_members{
    arn_member("executionArn", required),
    enum_member("includedData", included_data),
};
constexpr std::array list_members{
    arn_member("stateMachineArn", optional),
    enum_member("statusFilter", execution_statuses),
    page_size_member(1000),
    text_member("nextToken", optional, 1, 3096),
    text_member("mapRunArn", optional, 1, 2000),
    enum_member("redriveFilter", redrive_filters),
};
constexpr std::array history_members{
    arn_member("executionArn", required),
    page_size_member(1000),
    boolean_member("reverseOrder"),
    text_member("nextToken", optional, 1, 1024),
    boolean_member("includeExecutionData"),
};

constexpr std::array operations{
    Operation{"StartExecution",      start_members,    start_execution},
    Operation{"StopExecution",       stop_members,     stop_execution},
    Operation{"DescribeExecution",   describe_members, describe_execution},
    Operation{"ListExecutions",      list_members,     list_executions},
    Operation{"GetExecutionHistory", history_members,  get_execution_history},
};
// clang-format on

}  // namespace

std::span<const Operation> execution_operations() { return operations; }

}  // namespace pawl::web::aws
