// Reads the text of a JSONPath. Private to states/data.
#pragma once
#include <string>
#include <string_view>

#include "states/data/json_path_query.hpp"

namespace pawl::data::path {

inline constexpr std::size_t max_path_bytes = 10'000;
inline constexpr std::size_t max_steps = 200;  // of one path: the evaluator recurses once a step
inline constexpr int max_filter_depth = 20;    // of filters in filters, parentheses and negations

// Thrown inside the parser, caught in JsonPath::compile.
struct BadPath {
    std::string message;
};

// A place in the text.
struct Cursor {
    std::string_view text;
    std::size_t at = 0;
    int depth = 0;  // of filters

    bool done() const { return at >= text.size(); }
    char peek(std::size_t ahead = 0) const { return at + ahead < text.size() ? text[at + ahead] : '\0'; }
    bool starts_with(std::string_view token) const { return text.substr(at).starts_with(token); }
    void skip_blanks();
    bool take(std::string_view token);    // if it is there
    void expect(std::string_view token);  // or fail
    [[noreturn]] void fail(std::string_view what) const;
};

// Where a path ends: at the end of the text; or, inside a filter or a function's arguments, before what cannot be in
// it.
enum class Place { whole, filter, argument };

// From `$` or `@` on.
Query parse_query(Cursor& cursor, Place place);

// From behind `[?` up to `)`; the parentheses are part of it.
Condition parse_filter(Cursor& cursor);

}  // namespace pawl::data::path
