// What one evaluation may still spend. Every loop of the evaluator burns fuel, every made value is counted.
#pragma once
#include <cstddef>
#include <cstdint>

#include "states/jsonata/jsonata.hpp"
#include "states/jsonata/stack_guard.hpp"

namespace pawl::jsonata {

class Budget {
  public:
    explicit Budget(const Environment& environment);  // which must outlive it
    Budget(const Budget&) = delete;
    Budget& operator=(const Budget&) = delete;

    void burn(std::uint64_t units = 1) {
        if (units <= slice_) {
            slice_ -= units;
        } else {
            refill(units);
        }
    }
    void burn_text(std::size_t bytes) { burn(bytes / 16); }

    void allocate(std::size_t bytes) {
        used_bytes_ += bytes;
        if (used_bytes_ > limits_.memory_bytes) [[unlikely]]
            take_back(bytes);
    }
    // Before something that large is built in one go.
    void check_room(std::size_t bytes) {
        allocate(bytes);
        release(bytes);
    }
    // Not made yet, a range takes no memory; one of many items is refused all the same.
    void check_range(std::size_t items) const {
        if (limits_.range_items != 0 && items > limits_.range_items) out_of_memory();
    }
    void check_text(std::size_t bytes) const {
        if (limits_.text_bytes != 0 && bytes > limits_.text_bytes) [[unlikely]]
            out_of_memory();
    }
    void release(std::size_t bytes) noexcept { used_bytes_ -= bytes; }
    [[noreturn]] static void out_of_memory();

    // One nested evaluation; leave() ends it. Also looks at the real stack, whose frames differ with the build.
    void enter() {
        if (++depth_ > limits_.depth || stack_.exceeded()) [[unlikely]]
            too_deep();
    }
    void leave() noexcept { --depth_; }
    // For recursion that is no evaluation: printing, comparing, copying.
    void check_stack() const {
        if (stack_.exceeded()) [[unlikely]]
            too_nested();
    }

  private:
    static constexpr std::uint64_t slice_units = 4096;  // how often the clock is read

    void refill(std::uint64_t units);
    [[noreturn]] void take_back(std::size_t bytes);
    [[noreturn]] void too_deep();
    [[noreturn]] static void too_nested();

    const Limits& limits_;
    const std::function<std::chrono::milliseconds()>& clock_;
    std::chrono::milliseconds deadline_{0};
    std::uint64_t fuel_;       // beyond the slice
    std::uint64_t slice_ = 0;  // burnt without looking at fuel and clock
    std::size_t used_bytes_ = 0;
    std::uint32_t depth_ = 0;
    const StackGuard stack_;
};

class DepthGuard {
  public:
    explicit DepthGuard(Budget& budget) : budget_{budget} { budget_.enter(); }
    ~DepthGuard() { budget_.leave(); }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;

  private:
    Budget& budget_;
};

}  // namespace pawl::jsonata
