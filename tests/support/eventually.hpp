// Waiting for what other threads do: as short as possible, and told when it never comes.
#pragma once
#include <chrono>
#include <functional>
#include <thread>

namespace pawl::test {

inline bool comes_true(const std::function<bool()>& condition,
                       std::chrono::milliseconds patience = std::chrono::seconds{5}) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

}  // namespace pawl::test
