// Calling functions: arguments, signatures, tail calls, partial application, `~>`.
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/export.hpp"
#include "states/jsonata/fault.hpp"
#include "states/jsonata/stringify.hpp"

namespace pawl::jsonata {
namespace {

// The name that errors show for what is called: of a path its first step, otherwise the node's own value.
const std::string* called_name(const Syntax& procedure) {
    if (procedure.type == Type::path) return &procedure.list.front()->value;
    return procedure.has_value ? &procedure.value : nullptr;
}

// The same for what is no function, where it may be any literal.
std::optional<Json> called_token(const Syntax& procedure) {
    if (procedure.type == Type::number) return json_number(procedure.number);
    if (procedure.type == Type::literal) {
        return procedure.constant == Constant::null ? Json() : Json(procedure.constant == Constant::true_);
    }
    if (const std::string* const name = called_name(procedure)) return *name;
    return std::nullopt;
}

bool is_hole(const Syntax& argument) { return argument.type == Type::operator_ && argument.value == "?"; }

// function($f, $g) { function($x) { $g($f($x)) } }, for `$f ~> $g`.
const detail::Program& chain_program() {
    static const std::shared_ptr<const detail::Program> program =
        detail::compile("function($f, $g) { function($x){ $g($f($x)) } }", Options{});
    return *program;
}

}  // namespace

std::size_t arity(const Value& function) {
    if (const Builtin* const builtin = function.as_builtin()) return builtin->arity;
    const Function* const made = function.as_function();
    switch (made->form) {
        case Function::Form::lambda:
            return made->parameters.size();
        case Function::Form::partial: {
            std::size_t holes = 0;
            for (const auto& argument : made->bound) holes += argument ? 0 : 1;
            return holes;
        }
        case Function::Form::regex:
            return 2;
        case Function::Form::next_match:
            return 0;
        case Function::Form::transform:
            return 1;
    }
    return 0;
}

CallSite& Evaluator::call_site(const Value& function) {
    if (const Builtin* const builtin = function.as_builtin()) {
        for (auto& [called, site] : builtin_sites_) {
            if (called == builtin) return site;
        }
        return builtin_sites_.emplace_back(builtin, CallSite{}).second;
    }
    return function.as_function()->call_site;
}

bool Evaluator::is_callable_name(const Syntax& procedure, const Frame& frame) const {
    if (procedure.type != Type::path) return false;
    const Value known = look_up(procedure.list.front()->value, frame);
    if (known.is_function() || known.is_array() || known.is_object()) return true;
    return is_truthy(known, budget_);
}

Value Evaluator::call(const Syntax& node, const Value& input, Frame& frame, const Value* first_argument) {
    const Syntax& procedure = *node.lhs;
    const Value function = evaluate(procedure, input, frame);
    if (function.is_undefined() && is_callable_name(procedure, frame)) {
        throw Fault{"T1005"}.at(node.position).on(procedure.list.front()->value);
    }
    Arguments arguments;
    if (first_argument) arguments.push_back(*first_argument);
    for (const Syntax* argument : node.list) {
        Value value = evaluate(*argument, input, frame);
        arguments.push_back(value.is_function() ? value.as_passed() : std::move(value));
    }
    const std::string* const name = called_name(procedure);
    try {
        if (function.is_function() && !function.passed() &&
            !(function.as_function() && function.as_function()->form == Function::Form::regex)) {
            call_site(function) = {name, node.position};
        }
        return apply(function, std::move(arguments), input, frame);
    } catch (Fault& fault) {
        if (!fault.position || *fault.position == 0) fault.position = node.position;
        if (!fault.token) fault.token = called_token(procedure);
        throw;
    }
}

Value Evaluator::apply_operator(const Syntax& node, const Value& input, Frame& frame) {
    const Value lhs = evaluate(*node.lhs, input, frame);
    if (node.rhs->type == Type::function) return call(*node.rhs, input, frame, &lhs);
    const Value function = evaluate(*node.rhs, input, frame);
    if (!function.is_function()) throw Fault{"T2006"}.at(node.position).showing("value", function);
    if (!lhs.is_function()) {
        try {
            return apply(function, {lhs}, Value::null(), frame);
        } catch (Fault& fault) {
            if (!fault.position) fault.position = node.position;
            throw;
        }
    }
    const Value chain = evaluate(*chain_program().tree, Value::null(), frame);
    return apply(chain, {lhs, function}, Value::null(), frame);
}

Value Evaluator::lambda(const Syntax& node, const Value& input, Frame& frame) {
    auto made = Ref<Function>::adopt(new (heap_) Function{heap_, Function::Form::lambda, &node, &frame, input});
    made->thunk = node.thunk;
    made->has_signature = node.signature != nullptr;
    made->parameters.reserve(node.list.size());
    for (const Syntax* parameter : node.list) made->parameters.push_back(&parameter->value);
    return Value::adopt(made.leak());
}

Value Evaluator::partial(const Syntax& node, const Value& input, Frame& frame) {
    std::vector<std::optional<Value>> bound;
    for (const Syntax* argument : node.list) {
        if (is_hole(*argument)) {
            bound.emplace_back(std::nullopt);
        } else {
            bound.emplace_back(evaluate(*argument, input, frame));
        }
    }
    const Syntax& procedure = *node.lhs;
    const Value function = evaluate(procedure, input, frame);
    if (!function.is_function()) {
        const bool forgot_dollar = function.is_undefined() && is_callable_name(procedure, frame);
        Fault fault = Fault{forgot_dollar ? "T1007" : "T1008"}.at(node.position);
        fault.token = called_token(procedure);
        throw fault;
    }
    const Function* const target = function.as_function();
    if (!target || target->form != Function::Form::lambda) {
        auto made = Ref<Function>::adopt(new (heap_) Function{heap_, Function::Form::partial, nullptr, &frame, {}});
        made->target = function;
        made->bound = std::move(bound);
        return Value::adopt(made.leak());
    }
    // A lambda with fewer parameters, the others being variables of its scope.
    auto scope = Ref<Frame>::adopt(new (heap_) Frame{heap_, target->frame.get()});
    auto made = Ref<Function>::adopt(
        new (heap_) Function{heap_, Function::Form::lambda, target->code, scope.get(), target->input});
    for (std::size_t i = 0; i < target->parameters.size(); ++i) {
        if (i < bound.size() && !bound[i]) {
            made->parameters.push_back(target->parameters[i]);
        } else {
            scope->bind(*target->parameters[i], i < bound.size() ? *bound[i] : Value{});
        }
    }
    return Value::adopt(made.leak());
}

Value Evaluator::apply(const Value& function, Arguments&& arguments, const Value& context, Frame& frame) {
    Value result = apply_once(function, std::move(arguments), function.passed() ? Value::null() : context, frame);
    // A lambda that ends in a call returns the call as a thunk: making it here keeps the stack flat.
    while (const Function* const thunk = result.as_function()) {
        if (!thunk->thunk) break;
        budget_.burn(4);
        const Value held = result;
        const Syntax& tail = *thunk->code->lhs;
        const Value next = evaluate(*tail.lhs, thunk->input, *thunk->frame);
        if (next.is_function() && !next.passed()) {
            CallSite& site = call_site(next);
            if (tail.lhs->type == Type::variable) site.token = &tail.lhs->value;
            site.position = tail.lhs->position;
        }
        Arguments next_arguments;
        for (const Syntax* argument : tail.list)
            next_arguments.push_back(evaluate(*argument, thunk->input, *thunk->frame));
        result = {};
        if (!next.is_function()) {
            Fault fault = Fault{"T1006"}.at(tail.lhs->position);
            fault.token = called_token(*tail.lhs);
            throw fault;
        }
        result = apply_once(next, std::move(next_arguments), context, frame);
    }
    return result;
}

Value Evaluator::apply_once(const Value& function, Arguments&& arguments, const Value& context, Frame& frame) {
    if (!function.is_function()) throw Fault{"T1006"};
    try {
        return run_function(function, std::move(arguments), context, frame);
    } catch (Fault& fault) {
        if (function.passed() && !function.as_builtin()) throw;
        const CallSite& site = call_site(function);
        if (!fault.token && site.token) fault.token = *site.token;
        if (!fault.token && function.as_builtin() && !function.passed())
            fault.token = std::string{function.as_builtin()->name};
        if (site.position > 0) fault.position = site.position;
        throw;
    }
}

Value Evaluator::run_function(const Value& function, Arguments&& arguments, const Value& context, Frame& frame) {
    budget_.burn();
    if (const Builtin* const builtin = function.as_builtin()) {
        Call call{*this, heap_, frame, context, signature_of(*builtin).validate(heap_, std::move(arguments), context)};
        return builtin->run(call);
    }
    Function& made = *function.as_function();
    const Value held = function;  // a call may overwrite the variable that holds the function
    switch (made.form) {
        case Function::Form::lambda: {
            budget_.burn(3);
            if (made.has_signature) {
                arguments = made.code->signature->validate(heap_, std::move(arguments), context);
            }
            const auto scope = Ref<Frame>::adopt(new (heap_) Frame{heap_, made.frame.get()});
            for (std::size_t i = 0; i < made.parameters.size(); ++i) {
                scope->bind(*made.parameters[i], i < arguments.size() ? std::move(arguments[i]) : Value{});
            }
            return evaluate(*made.code->lhs, made.input, *scope);
        }
        case Function::Form::partial: {
            Arguments all;
            std::size_t next = 0;
            for (const auto& argument : made.bound) {
                all.push_back(argument ? *argument : next < arguments.size() ? arguments[next] : Value{});
                if (!argument) ++next;
            }
            return apply(made.target, std::move(all), Value::null(), frame);
        }
        case Function::Form::regex: {
            Value subject = arguments.empty() ? Value{} : arguments[0];
            if (subject.is_function()) return {};
            if (!subject.is_string()) subject = as_javascript_text(subject, heap_);
            // Higher-order functions pass an item's index as their second argument: the search begins there.
            return make_match(made, subject,
                              arguments.size() > 1 && arguments[1].is_number() ? arguments[1].as_number() : 0);
        }
        case Function::Form::next_match:
            return make_next_match(*made.target.as_function(), made.input);
        case Function::Form::transform: {
            static const Signature signature = Signature::parse("<(oa):o>");
            arguments = signature.validate(heap_, std::move(arguments), context);
            return transform(made, arguments[0]);
        }
    }
    return {};
}

}  // namespace pawl::jsonata
