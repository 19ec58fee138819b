#include "orchestrator/functions/launch.hpp"

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/process_memory.hpp"

namespace pawl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t default_memory_megabytes = 128;  // what a function without a limit is told
// By this one finds a function's processes that left its group: children inherit it.
constexpr std::string_view mark = "PAWL_FUNCTION_PROCESS=";

std::string log_stream_name(const std::string& version, std::uint64_t worker) {
    const auto now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 20> day{};
    std::strftime(day.data(), day.size(), "%Y/%m/%d", &utc);
    return std::string{day.data()} + "/[" + version + "]" + std::to_string(worker);
}

const std::string& folder_to_run_in(const FunctionConfig& config) {
    return config.working_directory.empty() ? config.code_folder : config.working_directory;
}

}  // namespace

bool is_known_runtime(std::string_view runtime) {
    return runtime.starts_with("python3") || runtime.starts_with("nodejs") || runtime.starts_with("provided");
}

std::optional<std::vector<std::string>> runtime_command(const FunctionConfig& config) {
    if (!config.command.empty()) return config.command;
    if (config.runtime.starts_with("python3")) return {{"python3", "-c", std::string{python_host()}}};
    if (config.runtime.starts_with("nodejs")) {
        return {{"node", "--input-type=module", "-e", std::string{node_host()}}};
    }
    if (config.runtime.starts_with("provided")) return {{config.code_folder + "/bootstrap"}};
    return std::nullopt;
}

Launcher::Launcher(Settings settings) : settings_{std::move(settings)} {
    std::error_code failed;
    auto pattern = (fs::temp_directory_path(failed) / "pawl-functions-XXXXXX").string();
    if (!failed && mkdtemp(pattern.data())) folder_ = pattern;
}

Launcher::~Launcher() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

bool Launcher::has_own_network(const FunctionConfig& config) const {
    return settings_.sandbox.on && !settings_.sandbox.network_door.empty() && !config.network;
}

// The folder's name is unique on this machine while it is there.
std::string Launcher::mark_of(std::uint64_t worker) const {
    return std::string{mark} + (folder_.empty() ? std::string{} : folder_of(worker));
}

SpawnRequest Launcher::request(const FunctionConfig& config, std::uint64_t worker, const std::string& address) const {
    std::error_code ignored;  // without a folder of its own it goes on in the common one
    if (!folder_.empty()) fs::create_directory(folder_of(worker), ignored);
    SpawnRequest request;
    request.command = runtime_command(config).value_or(std::vector<std::string>{config.runtime});
    if (settings_.sandbox.on) request.command = in_sandbox(config, worker, std::move(request.command));
    request.working_directory = folder_to_run_in(config);
    request.environment = environment(config, worker, address);
    return request;
}

void Launcher::clean_up(std::uint64_t worker) const {
    if (folder_.empty()) return;
    kill_marked(mark_of(worker));
    std::error_code ignored;
    fs::remove_all(folder_of(worker), ignored);
}

// What Lambda's own environment has, and of ours only what programs need to run: no secret of the server gets there.
std::vector<std::string> Launcher::environment(const FunctionConfig& config, std::uint64_t worker,
                                               const std::string& address) const {
    const std::string function{base_of(config.name)};
    const std::string version{version_of(config.name)};
    const auto memory = config.memory_megabytes > 0 ? config.memory_megabytes : default_memory_megabytes;
    const auto& code = config.code_folder.empty() ? config.working_directory : config.code_folder;
    std::map<std::string, std::string> variables{
        {"LANG", "C.UTF-8"},
        {"AWS_LAMBDA_FUNCTION_NAME", function},
        {"AWS_LAMBDA_FUNCTION_VERSION", version},
        {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(memory)},
        {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
        {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function},
        {"AWS_LAMBDA_LOG_STREAM_NAME", log_stream_name(version, worker)},
        {"AWS_REGION", settings_.region},
        {"AWS_DEFAULT_REGION", settings_.region},
        {"LAMBDA_TASK_ROOT", code},
        // Without a handler as in a container image, where the command ends with it.
        {"_HANDLER", config.handler.empty() && !config.command.empty() ? config.command.back() : config.handler},
    };
    if (!config.runtime.empty()) variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + config.runtime;
    if (!folder_.empty()) variables["TMPDIR"] = settings_.sandbox.on ? "/tmp" : folder_of(worker);
    for (const char* name : {"PATH", "HOME", "LANG", "TZ"}) {
        if (const char* value = std::getenv(name)) variables[name] = value;
    }
    for (const auto& [name, value] : config.environment) variables[name] = value;
    variables["AWS_LAMBDA_RUNTIME_API"] = address;
    std::vector<std::string> result;
    result.reserve(variables.size() + 1);
    for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
    result.push_back(mark_of(worker));
    return result;
}

// It dies with its parent, and all in it with its first process: nothing gets out of a process namespace.
std::vector<std::string> Launcher::in_sandbox(const FunctionConfig& config, std::uint64_t worker,
                                              std::vector<std::string> command) const {
    const auto folder = folder_of(worker);
    std::vector<std::string> wrapped{"bwrap",
                                     "--die-with-parent",
                                     "--new-session",  // no typing into the server's terminal
                                     "--cap-drop",     // root in there could mount what is read-only anew
                                     "ALL",
                                     "--unshare-pid",
                                     "--unshare-ipc",
                                     "--ro-bind",
                                     "/",
                                     "/",
                                     "--dev",
                                     "/dev",
                                     "--proc",
                                     "/proc",
                                     "--bind",
                                     folder,
                                     "/tmp"};
    const bool own_network = has_own_network(config);
    const auto& door = own_network ? settings_.sandbox.network_door : std::string{};
    for (const auto& needed : {config.code_folder, config.working_directory, door}) {
        // "/" holds it, but what is below /tmp
        if (needed.starts_with("/tmp/")) wrapped.insert(wrapped.end(), {"--ro-bind", needed, needed});
    }
    if (own_network) wrapped.emplace_back("--unshare-net");
    if (const auto& run_in = folder_to_run_in(config); !run_in.empty()) {
        wrapped.insert(wrapped.end(), {"--chdir", run_in});
    }
    wrapped.emplace_back("--");
    if (own_network) wrapped.insert(wrapped.end(), {door, "function-in-sandbox"});
    wrapped.insert(wrapped.end(), std::make_move_iterator(command.begin()), std::make_move_iterator(command.end()));
    return wrapped;
}

}  // namespace pawl
