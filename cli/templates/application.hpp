// What a template deploys, as far as it can run here: state machines and the functions that they call.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cli/templates/cloudformation.hpp"
#include "cli/templates/inline_code.hpp"
#include "orchestrator/functions/function_pool.hpp"
#include "states/asl/definition.hpp"

namespace pawl::templates {

struct TemplateMachine {
    std::string logical_id;
    std::string name;
    std::string definition;  // JSON, with its substitutions
    std::string role_arn;
    // loggingConfiguration and tracingConfiguration, as the API takes them; null: of no template.
    Json configuration;
    asl::MachineType type = asl::MachineType::Standard;
    std::string file;                   // the definition's own, or the template
    asl::Diagnostics diagnostics = {};  // positions are in `file`
};

struct Application {
    std::vector<TemplateMachine> machines;
    std::vector<FunctionConfig> functions;
    std::vector<std::string> notes;           // what was left out, and why
    std::shared_ptr<InlineCode> inline_code;  // of functions whose code stands in the template; null: of none
};

// template.yaml of SAM, or any CloudFormation template in YAML or JSON. Paths in it are seen from its folder.
// Spec: AWS SAM Developer Guide, "AWS::Serverless::StateMachine", "AWS::Serverless::Function", "Globals".
Result<Application, std::string> read_sam(const std::string& file, const ArnSpace& arns, const Parameters& parameters);

// What `cdk synth` left behind: all stacks (*.template.json, those of nested assemblies too), code as assets.
// Spec: AWS CDK, "Cloud assembly".
Result<Application, std::string> read_cdk_out(const std::string& folder, const ArnSpace& arns,
                                              const Parameters& parameters);

}  // namespace pawl::templates
