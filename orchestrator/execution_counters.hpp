// How many executions began and ended since the process started, as far as it is durable. Any thread.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>

#include "persistence/store.hpp"

namespace pawl {

class ExecutionCounters {
  public:
    struct Snapshot {
        std::uint64_t started = 0;
        std::array<std::uint64_t, execution_statuses> ended{};  // by ExecutionStatus
    };
    void count_start() { started_.fetch_add(1, std::memory_order_relaxed); }
    void count_end(ExecutionStatus status) {
        ended_[static_cast<std::size_t>(status)].fetch_add(1, std::memory_order_relaxed);
    }
    Snapshot snapshot() const {
        Snapshot now{started_.load(std::memory_order_relaxed), {}};
        for (std::size_t i = 0; i < ended_.size(); ++i) now.ended[i] = ended_[i].load(std::memory_order_relaxed);
        return now;
    }

  private:
    std::atomic<std::uint64_t> started_{0};
    std::array<std::atomic<std::uint64_t>, execution_statuses> ended_{};
};

}  // namespace pawl
