// Operations on the tags of state machines and activities.
#include <array>
#include <utility>

#include "orchestrator/arn.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/tags.hpp"

namespace pawl::web::aws {

namespace {

std::optional<ApiError> check_taggable(std::string_view arn) {
    if (!check_arn(arn, "activity")) return std::nullopt;
    return check_arn(arn, "stateMachine");
}

ApiResult<Json> tag_resource(const Call& call) {
    const auto arn = call.arguments.text("resourceArn");
    if (auto error = check_taggable(arn)) return std::move(*error);
    const auto done = call.orchestrator.tag_resource(arn, tags_of(call.arguments));
    if (!done) return done.error();
    return Json::object();
}

ApiResult<Json> untag_resource(const Call& call) {
    const auto arn = call.arguments.text("resourceArn");
    if (auto error = check_taggable(arn)) return std::move(*error);
    const auto done =
        call.orchestrator.untag_resource(arn, call.arguments.find("tagKeys")->get<std::vector<std::string>>());
    if (!done) return done.error();
    return Json::object();
}

ApiResult<Json> list_tags_for_resource(const Call& call) {
    const auto arn = call.arguments.text("resourceArn");
    if (auto error = check_taggable(arn)) return std::move(*error);
    const auto tags = call.orchestrator.list_tags(arn);
    if (!tags) return tags.error();
    return Json{{"tags", tag_list(*tags)}};
}

// clang-format off
constexpr Member required_list(Member list) {
    list.required = true;
    return list;
}
constexpr std::array tag_resource_members{
    arn_member("resourceArn", required),
    required_list(list_member("tags", tag_members)),
};
constexpr std::array untag_resource_members{
    arn_member("resourceArn", required),
    Member{.name = "tagKeys", .kind = Kind::List, .required = true, .list_of_texts = true, .item_max = 128},
};
constexpr std::array list_tags_members{
    arn_member("resourceArn", required),
};

constexpr std::array operations{
    Operation{"TagResource",         tag_resource_members,   tag_resource},
    Operation{"UntagResource",       untag_resource_members, untag_resource},
    Operation{"ListTagsForResource", list_tags_members,      list_tags_for_resource},
};
// clang-format on

}  // namespace

std::span<const Operation> tag_operations() { return operations; }

}  // namespace pawl::web::aws
