// What JSONata means by true, by equal, by a number; how values are joined and copied.
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/number.hpp"

namespace pawl::jsonata {

void reject_infinite(const Value& value) { throw Fault{"D1001"}.showing("value", value); }

bool is_truthy(const Value& value, Budget& budget) {
    switch (value.kind()) {
        case Kind::boolean:
            return value.as_boolean();
        case Kind::number:
            return is_numeric(value) && value.as_number() != 0;
        case Kind::string:
            return !value.as_string().empty();
        case Kind::object:
            return value.member_count() > 0;
        case Kind::array: {
            budget.check_stack();
            const std::size_t size = value.size();
            for (std::size_t i = 0; i < size; ++i) {
                budget.burn();
                if (is_truthy(value.at(i), budget)) return true;
            }
            return false;
        }
        case Kind::undefined:
        case Kind::null:
        case Kind::function:
            return false;
    }
    return false;
}

bool is_javascript_true(const Value& value) {
    switch (value.kind()) {
        case Kind::undefined:
        case Kind::null:
            return false;
        case Kind::boolean:
            return value.as_boolean();
        case Kind::number:
            return value.as_number() != 0 && !std::isnan(value.as_number());
        case Kind::string:
            return !value.as_string().empty();
        case Kind::array:
        case Kind::object:
        case Kind::function:
            return true;
    }
    return false;
}

bool deep_equal(const Value& a, const Value& b, Budget& budget) {
    budget.burn();
    if (a.kind() != b.kind()) return false;
    if (a.is_array()) {
        budget.check_stack();
        const std::size_t size = a.size();
        if (size != b.size()) return false;
        for (std::size_t i = 0; i < size; ++i) {
            if (!deep_equal(a.at(i), b.at(i), budget)) return false;
        }
        return true;
    }
    if (a.is_object()) {
        budget.check_stack();
        if (a.member_count() != b.member_count()) return false;
        bool equal = true;
        for_each_member(a, [&](std::string_view key, const Value& value) {
            equal = equal && b.has(key) && deep_equal(value, b.get(key), budget);
        });
        return equal;
    }
    return a.is_same(b);
}

Value appended(const Value& first, const Value& second, Heap& heap) {
    if (first.is_undefined()) return second;
    if (second.is_undefined()) return first;
    auto made = make_array(heap);
    if (first.is_array()) {
        made->append(first);
    } else {
        made->push(first);
    }
    if (second.is_array()) {
        made->append(second);
    } else {
        made->push(second);
    }
    return as_value(std::move(made));
}

Value cloned(const Value& value, Heap& heap) {
    heap.budget.burn();
    switch (value.kind()) {
        case Kind::function:
            return make_text(heap, {});
        case Kind::number:
            if (value.as_json()) return value;
            return is_numeric(value) ? Value::number(to_15_digits(value.as_number())) : Value::null();
        case Kind::array: {
            heap.budget.check_stack();
            auto made = make_array(heap);
            const std::size_t size = value.size();
            for (std::size_t i = 0; i < size; ++i) {
                const Value item = value.at(i);
                made->push(item.is_undefined() ? Value::null() : cloned(item, heap));
            }
            return as_value(std::move(made));
        }
        case Kind::object: {
            heap.budget.check_stack();
            auto made = make_object(heap);
            for_each_member(value, [&](std::string_view key, const Value& member) {
                if (!member.is_undefined()) made->set(key, cloned(member, heap));
            });
            return as_value(std::move(made));
        }
        case Kind::undefined:
        case Kind::null:
        case Kind::boolean:
        case Kind::string:
            return value;
    }
    return value;
}

}  // namespace pawl::jsonata
