#include "states/entropy.hpp"

namespace pawl {

// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
std::uint64_t SeededRandom::next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

double SeededRandom::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::int64_t SeededRandom::between(std::int64_t low, std::int64_t high_exclusive) {
    const auto width = static_cast<std::uint64_t>(high_exclusive) - static_cast<std::uint64_t>(low);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + next() % width);
}

std::string SeededRandom::uuid() {
    constexpr char hex[] = "0123456789abcdef";
    const std::uint64_t words[2] = {(next() & ~0xf000ULL) | 0x4000ULL,
                                    (next() & 0x3fffffffffffffffULL) | 0x8000000000000000ULL};
    std::string text;
    text.reserve(36);
    for (int digit = 0; digit < 32; ++digit) {
        if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text += '-';
        text += hex[(words[digit / 16] >> (60 - 4 * (digit % 16))) & 0xf];
    }
    return text;
}

}  // namespace pawl
