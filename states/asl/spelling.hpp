// "Did you mean …?" for names that are nearly right.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace pawl::asl {

// The candidate that `word` most probably stands for: the same but for case, few changes away, or the
// only one that begins with it. Empty: none.
std::string_view closest(std::string_view word, std::span<const std::string_view> candidates);

// "did you mean 'X'?", or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace pawl::asl
