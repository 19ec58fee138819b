// What one evaluation may cost. The expressions of one payload template share one: a definition of 1 MB may copy or
// search an input of 256 KB many thousand times over. Everything is paid for here before it is done.
#pragma once
#include <cstddef>

#include "states/json.hpp"

namespace pawl::data {

inline constexpr std::size_t max_made_bytes = 64 << 20;  // of JSON made by copying
inline constexpr std::size_t bytes_a_value = 64;         // what a value costs with its allocation, texts aside
inline constexpr std::size_t max_visits = 2'000'000;     // nodes looked at by paths: some 100 ms

class Work {
  public:
    // Pays for a copy of `value` that will stand `depth` levels below the top of what is made. False: it costs too
    // much, or it would be nested deeper than max_json_depth.
    bool make(const Json& value, std::size_t depth = 0);
    bool make_bytes(std::size_t bytes);
    bool visit(std::size_t nodes = 1) {
        if (nodes > visits_left_) return false;
        visits_left_ -= nodes;
        return true;
    }

  private:
    std::size_t bytes_left_ = max_made_bytes;
    std::size_t visits_left_ = max_visits;
};

}  // namespace pawl::data
