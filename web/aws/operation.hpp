// An operation of the API: what it takes, and what does it. The tables of them are in operations_*.cpp.
#pragma once
#include <chrono>
#include <functional>
#include <span>
#include <string_view>

#include "orchestrator/orchestrator.hpp"
#include "web/aws/members.hpp"
#include "web/http.hpp"

namespace pawl::web::aws {

struct Call {
    Orchestrator& orchestrator;
    const Request& request;  // its headers: the body is in the arguments
    Arguments arguments;
};

StartExecution start_request(const Call& call);  // of StartExecution and StartSyncExecution, which take the same

// An answer that is not known yet; its parts mean what those of web::Later do.
struct Pending {
    std::function<void(std::function<void(ApiResult<Json>)> answer)> begin;
    std::function<bool()> cancel;
    std::chrono::milliseconds patience{};
    Json otherwise;
};

struct Operation {
    std::string_view name;
    std::span<const Member> members;
    ApiResult<Json> (*run)(const Call& call);
    ApiResult<Pending> (*wait)(const Call& call) = nullptr;  // instead of `run`
};

// Each in the file of that name.
std::span<const Operation> machine_operations();
std::span<const Operation> version_operations();
std::span<const Operation> alias_operations();
std::span<const Operation> tag_operations();
std::span<const Operation> execution_operations();
std::span<const Operation> sync_operations();
std::span<const Operation> task_operations();
std::span<const Operation> map_run_operations();
std::span<const Operation> redrive_operations();
std::span<const Operation> activity_operations();
std::span<const Operation> test_state_operations();

// Null: not one of ours.
const Operation* find_operation(std::string_view name);

}  // namespace pawl::web::aws
