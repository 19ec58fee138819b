// Operators: arithmetic, comparison, logic, text, ranges, array and object constructors.
#include <cmath>

#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/stringify.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

constexpr double largest_range = 1e7;  // the reference's limit

bool is_literal(const Syntax& node) {
    return (node.type == Type::number || node.type == Type::string) && node.predicates.empty() && !node.group;
}

bool is_comparable(const Value& value) { return value.is_undefined() || value.is_string() || value.is_number(); }

Value arithmetic(char op, const Value& lhs, const Value& rhs) {
    if (!lhs.is_undefined() && !is_numeric(lhs)) throw Fault{"T2001"}.showing("value", lhs);
    if (!rhs.is_undefined() && !is_numeric(rhs)) throw Fault{"T2002"}.showing("value", rhs);
    if (lhs.is_undefined() || rhs.is_undefined()) return {};
    const double a = lhs.as_number();
    const double b = rhs.as_number();
    switch (op) {
        case '+':
            return Value::number(a + b);
        case '-':
            return Value::number(a - b);
        case '*':
            return Value::number(a * b);
        case '/':
            return Value::number(a / b);
        default:
            return Value::number(std::fmod(a, b));
    }
}

Value comparison(char op, bool or_equal, const Value& lhs, const Value& rhs) {
    if (!is_comparable(lhs) || !is_comparable(rhs)) {
        throw Fault{"T2010"}.showing("value", lhs.is_string() || lhs.is_number() ? rhs : lhs);
    }
    if (lhs.is_undefined() || rhs.is_undefined()) return {};
    if (lhs.kind() != rhs.kind()) throw Fault{"T2009"}.showing("value", lhs).showing("value2", rhs);
    const auto answer = [&](const auto& a, const auto& b) {
        if (op == '<') return or_equal ? a <= b : a < b;
        return or_equal ? a >= b : a > b;
    };
    if (lhs.is_number()) return Value::boolean(answer(lhs.as_number(), rhs.as_number()));
    return Value::boolean(answer(compare_utf16(lhs.as_string(), rhs.as_string()), 0));
}

Value concatenation(const Value& lhs, const Value& rhs, Heap& heap) {
    const auto text_of = [&](const Value& value, std::string& printed) -> std::string_view {
        if (value.is_string()) return value.as_string();
        if (!value.is_undefined()) printed = to_string(value, heap);
        return printed;
    };
    std::string left_printed;
    std::string right_printed;
    const std::string_view left = text_of(lhs, left_printed);
    const std::string_view right = text_of(rhs, right_printed);
    heap.budget.check_room(left.size() + right.size());
    std::string text;
    text.reserve(left.size() + right.size());
    text += left;
    append_joined(text, right);
    return make_text(heap, std::move(text));
}

bool includes(const Value& lhs, const Value& rhs, Budget& budget) {
    if (lhs.is_undefined() || rhs.is_undefined()) return false;
    if (!rhs.is_array()) return rhs.is_same(lhs);
    const std::size_t size = rhs.size();
    for (std::size_t i = 0; i < size; ++i) {
        budget.burn();
        if (rhs.at(i).is_same(lhs)) return true;
    }
    return false;
}

}  // namespace

Value Evaluator::binary(const Syntax& node, const Value& input, Frame& frame) {
    const Value lhs = evaluate(*node.lhs, input, frame);
    const std::string& op = node.value;
    if (op[0] == 'a' || op[0] == 'o') {
        try {
            return logical(node, lhs, input, frame);
        } catch (Fault& fault) {
            fault.position = node.position;
            fault.token = op;
            throw;
        }
    }
    // The left side has been at the depth of the right one: nothing is left to check for a literal.
    const Value rhs = is_literal(*node.rhs) ? literal(*node.rhs) : evaluate(*node.rhs, input, frame);
    try {
        switch (op[0]) {
            case '+':
            case '-':
            case '*':
            case '/':
            case '%':
                return arithmetic(op[0], lhs, rhs);
            case '=':
                return Value::boolean(!lhs.is_undefined() && !rhs.is_undefined() && deep_equal(lhs, rhs, budget_));
            case '!':
                return Value::boolean(!lhs.is_undefined() && !rhs.is_undefined() && !deep_equal(lhs, rhs, budget_));
            case '<':
            case '>':
                return comparison(op[0], op.size() == 2, lhs, rhs);
            case '&':
                return concatenation(lhs, rhs, heap_);
            case '.':
                return range(lhs, rhs);
            case 'i':
                return Value::boolean(includes(lhs, rhs, budget_));
            default:
                return {};
        }
    } catch (Fault& fault) {
        fault.position = node.position;
        fault.token = op;
        throw;
    }
}

Value Evaluator::logical(const Syntax& node, const Value& lhs, const Value& input, Frame& frame) {
    const bool left = is_truthy(lhs, budget_);
    if (left == (node.value == "or")) return Value::boolean(left);
    return Value::boolean(is_truthy(evaluate(*node.rhs, input, frame), budget_));
}

Value Evaluator::range(const Value& lhs, const Value& rhs) {
    const auto is_integer = [](const Value& value) {
        return value.is_number() && std::isfinite(value.as_number()) &&
               value.as_number() == std::trunc(value.as_number());
    };
    if (!lhs.is_undefined() && !is_integer(lhs)) throw Fault{"T2003"}.showing("value", lhs);
    if (!rhs.is_undefined() && !is_integer(rhs)) throw Fault{"T2004"}.showing("value", rhs);
    if (lhs.is_undefined() || rhs.is_undefined() || lhs.as_number() > rhs.as_number()) return {};
    const double size = rhs.as_number() - lhs.as_number() + 1;
    if (size > largest_range) throw Fault{"D2014"}.showing("value", Value::number(size));
    budget_.check_range(static_cast<std::size_t>(size));
    auto made = Ref<Array>::adopt(new (heap_) Array{heap_, lhs.as_number(), static_cast<std::size_t>(size)});
    made->sequence = true;
    return as_value(std::move(made));
}

Value Evaluator::unary(const Syntax& node, const Value& input, Frame& frame) {
    if (node.value == "[") return array(node, input, frame);
    if (node.value == "{") return group(node.pairs, node.position, input, frame);
    const Value operand = evaluate(*node.lhs, input, frame);
    if (operand.is_undefined()) return {};
    if (is_numeric(operand)) return Value::number(-operand.as_number());
    throw Fault{"D1002"}.at(node.position).on(node.value).showing("value", operand);
}

Value Evaluator::array(const Syntax& node, const Value& input, Frame& frame) {
    auto made = make_array(heap_);
    for (const Syntax* item : node.list) {
        Value value = evaluate(*item, input, frame);
        if (value.is_undefined()) continue;
        const bool is_array_constructor = item->has_value && item->value == "[";
        if (!value.is_array() || is_array_constructor) {
            made->push(std::move(value));
        } else {
            made->append(value);
        }
    }
    made->cons = node.cons_array;
    return as_value(std::move(made));
}

}  // namespace pawl::jsonata
