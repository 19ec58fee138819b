// The quick reader of JSON reads what nlohmann's parser reads, and what was read survives being written.
#include "states/json.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using pawl::Json;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (pawl::too_deep(text)) return 0;
    const auto ours = pawl::parse_json(text);
    if (text.find('\0') != std::string_view::npos) {  // the end of the text to theirs, no JSON to ours
        if (ours) std::abort();
        return 0;
    }
    const Json theirs = Json::parse(text, nullptr, false);
    if (static_cast<bool>(ours) == theirs.is_discarded()) std::abort();
    if (!ours) return 0;
    if (to_text(*ours) != to_text(theirs) || ours->type() != theirs.type()) std::abort();
    const auto again = pawl::parse_json(to_text(*ours));
    if (!again || to_text(*again) != to_text(*ours)) std::abort();
    return 0;
}
