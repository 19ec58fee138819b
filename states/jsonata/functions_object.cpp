// Object functions. Spec: docs.jsonata.org, "Object functions".
#include <array>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

void collect_keys(const Value& value, Object& into, Budget& budget) {
    budget.burn();
    budget.check_stack();
    if (value.is_array()) {
        const std::size_t size = value.size();
        for (std::size_t i = 0; i < size; ++i) collect_keys(value.at(i), into, budget);
    }
    for_each_member(value, [&](std::string_view key, const Value&) {
        budget.burn();
        into.set(key, Value::boolean(true));
    });
}

Value keys(Call& call) {
    auto names = make_object(call.heap);
    collect_keys(call[0], *names, call.budget());
    auto result = make_sequence(call.heap);
    for (const auto& [name, value] : names->members()) result->push(make_text(call.heap, name));
    return as_value(std::move(result));
}

Value lookup(Call& call) { return call[1].is_string() ? field(call[0], call[1].as_string(), call.heap) : Value{}; }

Value spread_of(const Value& value, Call& call) {
    call.budget().burn();
    call.budget().check_stack();
    if (value.is_array()) {
        auto result = make_sequence(call.heap);
        const std::size_t size = value.size();
        for (std::size_t i = 0; i < size; ++i) {
            const Value parts = spread_of(value.at(i), call);
            if (parts.is_undefined()) continue;
            result->sequence = false;  // concatenation makes a plain array
            if (parts.is_array()) {
                result->append(parts);
            } else {
                result->push(parts);
            }
        }
        return as_value(std::move(result));
    }
    if (!value.is_object()) return value;
    auto result = make_sequence(call.heap);
    for_each_member(value, [&](std::string_view key, const Value& member) {
        auto part = make_object(call.heap);
        part->set(key, member);
        result->push(as_value(std::move(part)));
    });
    return as_value(std::move(result));
}
Value spread(Call& call) { return spread_of(call[0], call); }

Value merge(Call& call) {
    if (!call.has(0)) return {};
    auto merged = make_object(call.heap);
    const std::size_t size = call[0].size();
    for (std::size_t i = 0; i < size; ++i) {
        for_each_member(call[0].at(i), [&](std::string_view key, const Value& value) {
            call.budget().burn();
            merged->set(key, value);
        });
    }
    return as_value(std::move(merged));
}

Value clone(Call& call) {
    if (!call.has(0)) return {};
    return cloned(call[0].is_outer_wrapper() && call[0].size() > 0 ? call[0].at(0) : call[0], call.heap);
}

constexpr std::array functions{
    Builtin{"keys", "<x-:a<s>>", 1, keys},     Builtin{"lookup", "<x-s:x>", 2, lookup},
    Builtin{"spread", "<x-:a<o>>", 1, spread}, Builtin{"merge", "<a<o>:o>", 1, merge},
    Builtin{"clone", "<(oa)-:o>", 1, clone},
};

}  // namespace

std::span<const Builtin> object_functions() { return functions; }

}  // namespace pawl::jsonata
