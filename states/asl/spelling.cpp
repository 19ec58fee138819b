#include "states/asl/spelling.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

#include "states/letter_case.hpp"

namespace pawl::asl {
namespace {

constexpr std::size_t longest_word = 80;
constexpr std::size_t shortest_beginning = 5;  // "time" may begin anything

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, whatever the case of letters.
std::size_t distance(std::string_view a, std::string_view b) {
    std::array<std::uint8_t, longest_word + 1> before_last{}, last{}, row{};
    std::iota(last.begin(), last.end(), std::uint8_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<std::uint8_t>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const char x = lower_case(a[i - 1]), y = lower_case(b[j - 1]);
            int least = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (x == y ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && x == lower_case(b[j - 2]) && y == lower_case(a[i - 2]);
            if (swapped) least = std::min(least, before_last[j - 2] + 1);
            row[j] = static_cast<std::uint8_t>(least);
        }
        before_last = last;
        last = row;
    }
    return last[b.size()];
}

// "timeout" for "timeout_seconds". Empty: none, or several.
std::string_view only_one_that_begins_with(std::string_view word, std::span<const std::string_view> candidates) {
    if (word.size() < shortest_beginning) return {};
    std::string_view found;
    for (const auto candidate : candidates) {
        if (candidate.size() < word.size() || !same_letters(candidate.substr(0, word.size()), word)) continue;
        if (!found.empty()) return {};
        found = candidate;
    }
    return found;
}

}  // namespace

std::string_view closest(std::string_view word, std::span<const std::string_view> candidates) {
    if (word.empty() || word.size() > longest_word) return {};
    const std::size_t allowed = word.size() < 4 ? 1 : word.size() < 8 ? 2 : 3;
    std::string_view best;
    std::size_t best_distance = allowed + 1;
    for (const auto candidate : candidates) {
        const auto longer = std::max(word.size(), candidate.size());
        const auto shorter = std::min(word.size(), candidate.size());
        if (candidate.empty() || longer > longest_word || longer - shorter >= best_distance) continue;
        const auto found = distance(word, candidate);
        if (found < best_distance && found < shorter) {
            best = candidate;
            best_distance = found;
        }
    }
    return best.empty() ? only_one_that_begins_with(word, candidates) : best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    const auto best = closest(word, candidates);
    return best.empty() ? std::string{} : "did you mean '" + std::string{best} + "'?";
}

}  // namespace pawl::asl
