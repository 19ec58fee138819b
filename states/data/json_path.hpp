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

// What a path selected: a node of the document, borrowed, or an array made of several.
class Selection {
  public:
    explicit Selection(const Json& borrowed) : borrowed_{&borrowed} {}
    explicit Selection(Json made) : made_{std::make_shared<const Json>(std::move(made))}, borrowed_{made_.get()} {}
    const Json& operator*() const { return *borrowed_; }
    const Json* operator->() const { return borrowed_; }

  private:
    std::shared_ptr<const Json> made_;
    const Json* borrowed_;
};

// A definite path that selects nothing, in Jayway's words.
struct PathError {
    std::string message;  // "No results for path: $['x']", "Missing property in path $['a']"
};

class JsonPath {
  public:
    // The error says what is wrong with the text.
    static Result<JsonPath, std::string> compile(std::string_view text);

    // One node (names and single indexes only)? Otherwise it selects an array, possibly an empty one.
    bool definite() const;
    // May it be written to: definite, from `$`, no functions? ResultPath needs this. Spec: "Reference Paths".
    bool reference() const;
    bool reads_context() const;                // starts with `$$`
    const std::string& variable() const;       // "name" of `$name…`, else empty
    const std::string& text() const;           // as written

    Result<Selection, PathError> select(const Scope& scope) const;

    // `into` with `value` put where this reference path points. Missing objects on the way are made. An error when
    // the way leads through something that is neither object nor array, or past an array's end.
    Result<Json, PathError> assign(Json into, Json value) const;

  private:
    struct Compiled;
    explicit JsonPath(std::shared_ptr<const Compiled> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::data
