// A JSON or YAML text as a value, and where in the text each part of it stands: for files whose readers say what is
// wrong.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "states/asl/definition.hpp"
#include "states/asl/source_index.hpp"
#include "states/asl/yaml_value.hpp"

namespace pawl::templates {

// Why a text that has no value as JSON has none, in the words that `pawl validate` has for it.
struct JsonTrouble {
    asl::Position position;
    std::string message;
    std::string hint;  // may be empty

    // "FILE:3:7: not JSON: …", and a second line with the hint.
    std::string in_file(std::string_view file) const;
    // "line 3, column 7: …", for a text that has no name.
    std::string in_words() const;
};
JsonTrouble json_trouble(std::string_view text, const JsonSyntaxError& error);

// In bytes; the text's end when it has no such place.
std::size_t offset_at(std::string_view text, asl::Position position);

// For one thread: look-ups are cached.
class SourceDocument {
  public:
    // The error is what to tell people about `file`.
    static Result<std::unique_ptr<const SourceDocument>, std::string> read(std::string text, asl::Syntax syntax,
                                                                           std::string_view file,
                                                                           const asl::YamlReading& reading = {});
    SourceDocument(const SourceDocument&) = delete;
    SourceDocument& operator=(const SourceDocument&) = delete;

    const Json& value() const { return value_; }
    // In the text, of what a JSON pointer names: the key of a member, the first character of an element. Of the nearest
    // ancestor when there is no such part.
    std::size_t offset(std::string_view pointer) const;
    asl::Position position(std::string_view pointer) const { return position_at(offset(pointer)); }
    asl::Position position_at(std::size_t offset) const { return asl::position_at(text_, offset); }
    // Of a place in a text that was made of this one.
    asl::Position position_of(const asl::DerivedText& made, asl::Position position) const;

  private:
    SourceDocument(std::string text, std::optional<asl::DerivedText> json, Json value);

    const std::string text_;
    const std::optional<asl::DerivedText> json_;  // of a YAML text
    const Json value_;
    const asl::SourceIndex index_;  // of the JSON text, which lies in one of the members above
};

// `value` as JSON, in one line: it is what came of the part at `pointer`, and its members have the places of those
// there, as far as there are some.
asl::DerivedText rewritten(const Json& value, const SourceDocument& source, const std::string& pointer);

}  // namespace pawl::templates
