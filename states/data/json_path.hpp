// JSONPath as AWS reads it: the dialect of the Java library Jayway JsonPath.
// `$` is the state's data, `$$` the context object, `$name` a variable.
// Spec: states-language.net, "Paths"; goessner.net/articles/JsonPath; json-path/JsonPath README.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "states/data/scope.hpp"
#include "states/json.hpp"
#include "states/result.hpp"

namespace pawl::data {

class Work;

// What a path selected: a node of the document, borrowed, or an array made of several.
class Selection {
  public:
    explicit Selection(const Json& borrowed) : borrowed_{&borrowed} {}
    explicit Selection(Json&& made) : made_{std::make_shared<const Json>(std::move(made))}, borrowed_{made_.get()} {}
    const Json& operator*() const { return *borrowed_; }
    const Json* operator->() const { return borrowed_; }

  private:
    std::shared_ptr<const Json> made_;
    const Json* borrowed_;
};

// Why a path gave nothing, in Jayway's words.
struct PathError {
    enum class Kind {
        missing,       // a definite path that selects nothing
        past_end,      // the same, because its last step is an index past the array's end
        inapplicable,  // a step that its node's type does not allow, or more work than is granted
    };
    std::string message;  // "No results for path: $['x']", "Missing property in path $['a']"
    Kind kind = Kind::missing;
};

inline constexpr std::string_view null_input_text = "Unable to apply Path transformation to null or empty input.";

class JsonPath {
  public:
    // The error says what is wrong with the text.
    static Result<JsonPath, std::string> compile(std::string_view text);

    // One value? Otherwise it selects an array, possibly an empty one.
    bool definite() const;
    // Names and single indexes only: what ASL calls a reference path, from whatever root.
    bool single() const;
    // May it be written to: `single`, from `$`, no index from the end? ResultPath needs this. Spec: "Reference Paths".
    bool reference() const;
    bool reads_context() const;  // starts with `$$`
    // AWS refuses any path from `$` there, also `$` itself, in payload templates and choice rules.
    bool reads_null_input(const Scope& scope) const;
    const std::string& variable() const;  // "name" of `$name…`, else empty
    const std::string& text() const;      // as written

    Result<Selection, PathError> select(const Scope& scope) const;
    Result<Selection, PathError> select(const Scope& scope, Work& work) const;  // on a shared account

    // `into` with `value` put where this reference path points. Missing objects on the way are made. An error when
    // the way leads through something that is neither object nor array, or past an array's end.
    Result<Json, PathError> assign(Json into, Json value) const;

  private:
    struct Compiled;
    explicit JsonPath(std::shared_ptr<const Compiled> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::data
