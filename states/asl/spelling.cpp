#include "states/asl/spelling.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace pawl::asl {
namespace {

constexpr std::size_t longest_word = 80;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, whatever the case of letters.
std::size_t distance(std::string_view a, std::string_view b) {
    std::array<std::size_t, longest_word + 1> before_last{}, last{}, row{};
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            const bool swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last = last;
        last = row;
    }
    return last[b.size()];
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
    return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    const auto best = closest(word, candidates);
    return best.empty() ? std::string{} : "did you mean '" + std::string{best} + "'?";
}

}  // namespace pawl::asl
