// From what a template says of a state machine's logging and tracing to what CreateStateMachine takes.
// Spec: AWS CloudFormation Template Reference, "AWS::StepFunctions::StateMachine", "LoggingConfiguration",
// "TracingConfiguration"; AWS SAM has the same in Logging and Tracing.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/templates/cloudformation.hpp"

namespace pawl::templates {

// What the two properties are called: SAM and CloudFormation differ.
struct ConfigurationFields {
    std::string_view logging, tracing;
};

// An object, which may be empty. TemplateError when a value is none that CloudFormation takes. A log group that can't
// be worked out, as another stack's, is no reason not to run: a note says that there is no log.
Json configuration_of(const CloudFormation& stack, const std::string& logical_id, const Json& properties,
                      const ConfigurationFields& fields, std::vector<std::string>& notes);

}  // namespace pawl::templates
