#include "web/aws/paging.hpp"

#include "web/aws/page_token.hpp"

namespace pawl::web::aws {

namespace {

constexpr std::int64_t default_page = 100;

}  // namespace

std::size_t page_size(const Arguments& arguments) {
    const auto asked = arguments.integer("maxResults", 0);
    return static_cast<std::size_t>(asked == 0 ? default_page : asked);
}

ApiResult<std::string> page_position(std::string_view scope, const Arguments& arguments) {
    const auto token = arguments.optional_text("nextToken");
    if (!token) return std::string{};
    auto position = read_page_token(scope, *token);
    if (!position) return ApiError{"InvalidToken", "Invalid Token: 'Invalid token'"};
    return *std::move(position);
}

}  // namespace pawl::web::aws
