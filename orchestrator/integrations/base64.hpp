// Spec: RFC 4648, section 4. Its other half is to_base64 in orchestrator/functions/lambda_result.hpp.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pawl {

std::optional<std::string> from_base64(std::string_view text);  // nothing: it is none

}  // namespace pawl
