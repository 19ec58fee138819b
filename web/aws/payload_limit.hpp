// How long a text that holds JSON may be: the model says 262,144, `--limits pawl` that there is no limit.
#pragma once
#include "web/aws/operation.hpp"

namespace pawl::web::aws {

// `path`: the member's name, with those of the structures that it is in.
inline std::optional<ApiError> check_payload(const Call& call, const Arguments& arguments, std::string_view name,
                                             std::string_view path) {
    const auto limit = call.orchestrator.settings().limits.payload_bytes;
    const Json* text = arguments.find(name);
    if (text == nullptr || text->get_ref<const std::string&>().size() <= limit) return std::nullopt;
    return ApiError{"ValidationException", "1 validation error detected: Value at '" + std::string{path} +
                                               "' failed to satisfy constraint: Member must have length less than or "
                                               "equal to " +
                                               std::to_string(limit)};
}

}  // namespace pawl::web::aws
