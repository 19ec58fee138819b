// Location paths: steps, predicates, stages.
#include <cmath>

#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/utf.hpp"

namespace pawl::jsonata {
namespace {

// What a step adds to the next sequence: arrays are flattened by one level, unless they were constructed.
void flatten_into(Array& sequence, const Value& value) {
    if (!value.is_array() || value.is_cons()) {
        sequence.push(value);
    } else {
        sequence.append(value);
    }
}

Value characters(std::string_view text, Heap& heap) {
    auto list = make_array(heap);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        next_code_point(text, at);
        list->push(make_text(heap, std::string{text.substr(begin, at - begin)}));
    }
    return as_value(std::move(list));
}

// Could serve as the flattened copy of itself.
bool is_fresh_sequence(const Value& value) {
    const Array* const array = value.made_array();
    return array && array->sequence && !array->is_shared() && !array->cons && !array->keep_singleton &&
           !array->outer_wrapper && !array->tuple_stream;
}

}  // namespace

Value field(const Value& input, std::string_view name, Heap& heap) {
    if (input.is_object()) return input.get(name);
    if (!input.is_array()) return {};
    heap.budget.check_stack();
    auto results = make_sequence(heap);
    const std::size_t size = input.size();
    for (std::size_t i = 0; i < size; ++i) {
        heap.budget.burn();
        const Value found = field(input.at(i), name, heap);
        if (found.is_undefined()) continue;
        if (found.is_array()) {
            results->append(found);
        } else {
            results->push(found);
        }
    }
    return as_value(std::move(results));
}

// Steps from `first` on, while there is one object to look into. False: an array is in the way, take the long road;
// `result` then means nothing.
bool Evaluator::plain_path(const Syntax& node, std::size_t first, const Value& input, Value& result) {
    const DepthGuard guard{budget_};
    const Value* here = &input;
    for (std::size_t i = first; i < node.list.size(); ++i) {
        if (here->is_array()) return false;
        budget_.burn();
        result = here->get(node.list[i]->value);
        here = &result;
        if (result.is_undefined()) break;
    }
    if (here == &input) result = input;
    return !result.is_sequence();
}

// What a step walks over: the items of an array, or a single value without making an array for it.
struct Evaluator::Items {
    Value value;
    bool single;

    std::size_t size() const { return single ? 1 : value.size(); }
    Value at(std::size_t index) const { return single ? value : value.at(index); }
    const Value& as_array(Heap& heap) {
        if (single) {
            auto list = make_sequence(heap);
            list->push(std::move(value));
            value = as_value(std::move(list));
            single = false;
        }
        return value;
    }
};

Value Evaluator::path(const Syntax& node, const Value& input, Frame& frame) {
    const bool from_variable = node.list.front()->type == Type::variable;
    if (Value result; node.plain_names && !from_variable && !input.is_array() && plain_path(node, 0, input, result)) {
        return result;
    }
    Items items{input, from_variable || !input.is_array()};
    std::size_t first = 0;
    if (node.plain_names && from_variable) {
        Value result;
        const Value start = evaluate(*node.list.front(), input, frame);
        if (plain_path(node, 1, start, result)) return result;
        auto flat = make_sequence(heap_);  // an array in the way: go on as after the first step
        flatten_into(*flat, start);
        items = {as_value(std::move(flat)), false};
        first = 1;
    }

    const bool may_unwrap = !node.keep_singleton_array && !node.keep_array && !node.group;
    Value result;
    Value tuples;
    bool is_tuple_stream = false;
    for (std::size_t i = first; i < node.list.size(); ++i) {
        const Syntax& at = *node.list[i];
        const bool last = i + 1 == node.list.size();
        if (at.tuple) is_tuple_stream = true;
        if (i == 0 && at.cons_array) {
            result = evaluate(at, items.as_array(heap_), frame);
        } else if (is_tuple_stream) {
            tuples = tuple_step(at, items.as_array(heap_), std::move(tuples), frame);
        } else if (at.type == Type::sort) {
            result = stages(at, order(at, items.as_array(heap_), frame), frame);
        } else {
            result = step(at, items, frame, last, last && may_unwrap);
        }
        if (!is_tuple_stream && (result.is_undefined() || (result.is_array() && result.size() == 0))) break;
        if (result.is_string()) {  // of an array constructor with an index: walked over by its characters
            if (result.as_string().empty()) break;
            if (!last) result = characters(result.as_string(), heap_);
        }
        if (!at.focus) items = {result, false};
    }

    if (is_tuple_stream) {
        if (node.tuple) {
            result = tuples;
        } else {
            auto contexts = make_sequence(heap_);
            const std::size_t size = tuples.size();
            for (std::size_t i = 0; i < size; ++i) contexts->push(tuples.at(i).get("@"));
            result = as_value(std::move(contexts));
        }
    }
    if (node.keep_singleton_array) {
        if (result.is_cons() && !result.is_sequence()) {
            auto wrapped = make_sequence(heap_);
            wrapped->push(result);
            result = as_value(std::move(wrapped));
        }
        if (Array* const array = result.made_array()) array->keep_singleton = true;
    }
    if (node.group) {
        result = group(node.group->pairs, node.group->position, is_tuple_stream ? tuples : result, frame);
    }
    return result;
}

