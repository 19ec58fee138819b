#include "states/jsonata/evaluator.hpp"

#include "states/jsonata/export.hpp"
#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {
namespace {

void flatten(const Value& value, Array& into, Budget& budget) {
    budget.burn();
    if (!value.is_array()) {
        into.push(value);
        return;
    }
    budget.check_stack();
    const std::size_t size = value.size();
    for (std::size_t i = 0; i < size; ++i) flatten(value.at(i), into, budget);
}

void collect_descendants(const Value& value, Array& into, Budget& budget) {
    budget.burn();
    budget.check_stack();
    if (value.is_array()) {
        const std::size_t size = value.size();
        for (std::size_t i = 0; i < size; ++i) collect_descendants(value.at(i), into, budget);
        return;
    }
    into.push(value);
    for_each_member(value, [&](std::string_view, const Value& member) { collect_descendants(member, into, budget); });
}

Value bound_value(const Binding& binding, Heap& heap) {
    if (binding.members.empty()) return binding.value ? Value::borrowed(*binding.value) : Value{};
    auto object = make_object(heap);
    for (const auto& member : binding.members) object->set(member.name, bound_value(member, heap));
    return as_value(std::move(object));
}

}  // namespace

Evaluator::Evaluator(Heap& heap, const detail::Program& program, Value input, Bindings bindings,
                     const Environment& environment)
    : heap_{heap},
      budget_{heap.budget},
      program_{program},
      input_{std::move(input)},
      environment_{environment},
      root_{Ref<Frame>::adopt(new (heap) Frame{heap, nullptr})},
      random_state_{environment.seed} {
    bindings_.reserve(bindings.size());
    for (const auto& binding : bindings) bindings_.emplace_back(binding.name, bound_value(binding, heap));
}

Value Evaluator::run() { return evaluate(*program_.tree, wrapped_input(input_), *root_); }

Value Evaluator::wrapped_input(Value input) {
    if (!input.is_array() || input.is_sequence()) return input;
    auto wrapper = make_sequence(heap_);
    wrapper->push(std::move(input));
    wrapper->outer_wrapper = true;
    return as_value(std::move(wrapper));
}

std::uint64_t Evaluator::random_bits() {  // SplitMix64
    random_state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t bits = random_state_;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
}

Value Evaluator::keep(Json json) {
    return Value::borrowed(*kept_.emplace_back(std::make_unique<Json>(std::move(json))));
}

// One `result` in each, made where the caller wants it: a Value that was just written and is then copied costs more
// than a lookup.
Value Evaluator::evaluate(const Syntax& node, const Value& input, Frame& frame) {
    const DepthGuard guard{budget_};
    budget_.burn();
    Value result = node.plain_name && input.is_object() ? plain_name(node, input, frame) : dispatch(node, input, frame);
    if (!node.predicates.empty() || node.group) [[unlikely]]
        result = qualified(node, std::move(result), frame);
    if (result.is_sequence()) [[unlikely]]
        result = finished(node, std::move(result));
    return result;
}

// A path of one field, by far the most common: what path() makes of it, without the way there.
Value Evaluator::plain_name(const Syntax& node, const Value& input, Frame& frame) {
    const DepthGuard guard{budget_};
    budget_.burn();
    Value result = input.get(node.list.front()->value);
    if (result.is_sequence()) [[unlikely]]
        result = path(node, input, frame);
    return result;
}

// What predicates and a group-by behind anything but a step make of its result.
Value Evaluator::qualified(const Syntax& node, Value result, Frame& frame) {
    for (const Stage& predicate : node.predicates) result = filter(*predicate.filter, result, frame);
    if (node.group && node.type != Type::path) result = group(node.group->pairs, node.group->position, result, frame);
    return result;
}

// A sequence of one is that one, a sequence of none is nothing.
Value Evaluator::finished(const Syntax& node, Value result) {
    Array* const array = result.made_array();
    if (!array || !array->sequence || array->tuple_stream) return result;
    if (node.keep_array) array->keep_singleton = true;
    if (array->size() == 0) return {};
    if (array->size() == 1 && !array->keep_singleton) return array->at(0);
    return result;
}

