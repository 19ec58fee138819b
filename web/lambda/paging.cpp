#include "web/lambda/paging.hpp"

#include <algorithm>
#include <optional>

#include "orchestrator/text_encodings.hpp"

namespace pawl::web::lambda {
namespace {

constexpr std::int64_t default_page = 50;  // as AWS's
constexpr char mark = ':';  // in front of the key: the key of the function itself is empty, a marker never is

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
        const auto key = from_hex(marker);
        if (!key || !key->starts_with(mark))
            return ApiError{"InvalidParameterValueException", "Invalid pagination token"};
        next = std::ranges::upper_bound(all, key->substr(1), {}, &Listed::key);
    }
    Json page = Json::object();
    page[name] = Json::array();
    auto left = arguments.integer("maxItems", default_page);
    for (; next != all.end() && left > 0; ++next, --left) page[name].push_back(next->shown());
    if (next != all.end()) page["NextMarker"] = to_hex(mark + std::prev(next)->key);
    return page;
}

}  // namespace pawl::web::lambda
