// Result<T, E>: a T, or the E that took its place. Spelled like std::expected, which replaces it in C++23.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace pawl {

// What a user's Retry and Catch see. A value: a workflow that fails is a normal day for the engine.
// Both members may be absent: `Fail` needs neither. An absent name matches States.ALL alone.
struct AslError {
    std::optional<std::string> name;   // "States.Timeout", or the user's own
    std::optional<std::string> cause;  // free text, for people
    friend bool operator==(const AslError&, const AslError&) = default;
};

template <class T, class E = AslError>
class [[nodiscard]] Result {
  public:
    Result(T value) : held_{std::in_place_index<0>, std::move(value)} {}
    Result(E error) : held_{std::in_place_index<1>, std::move(error)} {}

    explicit operator bool() const { return held_.index() == 0; }
    const T& operator*() const& { return std::get<0>(held_); }
    T& operator*() & { return std::get<0>(held_); }
    T&& operator*() && { return std::get<0>(std::move(held_)); }
    const T* operator->() const { return &std::get<0>(held_); }
    T* operator->() { return &std::get<0>(held_); }
    const E& error() const& { return std::get<1>(held_); }
    E&& error() && { return std::get<1>(std::move(held_)); }

  private:
    std::variant<T, E> held_;
};

}  // namespace pawl
