// Task tokens: what a worker anywhere needs to answer a task. Signed, so nobody makes one up; they say which attempt
// of which execution they are for, so a late answer is known as late; nothing is stored, so they survive restarts.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl {

class TokenSigner {
  public:
    explicit TokenSigner(std::string key) : key_{std::move(key)} {}  // 32 random bytes, kept in the store
    static std::string new_key();

    // URL-safe base64 text; the same for the same arguments.
    std::string mint(std::int64_t execution, std::int64_t task) const;

    struct Opened {
        std::int64_t execution = 0;
        std::int64_t task = 0;
    };
    std::optional<Opened> open(std::string_view token) const;  // nothing: not one of ours

  private:
    std::string key_;
};

}  // namespace pawl
