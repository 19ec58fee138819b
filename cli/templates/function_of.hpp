// From a Lambda function of a template to a command that can be started here.
#pragma once
#include <string>

#include "orchestrator/functions/function_pool.hpp"
#include "states/json.hpp"

namespace pawl::templates {

struct FunctionSource {
    std::string name;
    std::string runtime;  // "python3.12", "nodejs20.x", "provided.al2023"
    std::string handler;  // "app.handler"
    std::string folder;   // with the code
    Json environment;     // an object, or null
    std::int64_t timeout_seconds = 3;
    std::int64_t memory_megabytes = 0;  // 0: the template does not say
};

// TemplateError when this runtime can not be started here, or when the handler's file is not there.
FunctionConfig function_of(const FunctionSource& source);

}  // namespace pawl::templates