// `may_unwrap`: a sequence of one may be given as that one, since nobody will ask for the sequence.
Value Evaluator::step(const Syntax& node, const Items& items, Frame& frame, bool last, bool may_unwrap) {
    const bool is_field = node.type == Type::name && node.predicates.empty() && !node.group && !node.keep_array;
    Value only;  // the first result, until there is a second
    Ref<Array> flat;
    std::size_t count = 0;
    const std::size_t size = items.size();
    for (std::size_t i = 0; i < size; ++i) {
        const Value item = items.at(i);
        budget_.burn();
        Value found = is_field && item.is_object() ? item.get(node.value) : evaluate(node, item, frame);
        if (found.is_sequence()) found = finished(node, std::move(found));  // of evaluate() it is already
        for (const Stage& stage : node.stages) found = filter(*stage.filter, found, frame);
        if (found.is_undefined()) continue;
        if (++count == 1) {
            only = std::move(found);
            continue;
        }
        if (!flat) {
            flat = make_sequence(heap_);
            flatten_into(*flat, only);
            only = {};
        }
        flatten_into(*flat, found);
    }
    if (count == 0) return {};
    if (flat) return as_value(std::move(flat));
    // The last step gives its only array as it is, also one that was constructed: a group is made of its items.
    if (only.is_array() && !only.is_sequence() && last) return only;
    if (only.is_array() && !only.is_cons()) {
        if (is_fresh_sequence(only)) return only;
    } else if (may_unwrap) {
        return only;
    }
    flat = make_sequence(heap_);
    flatten_into(*flat, only);
    return as_value(std::move(flat));
}

// What follows a sort step or a step of a tuple stream.
Value Evaluator::stages(const Syntax& node, Value input, Frame& frame) {
    for (const Stage& stage : node.stages) {
        if (stage.filter) {
            input = filter(*stage.filter, input, frame);
            continue;
        }
        const std::size_t size = input.size();
        for (std::size_t i = 0; i < size; ++i) {
            const Value tuple = input.at(i);
            if (Object* const made = tuple.made_object())
                made->set(*stage.index, Value::number(static_cast<double>(i)));
        }
    }
    return input;
}

Value Evaluator::filter(const Syntax& predicate, const Value& input, Frame& frame) {
    const bool is_list = input.is_array();
    const std::size_t size = is_list ? input.size() : 1;
    const auto item_at = [&](std::size_t index) { return is_list ? input.at(index) : input; };
    const auto results_of = [&] {
        auto results = make_sequence(heap_);
        results->tuple_stream = input.is_tuple_stream();
        return results;
    };
    // From the end for negative indexes; size for none.
    const auto index_of = [&](double number) {
        double index = std::floor(number);
        if (index < 0) index += static_cast<double>(size);
        return index >= 0 && index < static_cast<double>(size) ? static_cast<std::size_t>(index) : size;
    };

    if (predicate.type == Type::number) {
        auto results = results_of();
        if (const std::size_t index = index_of(predicate.number); index < size) {
            Value item = item_at(index);
            if (item.is_array()) return item;
            if (!item.is_undefined()) results->push(std::move(item));
        }
        return as_value(std::move(results));
    }

    auto results = results_of();
    for (std::size_t i = 0; i < size; ++i) {
        const Value item = item_at(i);
        const Value answer = results->tuple_stream ? evaluate(predicate, item.get("@"), *tuple_frame(frame, item))
                                                   : evaluate(predicate, item, frame);
        if (answer.is_boolean()) {
            if (answer.as_boolean()) results->push(item);
            continue;
        }
        if (is_numeric(answer)) {
            if (index_of(answer.as_number()) == i) results->push(item);
            continue;
        }
        bool only_numbers = answer.is_array();
        const std::size_t answers = answer.size();
        budget_.burn(answers);
        for (std::size_t j = 0; only_numbers && j < answers; ++j) only_numbers = is_numeric(answer.at(j));
        if (only_numbers) {
            for (std::size_t j = 0; j < answers; ++j) {
                if (index_of(answer.at(j).as_number()) == i) results->push(item);
            }
        } else if (is_truthy(answer, budget_)) {
            results->push(item);
        }
    }
    return as_value(std::move(results));
}

}  // namespace pawl::jsonata
