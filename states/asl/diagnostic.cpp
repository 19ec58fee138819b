#include "states/asl/diagnostic.hpp"

#include "states/asl/diagnostic_text.hpp"
#include "states/asl/python_text.hpp"
#include "states/asl/report.hpp"

namespace pawl::asl {
namespace {

// The service answers a wrong Label with the text of the exception that met it, and the definition behind it.
std::string label_error_text(const Diagnostic& error, std::string_view definition) {
    return "Error=ValueError Args=[" + python_repr(error.message) + "] in definition '" + std::string{definition} +
           "'.";
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic, std::string_view file) {
    std::string text{file};
    text += ':' + std::to_string(diagnostic.position.line) + ':' + std::to_string(diagnostic.position.column);
    text += diagnostic.severity == Severity::Error ? ": error " : ": warning ";
    text += diagnostic.code + ": " + diagnostic.message;
    if (!diagnostic.hint.empty()) text += "\n    hint: " + diagnostic.hint;
    return text;
}

std::string definition_error_text(const Diagnostics& diagnostics, std::string_view definition) {
    std::string list;
    for (const auto& diagnostic : diagnostics) {
        if (diagnostic.severity != Severity::Error) continue;
        if (list.empty() && diagnostic.code == code::invalid_label) return label_error_text(diagnostic, definition);
        if (!list.empty()) list += ", ";
        const auto& location = diagnostic.location;
        list += diagnostic.code + ": " + diagnostic.message + " at " + (location.empty() ? "null" : location);
    }
    return "Invalid State Machine Definition: '" + list + "'";
}

}  // namespace pawl::asl
