// The Lambda Runtime API for function processes: each has a port of its own on the loopback interface, so the port
// tells who asks.
// Spec: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "orchestrator/functions/function_pool.hpp"

namespace pawl::web {

class RuntimeApi final : public RuntimeApiHost {
  public:
    explicit RuntimeApi(FunctionPool& pool);  // attaches itself
    ~RuntimeApi() override;                   // stops the pool: its processes need somebody to call
    RuntimeApi(const RuntimeApi&) = delete;
    RuntimeApi& operator=(const RuntimeApi&) = delete;

    std::string open(std::uint64_t worker,
                     FileDescriptor door) override;  // throws std::runtime_error when there is no port
    void close(std::uint64_t worker) override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::web
