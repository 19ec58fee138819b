// A stable merge sort that asks in the order the reference asks, and bears an inconsistent comparison (users write it).
#pragma once
#include <cstddef>
#include <numeric>
#include <vector>

namespace pawl::jsonata {

// The indexes 0 … size - 1 in order. `comes_after(a, b)` says that item a belongs behind item b.
template <class ComesAfter>
std::vector<std::size_t> merge_sorted(std::size_t size, ComesAfter comes_after) {
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<std::size_t> merged;
    merged.reserve(size);
    const auto sort = [&](const auto& self, std::size_t begin, std::size_t end) -> void {
        if (end - begin <= 1) return;
        const std::size_t middle = begin + (end - begin) / 2;
        self(self, begin, middle);
        self(self, middle, end);
        merged.clear();
        std::size_t left = begin;
        std::size_t right = middle;
        while (left < middle && right < end)
            merged.push_back(comes_after(order[left], order[right]) ? order[right++] : order[left++]);
        while (left < middle) merged.push_back(order[left++]);
        while (right < end) merged.push_back(order[right++]);
        for (std::size_t i = 0; i < merged.size(); ++i) order[begin + i] = merged[i];
    };
    sort(sort, 0, size);
    return order;
}

}  // namespace pawl::jsonata
