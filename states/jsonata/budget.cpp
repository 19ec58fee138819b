#include "states/jsonata/budget.hpp"

#include "states/jsonata/fault.hpp"

namespace pawl::jsonata {

Budget::Budget(const Environment& environment)
    : limits_{environment.limits}, clock_{environment.clock}, fuel_{environment.limits.fuel} {
    if (clock_ && limits_.time.count() > 0) deadline_ = clock_() + limits_.time;
}

void Budget::refill(std::uint64_t units) {
    const std::uint64_t owed = units - slice_;
    if (owed > fuel_) {
        throw limit_exceeded("Expression evaluation timeout: Check for infinite loop");
    }
    fuel_ -= owed;
    slice_ = fuel_ < slice_units ? fuel_ : slice_units;
    fuel_ -= slice_;
    if (deadline_.count() != 0 && clock_() > deadline_) {
        throw limit_exceeded("Expression evaluation timeout: Check for infinite loop");
    }
}

void Budget::take_back(std::size_t bytes) {
    used_bytes_ -= bytes;
    out_of_memory();
}

void Budget::out_of_memory() {
    throw limit_exceeded("Expression evaluation memory limit exceeded: Check for excessive memory usage");
}

void Budget::too_deep() {
    --depth_;
    throw limit_exceeded(
        "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive");
}

void Budget::too_nested() { throw limit_exceeded("A value is nested too deeply"); }

}  // namespace pawl::jsonata
