#include "cli/engine.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "cli/read_file.hpp"
#include "orchestrator/functions/code_fingerprint.hpp"
#include "orchestrator/integrations/url.hpp"
#include "web/aws/origin.hpp"

namespace pawl::cli {
namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

bool is_endpoint_variable(std::string_view name) { return name.starts_with("AWS_ENDPOINT_URL"); }

// Whether both URLs name one server; all names of this machine are one.
bool leads_to(const std::string& server, const std::string& text) {
    const auto own = parse_url(server);
    const auto url = parse_url(text);
    if (!own || !url || own->port != url->port) return false;
    return own->host == url->host || (web::aws::is_loopback(own->host) && web::aws::is_loopback(url->host));
}

// For readers that take JSON and have no good words for a text that is none.
std::string read_json_text(const std::string& file) {
    auto text = read_text(file);
    json_in(file, text);
    return text;
}

std::string region_problem(const std::string& text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const bool good = !text.empty() && text.find_first_not_of(letters) == std::string::npos;
    return good ? "" : "a region has letters from a to z, digits and hyphens, as eu-central-1 has";
}

templates::Parameters parameters_of(const EngineOptions& options) {
    templates::Parameters parameters;
    for (const auto& text : options.parameters) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw UsageError{"--parameter " + text + ": expected NAME=VALUE"};
        parameters[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return parameters;
}

templates::Application application_of(const EngineOptions& options) {
    if (!options.has_template()) {
        if (!options.parameters.empty()) throw UsageError{"--parameter goes with --sam or --cdk-out"};
        return {};
    }
    const ArnSpace arns{options.region, options.account};
    const auto parameters = parameters_of(options);
    auto read = options.sam_file.empty() ? templates::read_cdk_out(options.cdk_folder, arns, parameters)
                                         : templates::read_sam(options.sam_file, arns, parameters);
    if (!read) throw UsageError{read.error()};
    return *std::move(read);
}

// Those of --functions, and those of the template that it does not name: a file of one's own goes first.
std::vector<FunctionConfig> functions_of(const EngineOptions& options, const templates::Application& application) {
    std::vector<FunctionConfig> functions;
    if (!options.functions_file.empty()) {
        auto read = read_functions_file(options.functions_file);
        if (!read) {
            // What is wrong may be that it is no JSON.
            if (std::filesystem::is_regular_file(options.functions_file)) read_json_text(options.functions_file);
            throw UsageError{read.error()};
        }
        functions = *std::move(read);
    }
    const auto own = functions.size();
    for (const auto& function : application.functions) {
        const auto end = functions.begin() + static_cast<std::ptrdiff_t>(own);
        const bool named = std::any_of(functions.begin(), end, [&](const auto& f) { return f.name == function.name; });
        if (!named) functions.push_back(function);
    }
    return functions;
}

// Functions' logs lie beside the database: pawl.db -> pawl.db-logs/. A store in memory keeps none.
std::string log_folder(const EngineOptions& options) {
    if (!options.store.starts_with(sqlite_prefix)) return {};
    const auto folder = options.store.substr(sqlite_prefix.size()) + "-logs";
    if (!options.functions_file.empty() || options.has_template()) std::filesystem::create_directories(folder);
    return folder;
}

// A database, its logs and its buckets may lie among functions' code and change with every invocation.
std::vector<std::string> not_code(const EngineOptions& options) {
    std::vector<std::string> places;
    if (options.store.starts_with(sqlite_prefix)) {
        const auto database = place_of(options.store.substr(sqlite_prefix.size()));
        for (const char* part : {"", "-wal", "-shm", "-journal", "-logs", "-functions", ".lock"}) {
            places.push_back(database + part);
        }
    }
    for (const auto& folder : {options.execution_logs, options.buckets_folder}) {
        if (!folder.empty() && folder != "-") places.push_back(place_of(folder));
    }
    return places;
}

std::optional<Buckets> buckets_of(const EngineOptions& options) {
    if (options.buckets_folder.empty()) return std::nullopt;
    return Buckets{options.buckets_folder};
}

// What machines log lies beside the database, too: pawl.db -> pawl.db-logs/executions/. With a store in memory it goes
// to standard output. Empty: nowhere.
std::string execution_log_folder(const EngineOptions& options) {
    if (!options.execution_logs.empty()) return options.execution_logs;
    if (!options.store.starts_with(sqlite_prefix)) return options.answers_on_stdout ? "" : "-";
    return options.store.substr(sqlite_prefix.size()) + "-logs/executions";
}

// Their code lies beside the database: pawl.db -> pawl.db-functions/.
FunctionRegistry::Settings registry_settings(const EngineOptions& options, const std::optional<Buckets>& buckets) {
    FunctionRegistry::Settings settings;
    settings.region = options.region;
    settings.account = options.account;
    settings.buckets = buckets ? &*buckets : nullptr;
    if (options.store.starts_with(sqlite_prefix)) {
        settings.code_folder = options.store.substr(sqlite_prefix.size()) + "-functions";
    }
    return settings;
}

OrchestratorSettings settings_of(const EngineOptions& options, const std::optional<Buckets>& buckets) {
    OrchestratorSettings settings;
    settings.region = options.region;
    settings.account = options.account;
    settings.shards = options.shards;
    settings.buckets = buckets ? &*buckets : nullptr;
    settings.keep_express_history = !options.no_express_history;
    settings.skip_time = options.skip_time;
    settings.mocks = options.mocks;
    if (!options.mock_config_file.empty()) {
        auto read = MockConfig::parse(read_json_text(options.mock_config_file));
        if (!read) throw UsageError{options.mock_config_file + ": " + read.error()};
        settings.mocks = std::make_shared<const MockConfig>(*std::move(read));
    }
    if (options.limits == "pawl") settings.limits = Limits::unlimited();
    return settings;
}

// AWS's variables, less those that lead clients to this very server: a shell that has AWS_ENDPOINT_URL for its clients
// may have started the server, too, which then would take itself for SQS, DynamoDB and all others.
std::string environment_variable(const EngineOptions& options, const std::string& name) {
    const char* value = std::getenv(name.c_str());  // before any thread starts
    const std::string text{value ? value : ""};
    return is_endpoint_variable(name) && leads_to(options.server_url, text) ? std::string{} : text;
}

// What clients of services are told: Lambda is here, unless it is somewhere else.
std::string service_variable(const EngineOptions& options, const std::string& name) {
    auto text = environment_variable(options, name);
    const bool lambda = name == "AWS_ENDPOINT_URL_LAMBDA" && text.empty();
    return lambda && environment_variable(options, "AWS_ENDPOINT_URL").empty() ? options.server_url : text;
}

void say_what_is_ignored(const EngineOptions& options) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text{*entry};
        const auto equals = text.find('=');
        const auto name = text.substr(0, equals);
        if (equals == std::string::npos || !is_endpoint_variable(name)) continue;
        if (!leads_to(options.server_url, text.substr(equals + 1))) continue;
        std::cerr << "pawl: " << name << " is this server's own address: it is not used for calls to services\n";
    }
}

