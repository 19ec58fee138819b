// Warnings on payloads that most probably do not say what their author meant. The codes are those of
// ValidateStateMachineDefinition: NO_DOLLAR, PASS_RESULT_IS_STATIC.
#pragma once
#include <string_view>

#include "states/asl/report.hpp"

namespace pawl::asl {

// "$.x", "$$.x", "$[0]", "States.Format(…)".
bool looks_evaluated(std::string_view text);

// A payload template: values that look like an expression behind a key without `.$`.
void lint_template(const Json& source, const Place& place, Report& report);

// The Result of a Pass: keys that end in `.$`, which are not evaluated there.
void lint_result(const Json& result, const Place& place, Report& report);

}  // namespace pawl::asl
