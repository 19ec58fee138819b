// nlohmann's header without what its literals cost. `"…"_json` is an inline function that parses, so every source that
// includes the header instantiates a whole parser for nlohmann::json, a type that nothing here uses: 0.5 to 1.4 of the
// 3 to 5 seconds that compiling one takes. With this specialization there is nothing to instantiate.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace nlohmann {

template <>
class basic_json<> {
  public:
    using json_pointer = nlohmann::json_pointer<std::string>;
    static basic_json parse(const char* begin, const char* end);  // not defined: no literals
};

}  // namespace nlohmann

#include <nlohmann/json.hpp>  // IWYU pragma: export
