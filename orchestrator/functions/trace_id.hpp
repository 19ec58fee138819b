// The X-Ray trace of an invocation, from the digits of its request's UUID: what the function's runtime is told, what
// Lambda's answer says and what a function's URL is called with name one trace.
#pragma once
#include <string>
#include <string_view>

namespace pawl {

std::string trace_root(std::string_view request_id);    // "1-5759e988-bd862e3fe1be46a994272793"
std::string trace_parent(std::string_view request_id);  // "53995c3f42cd8ad8"

}  // namespace pawl
