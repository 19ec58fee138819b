// Boolean functions, and those that report errors. Spec: docs.jsonata.org, "Boolean functions", "Higher-order …".
#include <array>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

Value boolean(Call& call) { return call.has(0) ? Value::boolean(is_truthy(call[0], call.budget())) : Value{}; }
Value negation(Call& call) { return call.has(0) ? Value::boolean(!is_truthy(call[0], call.budget())) : Value{}; }
Value exists(Call& call) { return Value::boolean(call.has(0)); }

Json message_or(const Value& message, std::string_view otherwise) {
    return message.is_string() && !message.as_string().empty() ? Json(std::string{message.as_string()})
                                                               : Json(std::string{otherwise});
}

Value error(Call& call) { throw Fault{"D3137"}.with("message", message_or(call[0], "$error() function evaluated")); }

Value assertion(Call& call) {
    if (call[0].is_boolean() && call[0].as_boolean()) return {};
    throw Fault{"D3141"}.with("message", message_or(call[1], "$assert() statement failed"));
}

Value type(Call& call) {
    static const std::array<std::string, 7> names{"null", "boolean", "number", "string", "array", "object", "function"};
    if (!call.has(0)) return {};
    return Value::borrowed(names[static_cast<std::size_t>(call[0].kind()) - 1]);
}

constexpr std::array functions{
    Builtin{"boolean", "<x-:b>", 1, boolean},   Builtin{"not", "<x-:b>", 1, negation},
    Builtin{"exists", "<x:b>", 1, exists},      Builtin{"error", "<s?:x>", 1, error},
    Builtin{"assert", "<bs?:x>", 2, assertion}, Builtin{"type", "<x:s>", 1, type},
};

}  // namespace

std::span<const Builtin> boolean_functions() { return functions; }

}  // namespace pawl::jsonata
