// YAML as a value: for files beside definitions, such as templates and substitutions.
#pragma once
#include "states/asl/diagnostic.hpp"
#include "states/asl/yaml_json.hpp"

namespace pawl::asl {

Diagnostic yaml_diagnostic(std::string_view text, const YamlProblem& problem);

// The value of a YAML or JSON text; or the one diagnostic that says why it has none. Null: the text is empty.
Result<Json, Diagnostic> read_yaml(std::string_view text, const YamlReading& reading = {});

}  // namespace pawl::asl
