// What is wrong, or doubtful, about a definition. Parsing reports all of them, not the first.
#pragma once
#include <string>
#include <vector>

#include "states/asl/source.hpp"

namespace pawl::asl {

enum class Severity { Error, Warning };

struct Diagnostic {
    Severity severity = Severity::Error;
    std::string
        code;  // as ValidateStateMachineDefinition gives it: "SCHEMA_VALIDATION_FAILED", "INVALID_JSON_DESCRIPTION", …
    std::string message;   // AWS's sentence where a recording shows it
    std::string location;  // as AWS gives it: "/States/X/Resource"; for text that is not JSON "[line: 3, column: 7]"
    Position position;     // ours
    std::string hint;      // what to do about it; may be empty
};

using Diagnostics = std::vector<Diagnostic>;

// "file:line:column: error CODE: message" and, when there is one, a second line with the hint.
std::string to_text(const Diagnostic& diagnostic, std::string_view file);

}  // namespace pawl::asl
