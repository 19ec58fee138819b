// ItemReader, ItemBatcher and ResultWriter of a Map.
#pragma once
#include "states/asl/definition.hpp"
#include "states/asl/fields.hpp"

namespace pawl::asl {

void read_map_data(const Fields& map_state, Map& map);

}  // namespace pawl::asl
