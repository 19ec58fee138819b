// Evaluates a resolved tree: one object for one evaluation. Follows the reference node by node, because results depend
// on where sequences are made, flattened and unwrapped.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/function.hpp"
#include "states/jsonata/jsonata.hpp"
#include "states/jsonata/program.hpp"

namespace pawl::jsonata {

class Evaluator {
  public:
    Evaluator(Heap& heap, const detail::Program& program, Value input, Bindings bindings,
              const Environment& environment);

    Value run();

    Value evaluate(const Syntax& node, const Value& input, Frame& frame);
    // Calls a function. `context` fills the arguments that its signature takes from the context.
    Value apply(const Value& function, Arguments&& arguments, const Value& context, Frame& frame);
    // Compiles and evaluates a text, for $eval.
    Value evaluate_text(std::string_view text, const Value& input, Frame& frame);
    // As createSequence with outerWrapper: an array that is one input, not many.
    Value wrapped_input(Value input);

    const Environment& environment() const { return environment_; }
    std::uint64_t random_bits();  // uniform over 64 bits
    Value keep(Json json);        // as a value that lives as long as the evaluation

  private:
    // evaluator.cpp: dispatch, literals, variables, blocks, conditions
    Value plain_name(const Syntax& node, const Value& input, Frame& frame);
    Value dispatch(const Syntax& node, const Value& input, Frame& frame);
    Value qualified(const Syntax& node, Value result, Frame& frame);
    Value finished(const Syntax& node, Value result);
    Value literal(const Syntax& node);
    Value variable(const Syntax& node, const Value& input, Frame& frame);
    Value look_up(std::string_view name, const Frame& frame) const;
    const Value* bound(std::string_view name) const;  // by the caller
    Value block(const Syntax& node, const Value& input, Frame& frame);
    Value condition(const Syntax& node, const Value& input, Frame& frame);
    Value wildcard(const Value& input);
    Value descendants(const Value& input);

    // evaluate_path.cpp
    Value path(const Syntax& node, const Value& input, Frame& frame);
    bool plain_path(const Syntax& node, std::size_t first, const Value& input, Value& result);
    struct Items;
    Value step(const Syntax& node, const Items& items, Frame& frame, bool last, bool may_unwrap);
    Value filter(const Syntax& predicate, const Value& input, Frame& frame);
    Value stages(const Syntax& node, Value input, Frame& frame);
    // evaluate_tuple.cpp
    Value tuple_step(const Syntax& node, const Value& input, Value tuples, Frame& frame);
    Value reduced_tuples(const Value& tuples);
    Ref<Frame> tuple_frame(Frame& frame, const Value& tuple);

    // evaluate_operator.cpp
    Value binary(const Syntax& node, const Value& input, Frame& frame);
    Value logical(const Syntax& node, const Value& lhs, const Value& input, Frame& frame);
    Value unary(const Syntax& node, const Value& input, Frame& frame);
    Value array(const Syntax& node, const Value& input, Frame& frame);
    Value range(const Value& lhs, const Value& rhs);

    // evaluate_group.cpp: grouping, ordering, transforms
    Value group(const Pairs& pairs, std::size_t position, const Value& input, Frame& frame);
    Value object_of_one(const std::vector<Pair>& pairs, std::size_t position, const Value& item, Frame& frame);
    Value object_of_constant_keys(const std::vector<Pair>& pairs, const Value& item, Frame& frame);
    Value order(const Syntax& node, const Value& input, Frame& frame);
    Value transform(const Function& function, const Value& object);

    // evaluate_call.cpp
    Value call(const Syntax& node, const Value& input, Frame& frame, const Value* first_argument);
    Value apply_operator(const Syntax& node, const Value& input, Frame& frame);
    Value lambda(const Syntax& node, const Value& input, Frame& frame);
    Value partial(const Syntax& node, const Value& input, Frame& frame);
    Value apply_once(const Value& function, Arguments&& arguments, const Value& context, Frame& frame);
    Value run_function(const Value& function, Arguments&& arguments, const Value& context, Frame& frame);
    CallSite& call_site(const Value& function);
    bool is_callable_name(const Syntax& procedure, const Frame& frame) const;

    Heap& heap_;
    Budget& budget_;
    const detail::Program& program_;
    const Value input_;
    std::vector<std::pair<std::string_view, Value>> bindings_;
    const Environment& environment_;
    Ref<Frame> root_;
    std::vector<std::pair<const Builtin*, CallSite>> builtin_sites_;       // of those that were called
    std::vector<std::shared_ptr<const detail::Program>> evaluated_texts_;  // of $eval: values point into them
    std::vector<std::unique_ptr<Json>> kept_;
    std::uint64_t random_state_;
};

// Shared with the functions. JSONata's idea of true: neither 0, "", null, a function, nor empty or all false.
bool is_truthy(const Value& value, Budget& budget);
// JavaScript's: what the reference asks of what a comparison or a matcher gives.
bool is_javascript_true(const Value& value);
bool deep_equal(const Value& a, const Value& b, Budget& budget);
// False for NaN and all that is no number; throws D1001 for an infinite one.
[[noreturn]] void reject_infinite(const Value& value);
inline bool is_numeric(const Value& value) {
    if (!value.is_number() || std::isnan(value.as_number())) return false;
    if (std::isinf(value.as_number())) [[unlikely]]
        reject_infinite(value);
    return true;
}
// What a regular expression gives when it is called as a function, and what the `next` of that gives. `from` is in
// UTF-16 units.
Value make_match(Function& regex, const Value& subject, double from);
Value make_next_match(Function& regex, const Value& subject);
std::size_t arity(const Value& function);
// The field of an object, or of all objects of an array.
Value field(const Value& input, std::string_view name, Heap& heap);
// As $append; either may be undefined.
Value appended(const Value& first, const Value& second, Heap& heap);
// A deep copy that is free to be changed, as $clone makes it.
Value cloned(const Value& value, Heap& heap);

}  // namespace pawl::jsonata
