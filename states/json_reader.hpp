// A quick reader for JSON texts that hold no surprise. nlohmann's parser, four times slower, has the last word: it
// reads what this one declines, and says what is wrong with it.
#pragma once
#include <string_view>

#include "states/json.hpp"

namespace pawl::detail {

// False: read it with Json::parse. True: `into` is what Json::parse would give. Nests no deeper than max_json_depth.
bool read_json(std::string_view text, Json& into);

}  // namespace pawl::detail
