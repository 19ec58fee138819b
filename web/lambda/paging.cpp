#include "web/lambda/paging.hpp"

#include <algorithm>
#include <optional>

namespace pawl::web::lambda {
namespace {

constexpr std::int64_t default_page = 50;  // as AWS's
constexpr std::string_view digits = "0123456789abcdef";

std::string marker_of(std::string_view key) {
    std::string text;
    for (const char c : key) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::optional<std::string> key_of(std::string_view marker) {
    if (marker.size() % 2 != 0 || marker.find_first_not_of(digits) != std::string_view::npos) return std::nullopt;
    std::string key;
    for (std::size_t i = 0; i < marker.size(); i += 2) {
        key += static_cast<char>(digits.find(marker[i]) * 16 + digits.find(marker[i + 1]));
    }
    return key;
}

}  // namespace

std::string version_key(std::string_view function, std::int64_t version) {
    auto digits_of = std::to_string(version);
    digits_of.insert(0, 19 - std::min<std::size_t>(19, digits_of.size()), '0');
    return std::string{function} + ":" + digits_of;
}

ApiResult<Json> page_of(std::vector<Listed> all, const std::string& name, const aws::Arguments& arguments) {
    std::ranges::sort(all, {}, &Listed::key);
    auto next = all.begin();
    if (const auto marker = arguments.text("marker"); !marker.empty()) {
        const auto key = key_of(marker);
        if (!key) return ApiError{"InvalidParameterValueException", "Invalid pagination token"};
        next = std::ranges::upper_bound(all, *key, {}, &Listed::key);
    }
    Json page = Json::object();
    page[name] = Json::array();
    auto left = arguments.integer("maxItems", default_page);
    for (; next != all.end() && left > 0; ++next, --left) page[name].push_back(next->shown());
    if (next != all.end()) page["NextMarker"] = marker_of(std::prev(next)->key);
    return page;
}

}  // namespace pawl::web::lambda
