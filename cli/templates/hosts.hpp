// Programs that run a handler file over the Lambda Runtime API, as their interpreters take them on the command line:
// python3 -c HOST FILE FUNCTION, node -e HOST NAME FILE FUNCTION. Made from examples/runtime at build time.
#pragma once
#include <string_view>

namespace pawl::templates {

std::string_view python_host();
std::string_view node_host();

}  // namespace pawl::templates
