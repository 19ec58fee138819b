#include "orchestrator/integrations/reserved_headers.hpp"

#include <algorithm>
#include <set>

#include "states/letter_case.hpp"

namespace pawl {

std::optional<std::string> unsupported_headers(const HttpHeaders& headers, std::span<const std::string_view> reserved) {
    std::set<std::string> found;
    for (const auto& header : headers) {
        auto name = lower_case(header.first);
        const bool kept = std::ranges::find(reserved, std::string_view{name}) != reserved.end();
        if (kept || name.starts_with("x-forwarded") || name.starts_with("x-amz")) found.insert(std::move(name));
    }
    if (found.empty()) return std::nullopt;
    std::string names;
    for (const auto& name : found) names += (names.empty() ? "" : ", ") + name;
    return "The 'Headers' field contains unsupported values: [" + names + "]";
}

}  // namespace pawl
