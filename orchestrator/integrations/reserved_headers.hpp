// Headers that a workflow may not set: the service sets them, or keeps its hands on them.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "orchestrator/integrations/http_client.hpp"

namespace pawl {

// "The 'Headers' field contains unsupported values: [via, x-amz-a]": those of `reserved`, which are in small letters,
// and whatever begins with X-Forwarded, X-Amz or X-Amzn. Nothing: all may be set.
std::optional<std::string> unsupported_headers(const HttpHeaders& headers, std::span<const std::string_view> reserved);

}  // namespace pawl
