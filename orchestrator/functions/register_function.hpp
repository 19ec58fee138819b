// For programs that embed the engine: a C++ callable as a function that workflows call by name or ARN.
#pragma once
#include <string>
#include <utility>

#include "orchestrator/functions/function_pool.hpp"

namespace pawl {

// `call` takes the event and gives the result, or throws; it is called on threads of the pool, several at once.
template <class Call>
void register_function(FunctionPool& pool, std::string name, Call call) {
    FunctionConfig config;
    config.name = std::move(name);
    config.callable = [call = std::move(call)](const std::string& payload) -> Result<std::string, InvocationError> {
        auto event = parse_json(payload);
        if (!event) return InvocationError{"Runtime.UnmarshalError", event.error().message, false};
        const Json result = call(*event);
        return to_text(result);
    };
    pool.put(std::move(config));
}

}  // namespace pawl
