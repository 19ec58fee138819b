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

#include "orchestrator/functions/file_descriptor.hpp"
#include "orchestrator/functions/function_config.hpp"
#include "orchestrator/functions/function_log.hpp"
#include "orchestrator/functions/function_meter.hpp"
#include "orchestrator/functions/sandbox.hpp"

namespace pawl {

// AWS Lambda's limit on a synchronous response; a longer one becomes Function.ResponseSizeTooLarge.
inline constexpr std::size_t max_response_bytes = 6 * 1024 * 1024 + 100;

struct Invocation {
    std::string request_id;  // a UUID, unique
    std::string function;    // name
    std::string payload;     // JSON text
    std::string function_arn;
    std::string client_context;  // base64, as the caller sent it; may be empty
    std::string execution_arn;   // of the workflow that calls; may be empty
    // False: with max_concurrency invocations in work (of all versions of the function), refused at once with
    // TooManyRequestsException. Workflows' tasks wait their turn instead.
    bool may_wait = true;
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
    // "127.0.0.1:PORT", for AWS_LAMBDA_RUNTIME_API. With a door, the listening socket comes through it, of a process
    // with a network of its own: see network_door.hpp.
    virtual std::string open(std::uint64_t worker, FileDescriptor door) = 0;
    virtual void close(std::uint64_t worker) = 0;  // answers what still waits there with 410
};

class FunctionPool {
  public:
    struct Settings {
        std::string log_folder;            // one NAME.log a function: stdout and stderr; empty: the last are in memory
        std::size_t max_processes = 64;    // of all functions together
        std::string region = "us-east-1";  // AWS_REGION of the processes
        Sandbox sandbox;
        // What the server itself writes, perhaps into a folder with code: no reason to start processes anew.
        std::vector<std::string> not_code{};  // as place_of has them
        // Told what processes print, whole lines and as they come; quick, on any thread, under a lock of that process.
        std::function<void(std::string_view function, std::string_view lines)> printed{};
        std::string server_url{};  // where functions find Step Functions and Lambda; empty: said later, or nowhere
        // A process that has answered and does not ask for more within this is broken, or does something else.
        std::chrono::milliseconds asks_again_within{10'000};
        // A function may take its time-out to come up, and this in any case, as on Lambda.
        std::chrono::milliseconds least_start_limit{10'000};
    };
    FunctionPool(std::vector<FunctionConfig> functions, Settings settings);
    ~FunctionPool();  // stop()
    FunctionPool(const FunctionPool&) = delete;
    FunctionPool& operator=(const FunctionPool&) = delete;

    // Before the first invocation; must outlive the pool's last process (a host's destructor calls `stop`).
    void attach(RuntimeApiHost& host);
    // Of a server that learns its port by listening; for processes that start from now on.
    void serve_at(std::string url);
    // Ends all processes, with SIGTERM and soon SIGKILL, and waits for them. What has not finished is dropped.
    void stop();

    // A new function, or one in place of that of the same name: what runs ends as it began, what waits or comes runs
    // anew. Processes stay when only limits on concurrency, time and idleness change.
    void put(FunctionConfig function);
    // Forgets it. What waits there fails as of a function that does not exist; what runs ends by itself.
    void remove(std::string_view function);
    bool knows(std::string_view function) const;
    std::optional<FunctionConfig> config(std::string_view function) const;
    void invoke(Invocation invocation);        // never blocks; queued fairly when all processes are busy
    void cancel(std::string_view request_id);  // off the queue, or its process is killed; `finished` is not called

    // Of NAME and all its versions, or of NAME:VERSION alone; newest first, at most `limit`.
    std::vector<InvocationRecord> recent(std::string_view function, std::size_t limit) const;
    std::map<std::string, FunctionCounters> counters() const;  // by name; removed functions are gone
    // What a function printed: of NAME and all its versions together. Null: unknown.
    std::shared_ptr<FunctionLog> log(std::string_view function) const;

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
