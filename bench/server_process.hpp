// A `pawl serve` of the benchmark's own, and what the kernel says of it.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pawl::bench {

struct ServerOptions {
    std::string program;
    std::filesystem::path folder;     // holds the store and the log
    std::filesystem::path functions;  // functions file
    std::vector<std::string> before;  // what the program is run under, such as strace with its options
};

class ServerProcess {
  public:
    // Returns when it is ready; throws std::runtime_error when it is not within 60 s.
    explicit ServerProcess(const ServerOptions& options);
    ~ServerProcess();  // kill()
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    int port() const { return port_; }
    std::chrono::duration<double> time_to_ready() const { return time_to_ready_; }
    void stop();  // in order; returns when it has ended
    void kill();

    double cpu_seconds() const;           // of the server alone
    double function_cpu_seconds() const;  // of its functions that still run
    std::int64_t memory_bytes() const;    // resident now
    std::int64_t peak_memory_bytes() const;
    std::int64_t written_bytes() const;  // sent to the disk

  private:
    pid_t server_pid() const;  // the program itself, when it runs under another one
    void signal_and_wait(int signal);
    std::int64_t status_bytes(const std::string& field) const;

    bool wrapped_;
    pid_t process_ = -1;
    int port_ = 0;
    std::chrono::duration<double> time_to_ready_{};
};

// Of all processes together, since the machine started; without idle time.
double machine_cpu_seconds();
// Of this process.
double own_cpu_seconds();
// The store's files as they lie in a folder.
std::int64_t folder_bytes(const std::filesystem::path& folder, const std::string& prefix);

}  // namespace pawl::bench
