// A JSONata expression, and the input for it. Evaluating twice gives the same; limits are low, so that runs are many.
#include "states/jsonata/jsonata.hpp"

#include <cstdlib>

#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pawl;
    const auto parts = fuzz::parts_of(data, size);
    const auto expression = jsonata::Expression::compile(parts[0]);
    if (!expression) return 0;
    (void)expression->references();
    const Json input = fuzz::json_part(parts, 1);
    jsonata::Environment environment;
    environment.limits.fuel = 50'000;
    environment.limits.memory_bytes = 4u << 20;
    const auto once = expression->evaluate(parts.size() > 1 ? &input : nullptr, {}, environment);
    const auto again = expression->evaluate(parts.size() > 1 ? &input : nullptr, {}, environment);
    if (static_cast<bool>(once) != static_cast<bool>(again)) std::abort();
    if (!once) {
        if (once.error().code != again.error().code) std::abort();
    } else if (once->has_value() != again->has_value() || (*once && to_text(**once) != to_text(**again))) {
        std::abort();
    }
    return 0;
}
