// The evaluator as a line tool sees it: one JSON request, one JSON answer. No input, no output: the caller has those.
#pragma once
#include <string>
#include <string_view>

#include "states/jsonata/jsonata.hpp"

namespace pawl::jsonata {

// {"expr": "…", "data": any, "bindings": {name: any}, "depth": frames, "timelimit": ms} → {"result": any},
// {"undefined": true} or {"error": {"code", "position", "token", "value", "message"}}. Without "data" the input is
// undefined; exceeding a limit is error U1001. "timelimit" needs the environment's clock.
Json answer_line(const Json& request, const Environment& environment = {});

// The same on texts. Half a surrogate pair, which a JSON string may hold but UTF-8 not, is allowed in "expr".
std::string answer_line(std::string_view request, const Environment& environment = {});

}  // namespace pawl::jsonata
