// RedriveExecution.
#include <algorithm>
#include <array>

#include "orchestrator/arn.hpp"
#include "web/aws/operation.hpp"
#include "web/aws/shapes.hpp"
#include "web/aws/timestamp.hpp"

namespace pawl::web::aws {
namespace {

ApiResult<Json> redrive_execution(const Call& call) {
    const auto arn = call.arguments.text("executionArn");
    if (auto error = check_arn(arn, "execution")) return std::move(*error);
    const auto redriven = call.orchestrator.redrive_execution(arn, call.arguments.text("clientToken"));
    if (!redriven) return redriven.error();
    return Json{{"redriveDate", epoch_seconds(*redriven)}};
}

bool is_visible_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '!' && c <= '~'; });
}

constexpr std::array members{
    arn_member("executionArn", required),
    Member{.name = "clientToken", .min = 1, .max = 64, .pattern = "[!-~]+", .matches = is_visible_ascii},
};
constexpr std::array operations{Operation{"RedriveExecution", members, redrive_execution}};

}  // namespace

std::span<const Operation> redrive_operations() { return operations; }

}  // namespace pawl::web::aws
