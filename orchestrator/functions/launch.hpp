// How a process of a function is started: its command, folder and environment. Python and Node handlers are run by
// hosts of ours, which are part of the binary and go to the interpreter as an argument: no file to install or clean up.
// Each process has a temporary folder of its own (TMPDIR), gone when it ends.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/functions/file_descriptor.hpp"
#include "orchestrator/functions/function_config.hpp"
#include "orchestrator/functions/process.hpp"
#include "orchestrator/functions/sandbox.hpp"

namespace pawl {

// Texts of hosts/host.py and hosts/host.mjs.
std::string_view python_host();
std::string_view node_host();

// What the function is started with. Nothing: there is no such runtime here.
std::optional<std::vector<std::string>> runtime_command(const FunctionConfig& config);

// Where a function finds what it may call.
struct Addresses {
    std::string runtime_api;  // "127.0.0.1:PORT"
    std::string server;       // URL of the API for Step Functions and Lambda; empty: there is none
};

class Launcher {
  public:
    struct Settings {
        std::string region;
        Sandbox sandbox;
    };
    explicit Launcher(Settings settings);
    ~Launcher();  // removes what is left of temporary folders

    SpawnRequest request(const FunctionConfig& config, std::uint64_t worker, const Addresses& addresses) const;
    bool has_own_network(const FunctionConfig& config) const;  // then it needs a door: network_door.hpp
    // After its end: its temporary folder, and processes of its making that left its group.
    void clean_up(std::uint64_t worker) const;

  private:
    std::string folder_of(std::uint64_t worker) const { return folder_ + "/" + std::to_string(worker); }
    std::string mark_of(std::uint64_t worker) const;
    std::vector<std::string> environment(const FunctionConfig& config, std::uint64_t worker,
                                         const Addresses& addresses) const;
    std::vector<std::string> in_sandbox(const FunctionConfig& config, std::uint64_t worker,
                                        std::vector<std::string> command) const;
    const Settings settings_;
    std::string folder_;   // of all temporary folders
    FileDescriptor lock_;  // on a file in there: says that we live
};

}  // namespace pawl
