// Array functions. Spec: docs.jsonata.org, "Array functions".
#include <array>
#include <cmath>
#include <set>
#include <unordered_set>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/merge_sort.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

bool all_are(const Value& array, Kind kind, Budget& budget) {
    const std::size_t size = array.size();
    budget.burn(size / 4);
    for (std::size_t i = 0; i < size; ++i) {
        const Value item = array.at(i);
        if (item.kind() != kind || (kind == Kind::number && !is_numeric(item))) return false;
    }
    return true;
}

Value append(Call& call) { return appended(call[0], call[1], call.heap); }

Value reverse(Call& call) {
    const std::size_t size = call[0].size();
    if (size <= 1) return call[0];
    call.budget().burn(size);
    auto reversed = make_array(call.heap);
    reversed->reserve(size);
    for (std::size_t i = size; i-- > 0;) reversed->push(call[0].at(i));
    return as_value(std::move(reversed));
}

Value sort(Call& call) {
    const Value& array = call[0];
    const std::size_t size = array.size();
    if (size <= 1) return array;
    const Value& comparison = call[1];
    const bool by_number = comparison.is_undefined() && all_are(array, Kind::number, call.budget());
    if (comparison.is_undefined() && !by_number && !all_are(array, Kind::string, call.budget())) {
        throw Fault{"D3070"}.with("index", Json(1));
    }
    const auto comes_after = [&](std::size_t a, std::size_t b) {
        call.budget().burn();
        const Value left = array.at(a);
        const Value right = array.at(b);
        if (!comparison.is_undefined()) {
            return is_javascript_true(call.evaluator.apply(comparison, {left, right}, Value::null(), call.frame));
        }
        return by_number ? left.as_number() > right.as_number()
                         : compare_utf16(left.as_string(), right.as_string()) > 0;
    };
    auto sorted = make_array(call.heap);
    sorted->reserve(size);
    for (const std::size_t index : merge_sorted(size, comes_after)) sorted->push(array.at(index));
    return as_value(std::move(sorted));
}

Value shuffle(Call& call) {
    const std::size_t size = call[0].size();
    if (size <= 1) return call[0];
    call.budget().burn(size);
    auto shuffled = make_array(call.heap);
    shuffled->reserve(size);
    for (std::size_t i = 0; i < size; ++i) {  // Fisher-Yates, inside out
        const std::size_t j = static_cast<std::size_t>(call.evaluator.random_bits() % (i + 1));
        shuffled->push(call[0].at(i));
        if (i == j) continue;
        shuffled->set(i, shuffled->at(j));
        shuffled->set(j, call[0].at(i));
    }
    return as_value(std::move(shuffled));
}

// The items that were not seen before. Numbers and strings are found by their value, others by comparing them all.
class Seen {
  public:
    explicit Seen(Budget& budget) : budget_{budget} {}
    bool insert(const Value& value) {
        budget_.burn();
        if (value.is_number() && !value.as_json())
            return std::isnan(value.as_number()) || numbers_.insert(value.as_number()).second;
        if (value.is_string()) return strings_.insert(value.as_string()).second;
        for (const Value& other : others_) {
            if (deep_equal(value, other, budget_)) return false;
        }
        others_.push_back(value);
        return true;
    }

  private:
    Budget& budget_;
    std::set<double> numbers_;
    std::unordered_set<std::string_view> strings_;  // of values that outlive this: the argument holds them
    std::vector<Value> others_;
};

Value distinct(Call& call) {
    const Value& array = call[0];
    const std::size_t size = array.size();
    if (!array.is_array() || size <= 1) return array;
    auto result = make_array(call.heap);
    result->sequence = array.is_sequence();
    Seen seen{call.budget()};
    for (std::size_t i = 0; i < size; ++i) {
        const Value item = array.at(i);
        if (seen.insert(item)) result->push(item);
    }
    return as_value(std::move(result));
}

Value zip(Call& call) {
    std::size_t length = call.arguments.empty() ? 0 : SIZE_MAX;
    for (const Value& argument : call.arguments) length = std::min(length, argument.size());
    auto result = make_array(call.heap);
    for (std::size_t i = 0; i < length; ++i) {
        auto tuple = make_array(call.heap);
        for (const Value& argument : call.arguments) tuple->push(argument.at(i));
        call.budget().burn(call.arguments.size());
        result->push(as_value(std::move(tuple)));
    }
    return as_value(std::move(result));
}

constexpr std::array functions{
    Builtin{"append", "<xx:a>", 2, append},    Builtin{"reverse", "<a:a>", 1, reverse},
    Builtin{"sort", "<af?:a>", 2, sort},       Builtin{"shuffle", "<a:a>", 1, shuffle},
    Builtin{"distinct", "<x:x>", 1, distinct}, Builtin{"zip", "<a+>", 0, zip},
};

}  // namespace

std::span<const Builtin> array_functions() { return functions; }

}  // namespace pawl::jsonata
