// Randomness that a stimulus brings along: the same seed gives the same numbers on every machine, so a replay does too.
#pragma once
#include <cstdint>
#include <string>

namespace pawl {

class SeededRandom {
  public:
    explicit SeededRandom(std::uint64_t seed) : state_{seed} {}
    std::uint64_t next();                                                 // uniform over 64 bits (SplitMix64)
    double uniform();                                                     // in [0, 1)
    std::int64_t between(std::int64_t low, std::int64_t high_exclusive);  // needs low < high_exclusive
    std::string uuid();                                                   // version 4, lower case

  private:
    std::uint64_t state_;
};

}  // namespace pawl
