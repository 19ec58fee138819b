// What may be a tag: the same for state machines and activities.
// Spec: AWS Step Functions Developer Guide, "Tagging".
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/api_error.hpp"

namespace pawl {

inline constexpr std::size_t max_tags = 50;

// Of `tags` (key -> value), as they would be on the resource `arn`: reserved keys, forbidden characters, too many.
std::optional<ApiError> check_tags(std::string_view arn, const Json& tags);

// The stored tags with these added, or replaced where the key is the same; and without those of these keys.
ApiResult<std::string> with_tags(std::string_view arn, std::string_view stored, const Json& tags);
std::string without_tags(std::string_view stored, const std::vector<std::string>& keys);
Json stored_tags(std::string_view stored);

ApiError tagged_resource_not_found(std::string_view arn);

}  // namespace pawl