Value Evaluator::dispatch(const Syntax& node, const Value& input, Frame& frame) {
    switch (node.type) {
        case Type::path:
            return path(node, input, frame);
        case Type::binary:
            return binary(node, input, frame);
        case Type::unary:
            return unary(node, input, frame);
        case Type::name:
            return field(input, node.value, heap_);
        case Type::string:
        case Type::number:
        case Type::literal:
            return literal(node);
        case Type::wildcard:
            return wildcard(input);
        case Type::descendant:
            return descendants(input);
        case Type::parent:
            return look_up(node.slot->label, frame);
        case Type::condition:
            return condition(node, input, frame);
        case Type::block:
            return block(node, input, frame);
        case Type::bind: {
            Value value = evaluate(*node.rhs, input, frame);
            frame.bind(node.lhs->value, value);
            return value;
        }
        case Type::regex:
            return Value::adopt(new (heap_) Function{heap_, Function::Form::regex, &node, nullptr, {}});
        case Type::function:
            return call(node, input, frame, nullptr);
        case Type::variable:
            return variable(node, input, frame);
        case Type::lambda:
            return lambda(node, input, frame);
        case Type::partial:
            return partial(node, input, frame);
        case Type::apply:
            return apply_operator(node, input, frame);
        case Type::transform:
            return Value::adopt(new (heap_) Function{heap_, Function::Form::transform, &node, &frame, {}});
        case Type::sort:
        case Type::operator_:
        case Type::end:
            break;
    }
    return {};
}

Value Evaluator::literal(const Syntax& node) {
    switch (node.constant) {
        case Constant::true_:
            return Value::boolean(true);
        case Constant::false_:
            return Value::boolean(false);
        case Constant::null:
            return Value::null();
        case Constant::none:
            break;
    }
    return node.type == Type::number ? Value::number(node.number) : Value::borrowed(node.value);
}

Value Evaluator::variable(const Syntax& node, const Value& input, Frame& frame) {
    if (node.value.empty()) return input.is_outer_wrapper() ? input.at(0) : input;
    if (node.shadowed) return look_up(node.value, frame);
    // Nothing in the expression binds this name: it is the caller's or a built-in function.
    if (const Value* found = bound(node.value)) return *found;
    return node.builtin ? Value::builtin(*node.builtin) : Value{};
}

Value Evaluator::look_up(std::string_view name, const Frame& frame) const {
    if (const Value* found = frame.find(name)) return *found;
    if (name == "$") return input_;
    if (const Value* found = bound(name)) return *found;
    const Builtin* const builtin = find_builtin(name);
    if (!builtin || (builtin->part == Part::eval && !program_.options.eval) ||
        (builtin->part == Part::aws && !program_.options.aws_functions)) {
        return {};
    }
    return Value::builtin(*builtin);
}

const Value* Evaluator::bound(std::string_view name) const {
    const auto found =
        std::find_if(bindings_.rbegin(), bindings_.rend(), [&](const auto& binding) { return binding.first == name; });
    return found == bindings_.rend() ? nullptr : &found->second;
}

Value Evaluator::block(const Syntax& node, const Value& input, Frame& frame) {
    Ref<Frame> own;
    if (node.needs_frame) own = Ref<Frame>::adopt(new (heap_) Frame{heap_, &frame});
    Frame& scope = own ? *own : frame;
    Value result;
    for (const Syntax* part : node.list) result = evaluate(*part, input, scope);
    return result;
}

Value Evaluator::condition(const Syntax& node, const Value& input, Frame& frame) {
    if (is_truthy(evaluate(*node.lhs, input, frame), budget_)) return evaluate(*node.rhs, input, frame);
    return node.third ? evaluate(*node.third, input, frame) : Value{};
}

Value Evaluator::wildcard(const Value& input) {
    auto results = make_sequence(heap_);
    const Value subject = input.is_outer_wrapper() && input.size() > 0 ? input.at(0) : input;
    const auto take = [&](const Value& value) {
        budget_.burn();
        if (!value.is_array()) {
            results->push(value);
            return;
        }
        flatten(value, *results, budget_);
        results->sequence = false;  // concatenation makes a plain array
    };
    if (subject.is_array()) {
        const std::size_t size = subject.size();
        for (std::size_t i = 0; i < size; ++i) take(subject.at(i));
    } else {
        for_each_member(subject, [&](std::string_view, const Value& member) { take(member); });
    }
    return as_value(std::move(results));
}

Value Evaluator::descendants(const Value& input) {
    if (input.is_undefined()) return {};
    auto results = make_sequence(heap_);
    collect_descendants(input, *results, budget_);
    return results->size() == 1 ? results->at(0) : as_value(std::move(results));
}

Value Evaluator::evaluate_text(std::string_view text, const Value& input, Frame& frame) {
    const auto message = [](const Fault& fault) { return Json(to_error(fault).message); };
    budget_.burn_text(text.size() * 16);
    std::shared_ptr<const detail::Program> program;
    try {
        program = detail::compile(text, program_.options, detail::Scope::inherited);
    } catch (const Fault& fault) {
        if (fault.code == "U1001") throw;
        throw Fault{"D3120"}.with("value", message(fault));
    }
    budget_.allocate(program->arena.size() * sizeof(Syntax));  // until the evaluation ends
    evaluated_texts_.push_back(program);
    try {
        return evaluate(*program->tree, input, frame);
    } catch (const Fault& fault) {
        if (fault.code == "U1001") throw;
        throw Fault{"D3121"}.with("value", message(fault));
    }
}

}  // namespace pawl::jsonata
