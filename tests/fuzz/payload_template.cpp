// A payload template with its intrinsic functions, and the input for it.
#include "states/data/payload_template.hpp"

#include "tests/fuzz/scope.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pawl;
    const auto parts = fuzz::parts_of(data, size);
    const auto source = parse_json(parts[0]);
    if (!source) return 0;
    const auto compiled = data::PayloadTemplate::compile(*source);
    if (!compiled) return 0;
    fuzz::FuzzScope world{.input = fuzz::json_part(parts, 1)};
    if (const auto made = compiled->evaluate(world.scope())) (void)to_text(*made);
    return 0;
}
