// A path, and the input that it reads from and writes to.
#include "states/data/json_path.hpp"

#include <cstdlib>

#include "tests/fuzz/scope.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pawl;
    const auto parts = fuzz::parts_of(data, size);
    const auto path = data::JsonPath::compile(parts[0]);
    if (!path) return 0;
    fuzz::FuzzScope world{.input = fuzz::json_part(parts, 1)};
    (void)path->select(world.scope());
    if (!path->reference()) return 0;
    // What was written can be read.
    const auto written = path->assign(world.input, "here");
    if (!written) return 0;
    world.input = *written;
    const auto selected = path->select(world.scope());
    if (!selected || **selected != "here") std::abort();
    return 0;
}
