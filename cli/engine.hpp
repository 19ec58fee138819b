// All parts of a running engine, wired: what `serve` and `run` have in common.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/templates/application.hpp"
#include "orchestrator/clock.hpp"
#include "orchestrator/function_task_runner.hpp"
#include "orchestrator/functions/function_pool.hpp"
#include "orchestrator/functions/registry/event_destinations.hpp"
#include "orchestrator/integrations/aws/service_tasks.hpp"
#include "orchestrator/integrations/http_task.hpp"
#include "orchestrator/integrations/task_router.hpp"
#include "orchestrator/map_runs/buckets.hpp"
#include "orchestrator/mocks/mock_config.hpp"
#include "orchestrator/orchestrator.hpp"
#include "persistence/journal.hpp"
#include "persistence/store.hpp"
#include "web/aws/execution_log.hpp"
#include "web/functions.hpp"
#include "web/runtime_api.hpp"

namespace CLI {
class App;
}

namespace pawl::cli {

// Options that both commands take.
struct EngineOptions {
    std::string store;
    std::string functions_file;
    std::string sandbox = "none";
    bool sandbox_network = false;
    std::string buckets_folder;
    std::string account = "000000000000";
    std::string region = "us-east-1";
    std::string server_url;  // where functions find this server; empty: there is none, or it is not known yet
    std::string limits = "aws";
    std::string mock_config_file;
    std::shared_ptr<const MockConfig> mocks;  // in place of a file
    bool skip_time = false;
    std::size_t shards = 1;
    double event_pace = 1;
    std::string execution_logs;  // folder, or "-" for standard output; empty: beside the database
    std::function<void(std::string_view function, std::string_view lines)> printed;  // what functions print, or null
    bool answers_on_stdout = false;  // nothing is logged there unless --execution-logs says so
    bool no_express_history = false;
    std::string sam_file;                 // --sam
    std::string cdk_folder;               // --cdk-out
    std::vector<std::string> parameters;  // of the template: NAME=VALUE
    std::string endpoints_file;           // --endpoints
    std::string connections_file;         // --connections
    bool http_task_private = false;

    bool has_template() const { return !sam_file.empty() || !cdk_folder.empty(); }
    void add_to(CLI::App& command, std::string default_store);
};

// Bad usage: ends the command with exit code 2.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Engine {
  public:
    explicit Engine(const EngineOptions& options);
    ~Engine();
    Orchestrator& orchestrator() { return orchestrator_; }
    web::Functions functions() { return {registry_, invoker_, events_, functions_}; }
    // What --sam or --cdk-out told of: its functions can be called, its machines are for the command to deploy.
    const templates::Application& application() const { return application_; }
    // The functions of --functions and of templates.
    const std::vector<FunctionConfig>& given_functions() const { return given_; }

  private:
    // In this order: each part uses those before it, and is gone before they are.
    templates::Application application_;
    const std::vector<FunctionConfig> given_;  // of --functions and of templates
    std::unique_ptr<Store> store_;
    Journal journal_;
    SystemClock clock_;
    std::optional<Buckets> buckets_;
    FunctionPool functions_;
    web::RuntimeApi runtime_api_;
    FunctionRegistry registry_;
    FunctionInvoker invoker_;
    EventQueue events_;
    FunctionTaskRunner function_tasks_;
    aws::ServiceTasks services_;
    HttpTask http_task_;
    TaskRouter tasks_;
    web::aws::ExecutionLog execution_log_;
    Orchestrator orchestrator_;
    EngineDestinations destinations_;
};

}  // namespace pawl::cli
