// What a function is: what runs it, and within which limits. Written in functions.json, or made by the Lambda API.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "states/json.hpp"
#include "states/result.hpp"

namespace pawl {

// How an invocation failed.
struct InvocationError {
    std::string type;      // the handler's errorType, "Sandbox.Timedout", "Runtime.ExitError", "Runtime.InitError"…
    std::string document;  // the cause: the JSON document with errorMessage, errorType, requestId, stackTrace
    // It never ran, and the service says so, not the function: ResourceNotFoundException, TooManyRequestsException.
    bool refused = false;
};

// Exactly one of `command`, `runtime`, `url` and `callable` says what runs.
struct FunctionConfig {
    std::string name;                  // NAME, or NAME:VERSION of a published one
    std::vector<std::string> command;  // program (looked up in PATH) and arguments
    std::string runtime;      // "python3.11", "nodejs18.x": Pawl's host runs `handler`; "provided.al2023": bootstrap
    std::string handler;      // "module.function"
    std::string code_folder;  // where the runtime finds the code
    std::string url;          // HTTP: the payload is posted, the answer is the result
    // In this process, of programs that embed the engine; called on threads of the pool, several at once.
    std::function<Result<std::string, InvocationError>(const std::string& payload)> callable;
    std::string working_directory;  // empty: the code folder
    std::map<std::string, std::string> environment;
    std::chrono::seconds timeout{900};    // of one invocation
    std::size_t max_concurrency = 10;     // processes; 0: every invocation is throttled
    std::chrono::seconds idle_stop{300};  // a process without work ends after this
    std::size_t memory_megabytes = 0;     // what a process may take; 0: no limit
    bool network = false;                 // in a sandbox: the machine's network
    bool hot_reload = false;              // processes make way for new ones when the code changes
    std::string revision;                 // any text; another one means other code, even in the same folder
};

// Reads {"functions": {name: {"command": […], …}}}. The error says file:line:column, what was expected and a hint.
Result<std::vector<FunctionConfig>, std::string> read_functions_file(const std::string& path);
Result<std::vector<FunctionConfig>, std::string> parse_functions(std::string_view text, const std::string& path);

}  // namespace pawl
