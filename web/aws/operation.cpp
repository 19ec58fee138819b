#include "web/aws/operation.hpp"

#include <algorithm>

namespace pawl::web::aws {

const Operation* find_operation(std::string_view name) {
    for (const auto operations : {machine_operations(), version_operations(), alias_operations(), tag_operations(),
                                  execution_operations(), sync_operations(), redrive_operations(), task_operations(),
                                  map_run_operations(), activity_operations(), test_state_operations()}) {
        const auto found = std::ranges::find(operations, name, &Operation::name);
        if (found != operations.end()) return &*found;
    }
    return nullptr;
}

}  // namespace pawl::web::aws
