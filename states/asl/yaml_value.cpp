#include "states/asl/yaml_value.hpp"

#include <utility>

#include "states/asl/report.hpp"

namespace pawl::asl {

Diagnostic yaml_diagnostic(std::string_view text, const YamlProblem& problem) {
    const auto position = position_at(text, problem.offset);
    return {Severity::Error,
            std::string{problem.duplicate ? code::duplicate_field : code::invalid_yaml},
            problem.message,
            "[line: " + std::to_string(position.line) + ", column: " + std::to_string(position.column) + "]",
            position,
            problem.hint};
}

Result<Json, Diagnostic> read_yaml(std::string_view text, const YamlReading& reading) {
    const auto document = parse_yaml(text);
    if (!document) return yaml_diagnostic(text, document.error());
    if (document->empty()) return Json{};
    const auto json = yaml_to_json(*document, reading);
    if (!json) return yaml_diagnostic(text, json.error());
    auto value = parse_json(json->text());
    if (!value) return yaml_diagnostic(text, {json->origin(value.error().offset), value.error().message});
    return *std::move(value);
}

}  // namespace pawl::asl
