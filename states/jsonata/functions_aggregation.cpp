// Aggregation functions. Spec: docs.jsonata.org, "Aggregation functions".
#include <array>
#include <cmath>

#include "states/jsonata/builtin.hpp"
#include "states/jsonata/evaluator.hpp"
#include "states/jsonata/made.hpp"

namespace pawl::jsonata {
namespace {

// Folds the numbers of the first argument, which the signature has checked.
template <class Step>
double folded(Call& call, double from, Step step) {
    const std::size_t size = call[0].size();
    call.budget().burn(size);
    double result = from;
    for (std::size_t i = 0; i < size; ++i) result = step(result, call[0].at(i).as_number());
    return result;
}
bool is_empty(const Call& call) { return !call.has(0) || call[0].size() == 0; }
double plus(double a, double b) { return a + b; }

Value sum(Call& call) { return call.has(0) ? Value::number(folded(call, 0, plus)) : Value{}; }
Value count(Call& call) { return Value::number(static_cast<double>(call[0].size())); }
Value average(Call& call) {
    return is_empty(call) ? Value{} : Value::number(folded(call, 0, plus) / static_cast<double>(call[0].size()));
}
Value max(Call& call) {
    const auto larger = [](double a, double b) {
        return std::isnan(a) || std::isnan(b) ? std::nan("") : a < b ? b : a;
    };
    return is_empty(call) ? Value{} : Value::number(folded(call, -INFINITY, larger));
}
Value min(Call& call) {
    const auto smaller = [](double a, double b) {
        return std::isnan(a) || std::isnan(b) ? std::nan("") : b < a ? b : a;
    };
    return is_empty(call) ? Value{} : Value::number(folded(call, INFINITY, smaller));
}

constexpr std::array functions{
    Builtin{"sum", "<a<n>:n>", 1, sum}, Builtin{"count", "<a:n>", 1, count},        Builtin{"max", "<a<n>:n>", 1, max},
    Builtin{"min", "<a<n>:n>", 1, min}, Builtin{"average", "<a<n>:n>", 1, average},
};

}  // namespace

std::span<const Builtin> aggregation_functions() { return functions; }

}  // namespace pawl::jsonata
