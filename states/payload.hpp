// A JSON document on its way through a workflow: immutable, shared, kept as the text it came in and parsed at the
// first look. A state that does not look into its input neither parses, copies nor prints it.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "states/json.hpp"

namespace pawl {

class Payload {
  public:
    // `{}`, the input of an execution that was started without one.
    Payload();
    // Takes text that is known to be valid JSON (checked at the door, or written by us).
    static Payload from_text(std::string text);
    static Payload from_json(Json value);
    // Checks, then takes.
    static Result<Payload, JsonSyntaxError> parse(std::string text);

    const std::string& text() const;
    // Parsed once, on demand; safe from several threads.
    const Json& json() const;
    std::size_t size_bytes() const { return text().size(); }

    // The same document in the same memory: cheap, and true for what was passed on untouched.
    bool same(const Payload& other) const { return rep_ == other.rep_; }
    friend bool operator==(const Payload& a, const Payload& b) { return a.rep_ == b.rep_ || a.text() == b.text(); }

  private:
    struct Rep;
    explicit Payload(std::shared_ptr<const Rep> rep) : rep_{std::move(rep)} {}
    std::shared_ptr<const Rep> rep_;
};

}  // namespace pawl
