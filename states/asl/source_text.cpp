#include "states/asl/source_text.hpp"

#include <utility>

#include "states/asl/yaml_value.hpp"

namespace pawl::asl {
Result<SourceText, Diagnostics> SourceText::read(std::string_view text, const ParseOptions& options) {
    SourceText source{text};
    source.template_ = options.placeholders;
    const bool fill = options.placeholders || options.substitutions;
    if (options.syntax == Syntax::Yaml) {
        const auto document = parse_yaml(text);
        if (!document) return Diagnostics{yaml_diagnostic(text, document.error())};
        if (document->empty()) {
            source.yaml_.emplace();
        } else {
            auto json = yaml_to_json(*document, {.bare_placeholders = fill});
            if (!json) return Diagnostics{yaml_diagnostic(text, json.error())};
            source.yaml_ = *std::move(json);
        }
    }
    if (fill) {
        auto filled = fill_placeholders(source.json(), options.substitutions ? *options.substitutions : Json::object(),
                                        options.placeholders, options.syntax == Syntax::Yaml);
        for (auto& open : filled.open) open.offset = source.origin(open.offset);
        source.open_ = std::move(filled.open);
        source.filled_ = std::move(filled.text);
    }
    return source;
}

std::size_t SourceText::origin(std::size_t offset) const {
    if (filled_) offset = filled_->origin(offset);
    return yaml_ ? yaml_->origin(offset) : offset;
}

Syntax guess_syntax(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || text[first] == '{' ? Syntax::Json : Syntax::Yaml;
}

}  // namespace pawl::asl
