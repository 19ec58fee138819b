// A definition as its author wrote it, and the JSON text that it comes to: the same, or made from YAML, or with
// placeholders filled in.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "states/asl/definition.hpp"
#include "states/asl/derived_text.hpp"
#include "states/asl/placeholders.hpp"

namespace pawl::asl {

class SourceText {
  public:
    // Nothing is done to the text: it is JSON. It must outlive this object.
    explicit SourceText(std::string_view json) : original_{json} {}
    // As the options say: their syntax, placeholders and substitutions.
    static Result<SourceText, Diagnostics> read(std::string_view text, const ParseOptions& options);

    std::string_view original() const { return original_; }
    std::string_view json() const { return filled_ ? filled_->text() : yaml_ ? yaml_->text() : original_; }
    bool derived() const { return filled_ || yaml_; }
    bool is_yaml() const { return yaml_.has_value(); }
    bool is_template() const { return template_; }  // placeholders may be open
    std::size_t origin(std::size_t offset) const;   // in the original, of what is at `offset` in the JSON text
    // Placeholders that have no value, with their place in the original.
    const std::vector<Filled::Open>& open() const { return open_; }

  private:
    std::string_view original_;
    std::optional<DerivedText> yaml_, filled_;  // `filled_` was made after, or without, `yaml_`
    std::vector<Filled::Open> open_;
    bool template_ = false;
};

}  // namespace pawl::asl
