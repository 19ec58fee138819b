// maxResults and nextToken of the operations that list.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "orchestrator/api_error.hpp"
#include "web/aws/members.hpp"

namespace pawl::web::aws {

// Of at least 1: absent and 0 mean AWS's 100.
std::size_t page_size(const Arguments& arguments);

// Where the page begins: empty on the first; InvalidToken for what is no token of this list.
ApiResult<std::string> page_position(std::string_view scope, const Arguments& arguments);

}  // namespace pawl::web::aws
