#include "orchestrator/functions/launch.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/process_memory.hpp"
#include "orchestrator/functions/runtime_kind.hpp"

namespace pawl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t default_memory_megabytes = 128;  // what a function without a limit is told
// By this one finds a function's processes that left its group: children inherit it.
constexpr std::string_view mark = "PAWL_FUNCTION_PROCESS=";

constexpr std::string_view folder_prefix = "pawl-functions-";
constexpr const char* lock_name = "lock";

// The lock goes with its holder, however that one ends. None: somebody else holds it, or there is no such file.
FileDescriptor locked(const fs::path& path, int flags) {
    FileDescriptor file{::open(path.c_str(), flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (file && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) file.reset();
    return file;
}

bool is_own_folder(const fs::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

// What servers left that were killed.
void remove_abandoned(const fs::path& parent) {
    std::error_code failed, ignored;
    for (fs::directory_iterator entry{parent, failed}, end; !failed && entry != end; entry.increment(failed)) {
        const auto& path = entry->path();
        if (!path.filename().string().starts_with(folder_prefix) || !is_own_folder(path)) continue;
        if (const auto lock = locked(path / lock_name, 0)) fs::remove_all(path, ignored);
    }
}

// Node's heap within the function's memory, as Lambda sets it: without that it lets garbage lie until it is killed.
std::vector<std::string> node_command(std::size_t memory_megabytes) {
    std::vector<std::string> command{"node"};
    if (memory_megabytes > 0) {
        const auto young = std::max<std::size_t>(memory_megabytes / 20, 1);
        command.push_back("--max-semi-space-size=" + std::to_string(young));
        command.push_back("--max-old-space-size=" + std::to_string(memory_megabytes - memory_megabytes / 10));
    }
    command.insert(command.end(), {"--input-type=module", "-e", std::string{node_host()}});
    return command;
}

// Lambda always gives keys. Without any, a client would take the user's own from ~/.aws and speak to the real AWS.
void add_keys(std::map<std::string, std::string>& variables, const FunctionConfig& config) {
    if (config.environment.contains("AWS_PROFILE")) return;  // it asks for a user's keys; these would go before them
    variables.emplace("AWS_ACCESS_KEY_ID", "test");
    variables.emplace("AWS_SECRET_ACCESS_KEY", "test");
}

// Where AWS's services are: those that the server was told of, and of its own that it stands for.
void add_endpoints(std::map<std::string, std::string>& variables, const std::string& server) {
    constexpr std::string_view prefix = "AWS_ENDPOINT_URL";
    for (auto entry = environ; entry && *entry; ++entry) {
        const std::string_view variable{*entry};
        const auto equals = variable.find('=');
        if (!variable.starts_with(prefix) || equals == std::string_view::npos) continue;
        if (equals == prefix.size() || variable[prefix.size()] == '_') {
            variables.emplace(variable.substr(0, equals), variable.substr(equals + 1));
        }
    }
    if (server.empty()) return;
    variables.emplace("AWS_ENDPOINT_URL_SFN", server);
    variables.emplace("AWS_ENDPOINT_URL_LAMBDA", server);
}

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

bool is_read_only(const std::string& folder) {
    struct stat status {};
    return !folder.empty() && ::stat(folder.c_str(), &status) == 0 &&
           (status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

std::optional<std::vector<std::string>> runtime_command(const FunctionConfig& config) {
    if (!config.command.empty()) return config.command;
    const auto kind = runtime_kind(config.runtime);
    if (!kind) return std::nullopt;
    switch (*kind) {
        case RuntimeKind::Python:
            return {{"python3", "-c", std::string{python_host()}}};
        case RuntimeKind::Node:
            return node_command(config.memory_megabytes);
        case RuntimeKind::Provided:
            break;
    }
    return {{config.code_folder + "/bootstrap"}};
}

Launcher::Launcher(Settings settings) : settings_{std::move(settings)} {
    std::error_code failed;
    const auto parent = fs::temp_directory_path(failed);
    if (failed) return;
    remove_abandoned(parent);
    auto pattern = (parent / (std::string{folder_prefix} + "XXXXXX")).string();
    if (!mkdtemp(pattern.data())) return;
    folder_ = pattern;
    const auto unfinished = fs::path{folder_} / "lock.new";  // nobody may see it unlocked
    lock_ = locked(unfinished, O_CREAT | O_EXCL);
    if (lock_) fs::rename(unfinished, fs::path{folder_} / lock_name, failed);
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

SpawnRequest Launcher::request(const FunctionConfig& config, std::uint64_t worker, const Addresses& addresses) const {
    std::error_code ignored;  // without a folder of its own it goes on in the common one
    if (!folder_.empty()) fs::create_directory(folder_of(worker), ignored);
    SpawnRequest request;
    request.command = runtime_command(config).value_or(std::vector<std::string>{config.runtime});
    if (settings_.sandbox.on) request.command = in_sandbox(config, worker, std::move(request.command));
    request.working_directory = folder_to_run_in(config);
    request.environment = environment(config, worker, addresses);
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
                                               const Addresses& addresses) const {
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
    // Beside read-only code Python can't keep what it has compiled, and as root it would. Here it may, so that not
    // every process compiles all of it; in a sandbox there is no place that outlives the process.
    if (!folder_.empty() && !settings_.sandbox.on && is_read_only(config.code_folder)) {
        variables["PYTHONPYCACHEPREFIX"] = folder_ + "/compiled";
    }
    for (const char* name : {"PATH", "HOME", "LANG", "TZ"}) {
        if (const char* value = std::getenv(name)) variables[name] = value;
    }
    add_keys(variables, config);
    add_endpoints(variables, addresses.server);
    for (const auto& [name, value] : config.environment) variables[name] = value;
    variables["AWS_LAMBDA_RUNTIME_API"] = addresses.runtime_api;
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