aws::Endpoints endpoints_of(const EngineOptions& options) {
    say_what_is_ignored(options);
    const auto environment = [&](const std::string& name) { return service_variable(options, name); };
    const auto text = options.endpoints_file.empty() ? std::string{} : read_text(options.endpoints_file);
    if (!text.empty()) json_in(options.endpoints_file, text);
    auto read = aws::Endpoints::read(text, options.region, environment);
    if (!read) throw UsageError{(options.endpoints_file.empty() ? "" : options.endpoints_file + ": ") + read.error()};
    return *std::move(read);
}

HttpTask::Settings http_task_settings(const EngineOptions& options) {
    HttpTask::Settings settings;
    settings.region = options.region;
    if (options.http_task_private) settings.reach = HttpClient::Reach::Private;
    if (options.connections_file.empty()) return settings;
    auto read = HttpConnections::parse(read_json_text(options.connections_file));
    if (!read) throw UsageError{options.connections_file + ": " + read.error()};
    settings.connections = *std::move(read);
    return settings;
}

OrchestratorSettings logged(OrchestratorSettings settings, const EngineOptions& options, web::aws::ExecutionLog& log) {
    if (execution_log_folder(options).empty()) return settings;
    settings.log = [&log](const LogBatch& batch) { log.take(batch); };
    return settings;
}

// Said at the start, by whoever can: a function that does not start can only say that it ended.
void check_bubblewrap() {
    FILE* const probe =
        ::popen("bwrap --unshare-pid --unshare-ipc --ro-bind / / --dev /dev --proc /proc true 2>&1", "r");
    if (probe == nullptr) return;
    std::string said;
    for (int c = std::fgetc(probe); c != EOF && c != '\n'; c = std::fgetc(probe)) said += static_cast<char>(c);
    if (::pclose(probe) == 0) return;
    throw UsageError{"--sandbox bwrap: bubblewrap does not work on this machine: " + said +
                     " (--sandbox none runs functions without it)"};
}

Sandbox sandbox_of(const EngineOptions& options) {
    Sandbox sandbox{.on = options.sandbox == "bwrap", .network_door = {}};
    if (sandbox.on) check_bubblewrap();
    if (sandbox.on && !options.sandbox_network) sandbox.network_door = std::filesystem::read_symlink("/proc/self/exe");
    return sandbox;
}

