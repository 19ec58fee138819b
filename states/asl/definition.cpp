#include "states/asl/definition.hpp"

#include <utility>

namespace pawl::asl {

std::string_view to_string(MachineType type) { return type == MachineType::Standard ? "STANDARD" : "EXPRESS"; }

const State* Definition::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

State& Definition::add(State state) {
    State& added = states_.emplace_back(std::move(state));
    by_name_.emplace(added.name, &added);
    return added;
}

}  // namespace pawl::asl
