#include <limits>

#include "states/data/intrinsic_functions.hpp"

namespace pawl::data::intrinsic {
namespace {

// java.util.Random: the 48-bit linear congruential generator that its documentation lays down.
class JavaRandom {
  public:
    explicit JavaRandom(std::int64_t seed) : state_{(static_cast<std::uint64_t>(seed) ^ multiplier) & mask} {}

    // nextInt(bound), with bound > 0.
    std::int32_t below(std::int32_t bound) {
        if ((bound & -bound) == bound) return static_cast<std::int32_t>((std::int64_t{bound} * next31()) >> 31);
        for (;;) {
            const auto bits = next31();
            const auto value = bits % bound;
            if (std::int64_t{bits} - value + (bound - 1) <= std::numeric_limits<std::int32_t>::max()) return value;
        }
    }

  private:
    static constexpr std::uint64_t multiplier = 0x5DEECE66DULL;
    static constexpr std::uint64_t mask = (1ULL << 48) - 1;
    std::int32_t next31() {
        state_ = (state_ * multiplier + 0xBULL) & mask;
        return static_cast<std::int32_t>(state_ >> 17);
    }
    std::uint64_t state_;
};

}  // namespace

// From the first number on, up to but not including the second. A seed makes the answer a fixed one.
Json math_random(Arguments& arguments) {
    const auto low = arguments.rounded(0);
    const auto high = arguments.rounded(1);
    if (low >= high) throw Failure{"The start number must be less than the end number"};
    if (arguments.size() < 3) return arguments.random().between(low, high);
    JavaRandom random{arguments.rounded(2)};
    const auto width = high - low;
    if (width > std::numeric_limits<std::int32_t>::max()) throw Failure{"The range is too wide"};
    return low + random.below(static_cast<std::int32_t>(width));
}

Json math_add(Arguments& arguments) {
    const auto sum = arguments.rounded(0) + arguments.rounded(1);
    if (sum < std::numeric_limits<std::int32_t>::min() || sum > std::numeric_limits<std::int32_t>::max()) {
        throw Failure{"The sum is not between -2147483648 and 2147483647"};
    }
    return sum;
}

}  // namespace pawl::data::intrinsic