FunctionPool::Settings pool_settings(const EngineOptions& options) {
    FunctionPool::Settings settings;
    settings.log_folder = log_folder(options);
    settings.region = options.region;
    settings.sandbox = sandbox_of(options);
    settings.not_code = not_code(options);
    settings.printed = options.printed;
    settings.server_url = options.server_url;
    return settings;
}

}  // namespace

void EngineOptions::add_to(CLI::App& command, std::string default_store) {
    store = std::move(default_store);
    command.add_option("--store", store, "where executions live: sqlite:FILE or memory:")->capture_default_str();
    command.add_option("--functions", functions_file, "JSON file that says which command is behind each function")
        ->check(CLI::ExistingFile);
    command
        .add_option("--sandbox", sandbox,
                    "bwrap: bubblewrap around each function, with read-only files, a /tmp of its own and no network")
        ->check(CLI::IsMember({"none", "bwrap"}))
        ->capture_default_str();
    command.add_flag("--sandbox-network", sandbox_network,
                     "functions in the sandbox keep the machine's network, also those without \"network\": true");
    command.add_option("--buckets", buckets_folder, "folder whose sub-folders are S3 buckets for distributed Maps")
        ->check(CLI::ExistingDirectory);
    command
        .add_option("--endpoints", endpoints_file,
                    "JSON file that says where services are: SQS, SNS, DynamoDB, S3, EventBridge and others")
        ->check(CLI::ExistingFile);
    command.add_option("--connections", connections_file, "JSON file with what HTTP Tasks prove who they are with")
        ->check(CLI::ExistingFile);
    command.add_flag("--http-task-private", http_task_private,
                     "HTTP Tasks may reach this machine and private networks, which AWS refuses");
    auto* sam = command
                    .add_option("--sam", sam_file,
                                "template.yaml of SAM (or CloudFormation): its state machines and their functions")
                    ->check(CLI::ExistingFile);
    command.add_option("--cdk-out", cdk_folder, "what `cdk synth` made: its state machines and their functions")
        ->check(CLI::ExistingDirectory)
        ->excludes(sam);
    command.add_option("--parameter", parameters, "NAME=VALUE: a parameter of the template")
        ->allow_extra_args(false);  // else it would take what stands behind it for one more
    command.add_option("--account", account, "account number in ARNs")
        ->check([](const std::string& text) {
            const bool good = text.size() == 12 && text.find_first_not_of("0123456789") == std::string::npos;
            return good ? std::string{} : std::string{"an account has 12 digits"};
        })
        ->capture_default_str();
    command.add_option("--region", region, "region in ARNs")->check(region_problem)->capture_default_str();
    command.add_option("--limits", limits, "AWS's quotas, or pawl: no limit on payloads and histories")
        ->check(CLI::IsMember({"aws", "pawl"}))
        ->capture_default_str();
    command.add_option("--execution-logs", execution_logs,
                       "folder for what machines log by their loggingConfiguration, or -: standard output");
    command.add_flag("--no-express-history", no_express_history,
                     "keep only the beginning and the end of Express executions, as AWS has no history of them");
    command
        .add_option("--mock-config", mock_config_file,
                    "MockConfigFile.json of Step Functions Local: start MACHINE_ARN#TEST_CASE to use its mocks")
        ->check(CLI::ExistingFile);
    command.add_flag("--time-skipping", skip_time, "executions with mocks do not wait: time jumps to what comes next");
    command
        .add_option("--event-pace", event_pace,
                    "factor on the pauses between attempts of event invocations, for tests: 0.01 makes them short")
        ->check(CLI::Range(0.0, 1.0));
    command.add_option("--shards", shards, "threads that execute workflows")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
}

Engine::Engine(const EngineOptions& options)
    : application_{application_of(options)},
      given_{functions_of(options, application_)},
      store_{open_store(options.store)},
      journal_{*store_},
      buckets_{buckets_of(options)},
      functions_{given_, pool_settings(options)},
      runtime_api_{functions_},
      registry_{*store_, journal_, functions_, clock_, given_, registry_settings(options, buckets_)},
      invoker_{registry_, functions_},
      events_{*store_, journal_, registry_, invoker_, clock_, {.pace = options.event_pace}},
      function_tasks_{functions_, clock_, {options.region, options.account, &invoker_, &events_}},
      services_{endpoints_of(options), clock_},
      http_task_{http_task_settings(options), clock_},
      tasks_{
          {{aws::ServiceTasks::serves, services_}, {HttpTask::serves, http_task_}, {is_any_resource, function_tasks_}}},
      execution_log_{execution_log_folder(options), options.region},
      orchestrator_{*store_, journal_, tasks_, clock_, logged(settings_of(options, buckets_), options, execution_log_)},
      destinations_{orchestrator_, services_} {
    events_.deliver_through(destinations_);
    events_.start();
}

// Before what it calls is gone: an event may still be on its way to a state machine.
Engine::~Engine() { events_.stop(); }

}  // namespace pawl::cli
