// nextToken: where the next page begins, sealed with a checksum over what the page is of. Stateless, so it may be used
// again, by anyone and after a restart.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pawl::web::aws {

// `scope` names the list and its filters: a token of one list is garbage to another. `position` is ours to read back.
std::string make_page_token(std::string_view scope, std::string_view position);

// The position; nothing when the token was not made by make_page_token for this scope.
std::optional<std::string> read_page_token(std::string_view scope, std::string_view token);

}  // namespace pawl::web::aws
