// The functions behind the Lambda API, their URLs and the REST routes: what all of them work on.
#pragma once
#include "orchestrator/functions/registry/event_queue.hpp"
#include "orchestrator/functions/registry/function_invoker.hpp"
#include "orchestrator/functions/registry/function_registry.hpp"

namespace pawl::web {

struct Functions {  // all outlive who holds it
    FunctionRegistry& registry;
    FunctionInvoker& invoker;
    EventQueue& events;
    FunctionPool& pool;
};

}  // namespace pawl::web
