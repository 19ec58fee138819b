#include "cli/engine.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/read_file.hpp"

namespace pawl::cli {
namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

std::vector<FunctionConfig> functions_of(const EngineOptions& options) {
    if (options.functions_file.empty()) return {};
    auto read = read_functions_file(options.functions_file);
    if (!read) throw UsageError{read.error()};
    return *std::move(read);
}

// Functions' logs lie beside the database: pawl.db -> pawl.db-logs/. A store in memory keeps none.
std::string log_folder(const EngineOptions& options) {
    if (!options.store.starts_with(sqlite_prefix)) return {};
    const auto folder = options.store.substr(sqlite_prefix.size()) + "-logs";
    if (!options.functions_file.empty()) std::filesystem::create_directories(folder);
    return folder;
}

// What machines log lies beside the database, too: pawl.db -> pawl.db-logs/executions/. With a store in memory it goes
// to standard output.
std::string execution_log_folder(const EngineOptions& options) {
    if (!options.execution_logs.empty()) return options.execution_logs;
    if (!options.store.starts_with(sqlite_prefix)) return "-";
    return options.store.substr(sqlite_prefix.size()) + "-logs/executions";
}

std::optional<Buckets> buckets_of(const EngineOptions& options) {
    if (options.buckets_folder.empty()) return std::nullopt;
    return Buckets{options.buckets_folder};
}

OrchestratorSettings settings_of(const EngineOptions& options, const std::optional<Buckets>& buckets) {
    OrchestratorSettings settings;
    settings.region = options.region;
    settings.account = options.account;
    settings.shards = options.shards;
    settings.skip_time = options.skip_time;
    settings.mocks = options.mocks;
    if (!options.mock_config_file.empty()) {
        auto read = MockConfig::parse(read_text(options.mock_config_file));
        if (!read) throw UsageError{options.mock_config_file + ": " + read.error()};
        settings.mocks = std::make_shared<const MockConfig>(*std::move(read));
    }
    settings.buckets = buckets ? &*buckets : nullptr;
    settings.keep_express_history = !options.no_express_history;
    if (options.limits == "pawl") settings.limits = Limits::unlimited();
    return settings;
}

OrchestratorSettings logged(OrchestratorSettings settings, web::aws::ExecutionLog& log) {
    settings.log = [&log](const LogBatch& batch) { log.take(batch); };
    return settings;
}

}  // namespace

void EngineOptions::add_to(CLI::App& command, std::string default_store) {
    store = std::move(default_store);
    command.add_option("--store", store, "where executions live: sqlite:FILE or memory:")->capture_default_str();
    command.add_option("--functions", functions_file, "JSON file that says which command is behind each function")
        ->check(CLI::ExistingFile);
    command.add_option("--buckets", buckets_folder, "folder whose sub-folders are S3 buckets for distributed Maps")
        ->check(CLI::ExistingDirectory);
    command.add_option("--account", account, "account number in ARNs")
        ->check([](const std::string& text) {
            const bool good = text.size() == 12 && text.find_first_not_of("0123456789") == std::string::npos;
            return good ? std::string{} : std::string{"an account has 12 digits"};
        })
        ->capture_default_str();
    command.add_option("--region", region, "region in ARNs")->capture_default_str();
    command.add_option("--limits", limits, "AWS's quotas, or pawl: no limit on payloads and histories")
        ->check(CLI::IsMember({"aws", "pawl"}))
        ->capture_default_str();
    command
        .add_option("--mock-config", mock_config_file,
                    "MockConfigFile.json of Step Functions Local: start MACHINE_ARN#TEST_CASE to use its mocks")
        ->check(CLI::ExistingFile);
    command.add_flag("--time-skipping", skip_time, "executions with mocks do not wait: time jumps to what comes next");
    command.add_option("--execution-logs", execution_logs,
                       "folder for what machines log by their loggingConfiguration, or -: standard output");
    command.add_flag("--no-express-history", no_express_history,
                     "keep only the beginning and the end of Express executions, as AWS has no history of them");
    command.add_option("--shards", shards, "threads that execute workflows")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
}

Engine::Engine(const EngineOptions& options)
    : store_{open_store(options.store)},
      journal_{*store_},
      functions_{functions_of(options), {log_folder(options), 64, options.region}},
      runtime_api_{functions_},
      tasks_{functions_, clock_, {options.region, options.account}},
      buckets_{buckets_of(options)},
      execution_log_{execution_log_folder(options), options.region},
      orchestrator_{*store_, journal_, tasks_, clock_, logged(settings_of(options, buckets_), execution_log_)} {}

}  // namespace pawl::cli
