// Base64 as it comes in. Spec: RFC 4648, section 4.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pawl::web::lambda {

// Nothing: it is none.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace pawl::web::lambda
