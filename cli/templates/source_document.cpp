#include "cli/templates/source_document.hpp"

#include <utility>

#include "states/asl/json_syntax.hpp"

namespace pawl::templates {
namespace {

class Rewriter {
  public:
    explicit Rewriter(const SourceDocument& source) : source_{source} {}
    asl::DerivedText run(const Json& value, const std::string& pointer) {
        write(value, pointer);
        return std::move(text_);
    }

  private:
    void write(const Json& value, const std::string& pointer) {
        const auto place = source_.offset(pointer);
        if (!value.is_structured()) return text_.stand_for(to_text(value), place);
        text_.stand_for(value.is_object() ? "{" : "[", place);
        std::size_t index = 0;
        for (const auto& [name, member] : value.items()) {
            const auto child =
                value.is_object() ? asl::child_pointer(pointer, name) : asl::child_pointer(pointer, index);
            if (index++ > 0) text_.stand_for(",", place);
            if (value.is_object()) text_.stand_for(to_text(Json(name)) + ":", source_.offset(child));
            write(member, child);
        }
        text_.stand_for(value.is_object() ? "}" : "]", place);
    }

    const SourceDocument& source_;
    asl::DerivedText text_;
};

}  // namespace

std::string JsonTrouble::in_file(std::string_view file) const {
    return std::string{file} + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) +
           ": not JSON: " + message + (hint.empty() ? "" : "\n    hint: " + hint);
}

std::string JsonTrouble::in_words() const {
    return "line " + std::to_string(position.line) + ", column " + std::to_string(position.column) + ": " + message +
           (hint.empty() ? "" : "\n    hint: " + hint);
}

JsonTrouble json_trouble(std::string_view text, const JsonSyntaxError& error) {
    const auto problem = asl::find_syntax_problem(text);
    // Valid, but nested too deeply.
    if (!problem) return {asl::position_at(text, error.offset), error.message, {}};
    return {asl::position_at(text, problem->offset), problem->message, asl::syntax_hint(text, problem->offset)};
}

std::size_t offset_at(std::string_view text, asl::Position position) {
    std::size_t offset = 0;
    for (asl::Position reached; offset < text.size() && reached != position; ++offset) {
        reached = asl::advance(text, offset, offset + 1, reached);
    }
    // A character counts with its first byte.
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80) ++offset;
    return offset;
}

SourceDocument::SourceDocument(std::string text, std::optional<asl::DerivedText> json, Json value)
    : text_{std::move(text)},
      json_{std::move(json)},
      value_(std::move(value)),  // braces would make a list of it
      index_{json_ ? std::string_view{json_->text()} : std::string_view{text_}} {}

std::size_t SourceDocument::offset(std::string_view pointer) const {
    const auto offset = index_.offset(pointer);
    return json_ ? json_->origin(offset) : offset;
}

asl::Position SourceDocument::position_of(const asl::DerivedText& made, asl::Position position) const {
    return position_at(made.origin(offset_at(made.text(), position)));
}

asl::DerivedText rewritten(const Json& value, const SourceDocument& source, const std::string& pointer) {
    return Rewriter{source}.run(value, pointer);
}

Result<std::unique_ptr<const SourceDocument>, std::string> SourceDocument::read(std::string text, asl::Syntax syntax,
                                                                                std::string_view file,
                                                                                const asl::YamlReading& reading) {
    const auto made = [&](std::optional<asl::DerivedText> json, Json value) {
        return std::unique_ptr<const SourceDocument>{
            new SourceDocument{std::move(text), std::move(json), std::move(value)}};
    };
    if (syntax == asl::Syntax::Json) {
        auto value = parse_json(text);
        if (!value) return json_trouble(text, value.error()).in_file(file);
        return made(std::nullopt, *std::move(value));
    }
    const auto wrong = [&](const asl::YamlProblem& problem) {
        return asl::to_text(asl::yaml_diagnostic(text, problem), file);
    };
    const auto document = asl::parse_yaml(text);
    if (!document) return wrong(document.error());
    if (document->empty()) return made(asl::DerivedText{}, Json{});
    auto json = asl::yaml_to_json(*document, reading);
    if (!json) return wrong(json.error());
    auto value = parse_json(json->text());
    if (!value) return wrong({json->origin(value.error().offset), value.error().message});
    return made(*std::move(json), *std::move(value));
}

}  // namespace pawl::templates
