// Operations on versions of state machines.
#include <array>
#include <utility>

#include "orchestrator/arn.hpp"
#include "orchestrator/names.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/page_token.hpp"
#include "web/aws/paging.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/timestamp.hpp"

namespace pawl::web::aws {

namespace {

Json version_document(const VersionView& view) {
    return {{"stateMachineVersionArn", view.arn}, {"creationDate", epoch_seconds(view.row.created)}};
}

ApiResult<Json> publish_state_machine_version(const Call& call) {
    PublishVersion request;
    request.machine_arn = call.arguments.text("stateMachineArn");
    request.revision_id = call.arguments.optional_text("revisionId");
    request.description = call.arguments.text("description");
    if (auto error = check_arn(request.machine_arn, "stateMachine")) return std::move(*error);
    const auto version = call.orchestrator.publish_version(request);
    if (!version) return version.error();
    return version_document(*version);
}

ApiResult<Json> list_state_machine_versions(const Call& call) {
    ListVersions query;
    query.machine_arn = call.arguments.text("stateMachineArn");
    if (auto error = check_arn(query.machine_arn, "stateMachine")) return std::move(*error);
    const auto scope = "ListStateMachineVersions\n" + query.machine_arn;
    const auto position = page_position(scope, call.arguments);
    if (!position) return position.error();
    query.before = version_number(*position);
    const auto size = page_size(call.arguments);
    query.limit = size + 1;
    auto versions = call.orchestrator.list_versions(query);
    if (!versions) return versions.error();
    Json response = Json::object();
    if (versions->size() > size) {
        versions->resize(size);
        response["nextToken"] = make_page_token(scope, std::to_string(versions->back().row.version));
    }
    Json& items = response["stateMachineVersions"] = Json::array();
    for (const auto& version : *versions) items.push_back(version_document(version));
    return response;
}

ApiResult<Json> delete_state_machine_version(const Call& call) {
    const auto arn = call.arguments.text("stateMachineVersionArn");
    if (auto error = check_arn(arn, "stateMachine")) return std::move(*error);
    const auto deleted = call.orchestrator.delete_version(arn);
    if (!deleted) return deleted.error();
    return Json::object();
}

// clang-format off
constexpr std::array publish_members{
    arn_member("stateMachineArn", required),
    Member{.name = "revisionId"},
    description_member("description"),
};
constexpr std::array list_members{
    arn_member("stateMachineArn", required),
    text_member("nextToken", optional, 1, 1024),
    page_size_member(1000),
};
constexpr std::array delete_members{
    text_member("stateMachineVersionArn", required, 1, 2000),
};

constexpr std::array operations{
    Operation{"PublishStateMachineVersion", publish_members, publish_state_machine_version},
    Operation{"ListStateMachineVersions",   list_members,    list_state_machine_versions},
    Operation{"DeleteStateMachineVersion",  delete_members,  delete_state_machine_version},
};
// clang-format on

}  // namespace

std::span<const Operation> version_operations() { return operations; }

}  // namespace pawl::web::aws
