// A JSONata expression, and the input for it. Evaluating twice gives the same, and so does evaluating from text to
// text; limits are low, so that runs are many.
#include "states/jsonata/jsonata.hpp"

#include <cstdlib>

#include "states/jsonata/document.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using pawl::jsonata::Expression;

constexpr const char* limit = "U1001";  // what a result costs differs with its form

void compare_texts(const Expression& expression, std::string_view input,
                   const pawl::jsonata::Environment& environment) {
    using namespace pawl;
    const auto parsed = parse_json(input);
    jsonata::Document document;
    const auto wrong = document.read(input);
    if (wrong.has_value() == static_cast<bool>(parsed)) std::abort();
    if (wrong) return;
    const auto value = expression.evaluate(&*parsed, {}, environment);
    std::string memory;
    const auto text = expression.evaluate_text(&document, memory, {}, environment);
    if ((!value && value.error().code == limit) || (!text && text.error().code == limit)) return;
    if (static_cast<bool>(value) != static_cast<bool>(text)) std::abort();
    if (!value) {
        if (value.error().code != text.error().code || value.error().position != text.error().position) std::abort();
    } else if (value->has_value() != text->has_value() ||
               (*value && *parse_json(to_text(**value)) != *parse_json(**text))) {
        std::abort();
    }
}

}  // namespace

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
    if (parts.size() > 1) compare_texts(*expression, parts[1], environment);
    return 0;
}
