// A Choice rule, and the input for it.
#include "states/data/choice_rule.hpp"

#include "tests/fuzz/scope.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pawl;
    const auto parts = fuzz::parts_of(data, size);
    const auto source = parse_json(parts[0]);
    if (!source) return 0;
    const auto rule = data::ChoiceRule::compile(*source);
    if (!rule) return 0;
    fuzz::FuzzScope world{.input = fuzz::json_part(parts, 1)};
    (void)rule->evaluate(world.scope());
    return 0;
}
