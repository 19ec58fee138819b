// Activities, and the long poll of their workers.
#include <array>
#include <atomic>
#include <memory>
#include <utility>

#include "orchestrator/arn.hpp"
#include "orchestrator/name_rules.hpp"
#include "web/aws/configuration.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/page_token.hpp"
#include "web/aws/paging.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/tags.hpp"
#include "web/aws/timestamp.hpp"

namespace pawl::web::aws {

namespace {

// AWS says 60 seconds; clients that time out at 60 would never hear that there was nothing.
constexpr std::chrono::seconds poll_patience{55};

ApiResult<Json> create_activity(const Call& call) {
    CreateActivity request;
    request.name = call.arguments.text("name");
    if (auto error = check_name(request.name)) return std::move(*error);
    request.tags = tags_of(call.arguments);
    auto encryption = encryption_configuration(call.arguments.find("encryptionConfiguration"));
    if (!encryption) return encryption.error();
    request.configuration["encryptionConfiguration"] = *std::move(encryption);
    const auto created = call.orchestrator.create_activity(request);
    if (!created) return created.error();
    return Json{{"activityArn", created->arn}, {"creationDate", epoch_seconds(created->created)}};
}

ApiResult<Json> describe_activity(const Call& call) {
    const auto arn = call.arguments.text("activityArn");
    if (auto error = check_arn(arn, "activity")) return std::move(*error);
    const auto row = call.orchestrator.describe_activity(arn);
    if (!row) return row.error();
    Json response{{"activityArn", row->arn}, {"name", row->name}, {"creationDate", epoch_seconds(row->created)}};
    const auto configuration = parse_json(row->configuration);
    if (configuration && configuration->is_object()) response.update(*configuration);
    return response;
}

ApiResult<Json> delete_activity(const Call& call) {
    const auto arn = call.arguments.text("activityArn");
    if (auto error = check_arn(arn, "activity")) return std::move(*error);
    const auto done = call.orchestrator.delete_activity(arn);
    if (!done) return done.error();
    return Json::object();
}

ApiResult<Json> list_activities(const Call& call) {
    constexpr std::string_view scope = "ListActivities";
    const auto after_name = page_position(scope, call.arguments);
    if (!after_name) return after_name.error();
    const std::size_t size = page_size(call.arguments);
    auto rows = call.orchestrator.list_activities(*after_name, size + 1);
    Json response = Json::object();
    if (rows.size() > size) {
        rows.resize(size);
        response["nextToken"] = make_page_token(scope, rows.back().name);
    }
    Json& items = response["activities"] = Json::array();
    for (const auto& row : rows) {
        items.push_back({{"activityArn", row.arn}, {"name", row.name}, {"creationDate", epoch_seconds(row.created)}});
    }
    return response;
}

Json task_document(const std::optional<ActivityTask>& task) {
    if (!task) return Json::object();
    return {{"taskToken", task->token}, {"input", task->input.text()}};
}

ApiResult<Pending> get_activity_task(const Call& call) {
    auto arn = call.arguments.text("activityArn");
    if (auto error = check_arn(arn, "activity")) return std::move(*error);
    const auto exists = call.orchestrator.describe_activity(arn);
    if (!exists) return exists.error();

    // Known once the poll has begun; a poll that was refused, or ended at once, has nothing to cancel.
    const auto poll = std::make_shared<std::atomic<std::int64_t>>(0);
    Pending pending;
    pending.begin = [&orchestrator = call.orchestrator, arn = std::move(arn), poll,
                     worker = call.arguments.text("workerName")](std::function<void(ApiResult<Json>)> answer) {
        const auto begun =
            orchestrator.poll_activity(arn, worker, [answer](const ApiResult<std::optional<ActivityTask>>& given) {
                given ? answer(task_document(*given)) : answer(given.error());
            });
        begun ? poll->store(begun->number) : answer(begun.error());
    };
    pending.cancel = [&orchestrator = call.orchestrator, poll] { return orchestrator.stop_polling({poll->load()}); };
    pending.patience = poll_patience;
    pending.otherwise = Json::object();
    return pending;
}

// clang-format off
constexpr std::array create_members{
    text_member("name", required, 1, 80),
    list_member("tags", tag_members),
    structure_member("encryptionConfiguration", encryption_members),
};
constexpr std::array arn_members{
    arn_member("activityArn", required),
};
constexpr std::array list_members{
    page_size_member(1000),
    text_member("nextToken", optional, 1, 1024),
};
constexpr std::array poll_members{
    arn_member("activityArn", required),
    text_member("workerName", optional, 1, 80),
};

constexpr std::array operations{
    Operation{"CreateActivity",   create_members, create_activity},
    Operation{"DescribeActivity", arn_members,    describe_activity},
    Operation{"DeleteActivity",   arn_members,    delete_activity},
    Operation{"ListActivities",   list_members,   list_activities},
    Operation{"GetActivityTask",  poll_members,   nullptr, get_activity_task},
};
// clang-format on

}  // namespace

std::span<const Operation> activity_operations() { return operations; }

}  // namespace pawl::web::aws
