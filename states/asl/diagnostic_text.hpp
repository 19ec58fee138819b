// Diagnostics as the service puts them into one sentence.
#pragma once
#include <string>
#include <string_view>

#include "states/asl/diagnostic.hpp"

namespace pawl::asl {

// The message of InvalidDefinition: "Invalid State Machine Definition: '<code>: <message> at <location>, …'", with all
// errors and no warnings. `definition` is the text they are about: the service quotes it when a Label is wrong.
// Needs at least one error.
std::string definition_error_text(const Diagnostics& diagnostics, std::string_view definition);

}  // namespace pawl::asl
