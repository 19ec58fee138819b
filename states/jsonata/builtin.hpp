// The built-in functions: one table, filled from the tables of the function families.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "states/jsonata/signature.hpp"
#include "states/jsonata/value.hpp"

namespace pawl::jsonata {

class Evaluator;
class Frame;

struct Call {
    Evaluator& evaluator;
    Heap& heap;
    Frame& frame;          // the caller's scope
    const Value& context;  // the caller's context
    Arguments arguments;   // as the signature wants them

    const Value& operator[](std::size_t index) const {
        static const Value missing{};
        return index < arguments.size() ? arguments[index] : missing;
    }
    bool has(std::size_t index) const { return !(*this)[index].is_undefined(); }
    Budget& budget() const { return heap.budget; }
};

enum class Part : std::uint8_t { core, eval, aws };  // what Options switch

struct Builtin {
    std::string_view name;
    std::string_view signature;
    std::uint8_t arity;  // parameters that higher-order functions see
    Value (*run)(Call& call);
    Part part = Part::core;
    std::uint8_t index = 0;  // in the table of all
};

// The families, one file each.
std::span<const Builtin> aggregation_functions();
std::span<const Builtin> string_functions();
std::span<const Builtin> matching_functions();
std::span<const Builtin> encoding_functions();
std::span<const Builtin> numeric_functions();
std::span<const Builtin> boolean_functions();
std::span<const Builtin> array_functions();
std::span<const Builtin> object_functions();
std::span<const Builtin> higher_order_functions();
std::span<const Builtin> time_functions();
std::span<const Builtin> aws_functions();

const Builtin* find_builtin(std::string_view name);  // null when there is none; any other Builtin is of the families
const Signature& signature_of(const Builtin& builtin);

}  // namespace pawl::jsonata
