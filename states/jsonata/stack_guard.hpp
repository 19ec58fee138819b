// How much of the thread's stack a recursion has used since the guard was made. Frames differ with the build, so a
// count of calls alone would be either too strict or unsafe.
#pragma once
#include <cstddef>
#include <cstdint>

namespace pawl::jsonata {

class StackGuard {
  public:
    bool exceeded() const { return base_ - position() > limit_bytes; }  // stacks grow downwards here

  private:
    static constexpr std::uintptr_t limit_bytes = 3u << 20;  // threads have 8 MB
    static constexpr std::uintptr_t slack_bytes = 4096;      // inlining moves frames around
    static std::uintptr_t position() { return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)); }

    const std::uintptr_t base_ = position() + slack_bytes;
};

}  // namespace pawl::jsonata
