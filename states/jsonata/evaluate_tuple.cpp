// Tuple streams: what flows through a path with `@`, `#` or `%`. A tuple is an object with the context under "@" and
// the bindings under their names.
#include "states/jsonata/evaluator.hpp"

namespace pawl::jsonata {
namespace {

void assign(Object& to, const Value& from) {
    for_each_member(from, [&](std::string_view key, const Value& value) { to.set(key, value); });
}

}  // namespace

Ref<Frame> Evaluator::tuple_frame(Frame& frame, const Value& tuple) {
    return Ref<Frame>::adopt(new (heap_) Frame{heap_, &frame, tuple});
}

Value Evaluator::tuple_step(const Syntax& node, const Value& input, Value tuples, Frame& frame) {
    if (node.type == Type::sort) {
        if (!tuples.is_undefined()) return stages(node, order(node, tuples, frame), frame);
        const Value sorted = order(node, input, frame);
        auto stream = make_sequence(heap_);
        stream->tuple_stream = true;
        const std::size_t size = sorted.size();
        for (std::size_t i = 0; i < size; ++i) {
            auto tuple = make_object(heap_);
            tuple->set("@", sorted.at(i));
            if (node.index) tuple->set(*node.index, Value::number(static_cast<double>(i)));
            stream->push(as_value(std::move(tuple)));
        }
        return stages(node, as_value(std::move(stream)), frame);
    }

    if (tuples.is_undefined()) {
        auto stream = make_array(heap_);
        const std::size_t size = input.size();
        for (std::size_t i = 0; i < size; ++i) {
            auto tuple = make_object(heap_);
            tuple->set("@", input.at(i));
            stream->push(as_value(std::move(tuple)));
        }
        tuples = as_value(std::move(stream));
    }
    auto stream = make_sequence(heap_);
    stream->tuple_stream = true;
    const std::size_t size = tuples.size();
    for (std::size_t i = 0; i < size; ++i) {
        const Value from = tuples.at(i);
        const Value context = from.get("@");
        const Ref<Frame> scope = tuple_frame(frame, from);
        const Value found = evaluate(node, context, *scope);
        if (found.is_undefined()) continue;
        const std::size_t results = found.is_array() ? found.size() : 1;
        for (std::size_t j = 0; j < results; ++j) {
            budget_.burn();
            const Value result = found.is_array() ? found.at(j) : found;
            auto tuple = make_object(heap_);
            assign(*tuple, from);
            if (found.is_tuple_stream()) {
                assign(*tuple, result);
            } else {
                tuple->set(node.focus ? std::string_view{*node.focus} : "@", result);
                if (node.focus) tuple->set("@", context);
                if (node.index) tuple->set(*node.index, Value::number(static_cast<double>(j)));
                if (node.ancestor) tuple->set(node.ancestor->label, context);
            }
            stream->push(as_value(std::move(tuple)));
        }
    }
    return stages(node, as_value(std::move(stream)), frame);
}

// One tuple for a group of them: every binding becomes the list of its values.
Value Evaluator::reduced_tuples(const Value& tuples) {
    if (!tuples.is_array()) return tuples;
    auto reduced = make_object(heap_);
    const std::size_t size = tuples.size();
    if (size > 0) assign(*reduced, tuples.at(0));
    for (std::size_t i = 1; i < size; ++i) {
        for_each_member(tuples.at(i), [&](std::string_view key, const Value& value) {
            const auto found = reduced->members().find(key);
            const Value before = found == reduced->members().end() ? Value{} : found->second;
            reduced->set(key, {});  // so that `before` may be extended in place
            reduced->set(key, appended(before, value, heap_));
        });
    }
    return as_value(std::move(reduced));
}

}  // namespace pawl::jsonata
