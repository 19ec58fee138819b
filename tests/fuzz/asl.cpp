// Any text is a definition, or there are diagnostics that say why not.
#include <cstdlib>

#include "states/asl/definition.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto parsed = pawl::asl::parse_definition(text);
    if (!parsed.definition && parsed.diagnostics.empty()) std::abort();
    for (const auto& diagnostic : parsed.diagnostics) (void)pawl::asl::to_text(diagnostic, "file");
    return 0;
}
