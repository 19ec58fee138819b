// Asks a running server's REST API, for commands.
#pragma once
#include <string>
#include <string_view>

#include "states/json.hpp"
#include "states/result.hpp"

namespace pawl::web {

// GET: the answer's document, or what is wrong, for people. `server`: "http://127.0.0.1:8083".
Result<Json, std::string> get_document(const std::string& server, const std::string& path_and_query);

}  // namespace pawl::web
