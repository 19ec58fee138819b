// Users' functions as processes that speak the Lambda Runtime API: started on demand, kept warm, several at once,
// stopped when idle, restarted when they crash, killed at their time-out.
// Spec: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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
    std::string working_directory;  // empty: that of the functions file
    std::map<std::string, std::string> environment;
    std::chrono::seconds timeout{900};    // of one invocation
    std::size_t max_concurrency = 10;     // processes; 0: every invocation is throttled
    std::chrono::seconds idle_stop{300};  // a process without work ends after this
    std::size_t memory_megabytes = 0;     // what a process may take; 0: no limit
    bool hot_reload = false;              // processes make way for new ones when the code changes
};

// Reads {"functions": {name: {"command": […], …}}}. The error says file:line:column, what was expected and a hint.
Result<std::vector<FunctionConfig>, std::string> read_functions_file(const std::string& path);
Result<std::vector<FunctionConfig>, std::string> parse_functions(std::string_view text, const std::string& path);

// What an invocation came to.
struct InvocationReport {
    Result<std::string, InvocationError> outcome;  // the response's bytes
    std::chrono::microseconds duration{0};         // of the handler
    std::chrono::microseconds init_duration{0};    // of a cold start, else 0
    std::string log_tail;                          // the last 4 KB that this invocation left in the log
};

// AWS Lambda's limit on a synchronous response; a longer one becomes Function.ResponseSizeTooLarge.
inline constexpr std::size_t max_response_bytes = 6 * 1024 * 1024 + 100;

struct Invocation {
    std::string request_id;  // a UUID, unique
    std::string function;    // name
    std::string payload;     // JSON text
    std::string function_arn;
    std::string client_context;  // base64, as the caller sent it; may be empty
    // What the caller grants, from `invoke` on, when shorter than the function's own.
    std::optional<std::chrono::milliseconds> timeout;
    // On a thread of the pool or of the host; quick, as they hold up other functions.
    std::function<void()> started;                   // a process has taken it
    std::function<void(InvocationReport)> finished;  // exactly once, after started; unless cancelled, or the pool ends
};

// Gives each process an address of its own to call: so it is known who asks. Implemented over HTTP in web/.
class RuntimeApiHost {
  public:
    virtual ~RuntimeApiHost() = default;
    virtual std::string open(std::uint64_t worker) = 0;  // "127.0.0.1:PORT", for AWS_LAMBDA_RUNTIME_API
    virtual void close(std::uint64_t worker) = 0;        // answers what still waits there with 410
};

class FunctionPool {
  public:
    struct Settings {
        std::string log_folder;            // one NAME.log a function: stdout and stderr; empty: they are dropped
        std::size_t max_processes = 64;    // of all functions together
        std::string region = "us-east-1";  // AWS_REGION of the processes
    };
    FunctionPool(std::vector<FunctionConfig> functions, Settings settings);
    ~FunctionPool();  // stop()
    FunctionPool(const FunctionPool&) = delete;
    FunctionPool& operator=(const FunctionPool&) = delete;

    // Before the first invocation; must outlive the pool's last process (a host's destructor calls `stop`).
    void attach(RuntimeApiHost& host);
    // Ends all processes, with SIGTERM and soon SIGKILL, and waits for them. What has not finished is dropped.
    void stop();

    // A new function, or one in place of that of the same name: what runs ends as it began, what comes runs anew.
    void put(FunctionConfig function);
    // Forgets it; what runs or waits there fails as of a function that does not exist.
    void remove(std::string_view function);
    bool knows(std::string_view function) const;
    void invoke(Invocation invocation);        // never blocks; queued fairly when all processes are busy
    void cancel(std::string_view request_id);  // off the queue, or its process is killed; `finished` is not called

    // The Runtime API's side, called by the host on its threads.
    struct Work {
        std::string request_id, payload, function_arn, trace_id, client_context;
        std::chrono::system_clock::time_point deadline;
    };
    // Waits for work of this process; nothing when it is to end (answer 410). `still_there` is asked, quickly, before
    // work is handed over: what can't be delivered stays in the queue. Of two calls the later one gets the work.
    std::optional<Work> next(std::uint64_t worker, const std::function<bool()>& still_there = {});
    // False: unknown or already answered (answer 400 InvalidRequestID).
    bool respond(std::uint64_t worker, std::string_view request_id, std::string payload);
    bool fail(std::uint64_t worker, std::string_view request_id, std::string error_type, std::string document);
    bool fail_init(std::uint64_t worker, std::string error_type, std::string document);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl
