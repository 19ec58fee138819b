// Functions that take functions. Spec: docs.jsonata.org, "Higher-order functions".
#include <array>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

// Calls the function with as many of the three as it has parameters.
class Callback {
  public:
    Callback(Call& call, const Value& function)
        : call_{call}, function_{function}, arity_{function.is_function() ? arity(function) : 0} {}
    Value operator()(const Value& first, const Value& second, const Value& third) const {
        Arguments arguments;
        arguments.push_back(first);
        if (arity_ >= 2) arguments.push_back(second);
        if (arity_ >= 3) arguments.push_back(third);
        return call_.evaluator.apply(function_, std::move(arguments), Value::null(), call_.frame);
    }
    bool accepts(const Value& first, const Value& second, const Value& third) const {
        return is_truthy((*this)(first, second, third), call_.budget());
    }

  private:
    Call& call_;
    const Value& function_;
    std::size_t arity_;
};

Value index_of(std::size_t index) { return Value::number(static_cast<double>(index)); }

Value map(Call& call) {
    if (!call.has(0)) return {};
    const Callback callback{call, call[1]};
    auto result = make_sequence(call.heap);
    const Value& items = call[0];
    const std::size_t size = items.size();
    for (std::size_t i = 0; i < size; ++i) {
        Value value = callback(items.at(i), index_of(i), items);
        if (!value.is_undefined()) result->push(std::move(value));
    }
    return as_value(std::move(result));
}

Value filter(Call& call) {
    if (!call.has(0)) return {};
    const Callback callback{call, call[1]};
    auto result = make_sequence(call.heap);
    const std::size_t size = call[0].size();
    for (std::size_t i = 0; i < size; ++i) {
        const Value item = call[0].at(i);
        if (callback.accepts(item, index_of(i), call[0])) result->push(item);
    }
    return as_value(std::move(result));
}

Value single(Call& call) {
    if (!call.has(0)) return {};
    const Callback callback{call, call[1]};
    std::optional<Value> found;
    const std::size_t size = call[0].size();
    for (std::size_t i = 0; i < size; ++i) {
        const Value item = call[0].at(i);
        if (call.has(1) && !callback.accepts(item, index_of(i), call[0])) continue;
        if (found) throw Fault{"D3138"}.with("index", Json(i));
        found = item;
    }
    if (!found) throw Fault{"D3139"};
    return *found;
}

Value reduce(Call& call) {
    if (!call.has(0)) return {};
    const Value& sequence = call[0];
    const std::size_t count = arity(call[1]);
    if (count < 2) throw Fault{"D3050"}.with("index", Json(1));
    Value result = call[2];
    std::size_t index = 0;
    if (result.is_undefined() && sequence.size() > 0) result = sequence.at(index++);
    for (; index < sequence.size(); ++index) {
        Arguments arguments;
        arguments.push_back(std::move(result));
        arguments.push_back(sequence.at(index));
        if (count >= 3) arguments.push_back(index_of(index));
        if (count >= 4) arguments.push_back(sequence);
        result = call.evaluator.apply(call[1], std::move(arguments), Value::null(), call.frame);
    }
    return result;
}

Value each(Call& call) {
    const Callback callback{call, call[1]};
    auto result = make_sequence(call.heap);
    for_each_member(call[0], [&](std::string_view key, const Value& value) {
        Value made = callback(value, make_text(call.heap, std::string{key}), call[0]);
        if (!made.is_undefined()) result->push(std::move(made));
    });
    return as_value(std::move(result));
}

Value sift(Call& call) {
    const Callback callback{call, call[1]};
    auto result = make_object(call.heap);
    for_each_member(call[0], [&](std::string_view key, const Value& value) {
        if (callback.accepts(value, make_text(call.heap, std::string{key}), call[0])) result->set(key, value);
    });
    return result->members().empty() ? Value{} : as_value(std::move(result));
}

constexpr std::array functions{
    Builtin{"map", "<af>", 2, map},        Builtin{"filter", "<af>", 2, filter},
    Builtin{"single", "<af?>", 2, single}, Builtin{"reduce", "<afj?:j>", 3, reduce},
    Builtin{"each", "<o-f:a>", 2, each},   Builtin{"sift", "<o-f?:o>", 2, sift},
};

}  // namespace

std::span<const Builtin> higher_order_functions() { return functions; }

}  // namespace pawl::jsonata
