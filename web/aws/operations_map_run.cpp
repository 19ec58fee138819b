// Operations on Map Runs.
#include <algorithm>
#include <array>

#include "orchestrator/arn.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/page_token.hpp"
#include "web/aws/paging.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/timestamp.hpp"

namespace pawl::web::aws {
namespace {

// "arn:…:mapRun:machine/label:uuid" -> "arn:…:stateMachine:machine/label".
std::string labeled_machine_arn(std::string_view arn) {
    constexpr std::string_view kind = ":mapRun:";
    const auto at = arn.find(kind);
    const auto name = arn.substr(at + kind.size());
    return std::string{arn.substr(0, at)} + ":stateMachine:" + std::string{name.substr(0, name.rfind(':'))};
}

// Children, or the items that they were given, by what became of them.
Json counts(const MapRunView& view, std::int64_t StatusCount::*what, std::int64_t total) {
    const auto of = [&](ExecutionStatus status) { return view.counts[static_cast<std::size_t>(status)].*what; };
    const auto succeeded = of(ExecutionStatus::Succeeded);
    const auto known = succeeded + of(ExecutionStatus::Running) + of(ExecutionStatus::Failed) +
                       of(ExecutionStatus::TimedOut) + of(ExecutionStatus::Aborted);
    const bool ended = view.row.status != MapRunStatus::Running;
    return {{"pending", ended ? 0 : std::max<std::int64_t>(0, total - known)},
            {"running", of(ExecutionStatus::Running)},
            {"succeeded", succeeded},
            {"failed", of(ExecutionStatus::Failed)},
            {"timedOut", of(ExecutionStatus::TimedOut)},
            {"aborted", of(ExecutionStatus::Aborted)},
            {"total", std::max(total, known)},
            {"resultsWritten", ended ? succeeded + of(ExecutionStatus::Failed) : 0},
            {"failuresNotRedrivable", view.not_redrivable.*what},
            {"pendingRedrive", 0}};
}

ApiResult<Json> describe_map_run(const Call& call) {
    const auto arn = call.arguments.text("mapRunArn");
    if (auto error = check_arn(arn, "mapRun")) return std::move(*error);
    const auto view = call.orchestrator.describe_map_run(arn);
    if (!view) return view.error();
    const auto& row = view->row;
    std::int64_t children = 0;
    for (const auto& count : view->counts) children += count.executions;
    Json document = {{"mapRunArn", row.arn},
                     {"executionArn", view->execution_arn},
                     {"status", to_string(row.status)},
                     {"startDate", epoch_seconds(row.started)}};
    if (row.stopped) document["stopDate"] = epoch_seconds(*row.stopped);
    constexpr std::int64_t unbounded = 2'147'483'647;  // as AWS says it
    document["maxConcurrency"] = row.max_concurrency == 0 ? unbounded : row.max_concurrency;
    document["toleratedFailurePercentage"] = row.tolerated_failure_percentage;
    document["toleratedFailureCount"] = row.tolerated_failure_count;
    document["itemCounts"] = counts(*view, &StatusCount::items, row.items);
    document["executionCounts"] = counts(*view, &StatusCount::executions, children);
    document["redriveCount"] = row.redrive_count;
    if (row.redriven) document["redriveDate"] = epoch_seconds(*row.redriven);
    return document;
}

ApiResult<Json> list_map_runs(const Call& call) {
    const auto arn = call.arguments.text("executionArn");
    if (auto error = check_arn(arn, "execution")) return std::move(*error);
    const std::string scope = "ListMapRuns\n" + arn;
    const auto position = page_position(scope, call.arguments);
    if (!position) return position.error();
    const auto runs = call.orchestrator.list_map_runs(arn);
    if (!runs) return runs.error();
    const auto size = page_size(call.arguments);
    Json list = Json::array();
    Json response = Json::object();
    bool reached = position->empty();
    std::string last;
    for (const auto& row : *runs) {
        if (!reached) {
            reached = row.arn == *position;
            continue;
        }
        if (list.size() == size) {
            response["nextToken"] = make_page_token(scope, last);
            break;
        }
        Json item = {{"executionArn", arn},
                     {"mapRunArn", row.arn},
                     {"stateMachineArn", labeled_machine_arn(row.arn)},
                     {"startDate", epoch_seconds(row.started)}};
        if (row.stopped) item["stopDate"] = epoch_seconds(*row.stopped);
        list.push_back(std::move(item));
        last = row.arn;
    }
    response["mapRuns"] = std::move(list);
    return response;
}

ApiResult<Json> update_map_run(const Call& call) {
    const auto arn = call.arguments.text("mapRunArn");
    if (auto error = check_arn(arn, "mapRun")) return std::move(*error);
    MapRunLimits limits;
    if (call.arguments.has("maxConcurrency")) limits.max_concurrency = call.arguments.integer("maxConcurrency", 0);
    if (call.arguments.has("toleratedFailureCount")) {
        limits.tolerated_failure_count = call.arguments.integer("toleratedFailureCount", 0);
    }
    if (const auto* percentage = call.arguments.find("toleratedFailurePercentage")) {
        limits.tolerated_failure_percentage = percentage->get<double>();
    }
    const auto updated = call.orchestrator.update_map_run(arn, limits);
    if (!updated) return updated.error();
    return Json::object();
}

constexpr std::array describe_members{text_member("mapRunArn", required, 1, 2000)};
constexpr std::array list_members{
    arn_member("executionArn", required),
    page_size_member(1000),
    text_member("nextToken", optional, 1, 1024),
};
constexpr std::array update_members{
    text_member("mapRunArn", required, 1, 2000),
    Member{.name = "maxConcurrency", .kind = Kind::Integer, .min = 0},
    Member{.name = "toleratedFailurePercentage", .kind = Kind::Number, .min = 0, .max = 100},
    Member{.name = "toleratedFailureCount", .kind = Kind::Integer, .min = 0},
};

constexpr std::array operations{
    Operation{"DescribeMapRun", describe_members, describe_map_run},
    Operation{"ListMapRuns", list_members, list_map_runs},
    Operation{"UpdateMapRun", update_members, update_map_run},
};

}  // namespace

std::span<const Operation> map_run_operations() { return operations; }

}  // namespace pawl::web::aws
