// JSONata 2.x, compiled once and evaluated against borrowed JSON. Stands alone: it knows nothing of workflows.
// An Expression is immutable; any number of threads may evaluate it at once.
// Spec: docs.jsonata.org, and the behaviour of the reference implementation jsonata-js 2.2.2.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "states/json.hpp"
#include "states/result.hpp"

namespace pawl::jsonata {

// What went wrong, in the reference's codes: Sxxxx syntax, Txxxx types, Dxxxx dynamic; U1001 is a limit of ours.
struct Error {
    std::string code;
    std::optional<std::size_t> position;  // where the token ends in the expression, in UTF-16 units from 0
    std::optional<Json> token;            // the operator, function name or literal concerned
    std::optional<Json> value;            // the offending value
    std::string message;
};

struct Options {
    bool coalescing_operators = true;  // `??` and `?:`, which JSONata 2.0 lacks
    bool eval = true;                  // $eval
    bool aws_functions = true;         // $partition $range $hash $random(seed) $uuid $parse
};

// Every evaluation ends: exceeding one of these is error U1001.
struct Limits {
    std::uint64_t fuel = 5'000'000;        // about one a node, array element, 16 bytes of text or regex step
    std::uint32_t depth = 1'000;           // nested evaluations, counted as the reference does
    std::size_t memory_bytes = 36u << 20;  // of values made during the evaluation, and of its result
    std::size_t range_items = 0;           // of one range, made or not; 0: as many as the reference's ten million
    std::size_t text_bytes = 0;            // of one text; 0: what memory_bytes leaves room for
    std::chrono::milliseconds time{0};     // 0: no limit; needs Environment::clock
};

// What becomes of an infinity or NaN in a result, for which JSON has no number.
enum class NonFinite : std::uint8_t {
    refused,  // error D1001
    as_text,  // "Infinity", "-Infinity", "NaN": what the service answers
};

// All that an evaluation may know of the world, so that a repetition gives the same result.
struct Environment {
    std::int64_t now_ms = 0;                           // $now, $millis: milliseconds since 1970
    std::uint64_t seed = 0;                            // $random, $uuid, $shuffle
    std::function<std::chrono::milliseconds()> clock;  // monotonic; only for Limits::time
    Limits limits;
    NonFinite non_finite = NonFinite::refused;
};

// A variable, without its `$`. Borrowed for the call; a later binding of the same name wins.
struct Binding {
    std::string_view name;
    const Json* value;                      // null: undefined, unless there are members
    std::span<const Binding> members = {};  // an object of these, without a copy of them; `value` is null
};
using Bindings = std::span<const Binding>;

// A variable that an expression takes from its surroundings, with the plain names that follow: `$states.result.id`.
struct Reference {
    std::string name;               // "states"
    std::vector<std::string> path;  // {"result", "id"}; ends before the first step that is not a plain name
    std::size_t position;
};

namespace detail {
struct Program;
}
class Document;

class Expression {
  public:
    static Result<Expression, Error> compile(std::string_view text, const Options& options = {});

    // `input` null: undefined. A result of nullopt is JSONata's undefined.
    Result<std::optional<Json>, Error> evaluate(const Json* input, Bindings bindings = {},
                                                const Environment& environment = {}) const;

    // The same from JSON text to JSON text, some ten times as quick: document.hpp holds the input, null is undefined.
    // The result stands in `memory`, which is overwritten and best used again and again; neither the document's text nor a
    // binding may stand there.
    Result<std::optional<std::string_view>, Error> evaluate_text(const Document* input, std::string& memory,
                                                                 Bindings bindings = {},
                                                                 const Environment& environment = {}) const;

    // Variables that neither the expression itself nor the built-in functions define, in the order they appear.
    // `$` and `$$`, the context and the input, count when they are used, with an empty name and "$"; a plain name that
    // is looked up in the input has an empty name, too, and begins its path.
    std::vector<Reference> references() const;

  private:
    explicit Expression(std::shared_ptr<const detail::Program> program) : program_{std::move(program)} {}
    std::shared_ptr<const detail::Program> program_;
};

}  // namespace pawl::jsonata
