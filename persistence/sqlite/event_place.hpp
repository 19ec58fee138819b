// Where a batch of events lies: the rowid of its row, ascending in time for new executions.
#pragma once
#include <cstdint>
#include <string>

#include "persistence/store.hpp"

namespace pawl::sqlite {

inline constexpr int batch_bits = 24;  // 16.7 million batches an execution, 5.5e11 executions
inline constexpr std::int64_t batch_limit = std::int64_t{1} << batch_bits;
inline constexpr std::int64_t execution_limit = std::int64_t{1} << (63 - batch_bits);

constexpr std::int64_t first_place(std::int64_t execution) { return execution << batch_bits; }
constexpr std::int64_t last_place(std::int64_t execution) { return first_place(execution) | (batch_limit - 1); }

inline std::int64_t place_of(std::int64_t execution, std::int64_t batch) {
    if (execution < 0 || execution >= execution_limit || batch < 0 || batch >= batch_limit) {
        throw StoreError{"batch " + std::to_string(batch) + " of execution " + std::to_string(execution) +
                         " is beyond what a database holds"};
    }
    return first_place(execution) | batch;
}

}  // namespace pawl::sqlite
