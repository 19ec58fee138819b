// What the executions of the benchmarks do.
#include "bench/measure.hpp"
#include "states/json.hpp"

namespace pawl::bench {
namespace {

Json chain(const std::string& prefix, int length, const Json& state) {
    Json states = Json::object();
    for (int i = 1; i <= length; ++i) {
        Json& link = states[prefix + std::to_string(i)] = state;
        if (i < length) {
            link["Next"] = prefix + std::to_string(i + 1);
        } else {
            link["End"] = true;
        }
    }
    Json machine = Json::object();
    machine["StartAt"] = prefix + "1";
    machine["States"] = std::move(states);
    return machine;
}

Json pass() {
    Json state = Json::object();
    state["Type"] = "Pass";
    return state;
}

const std::string small_input = R"({"order":"4711","items":[{"sku":"cup","quantity":4}],"express":false})";

}  // namespace

Workload five_passes() { return {"5 Pass", to_text(chain("P", 5, pass())), small_input, 5, true}; }

Workload five_tasks() {
    Json task = Json::object();
    task["Type"] = "Task";
    task["Resource"] = "arn:aws:lambda:us-east-1:000000000000:function:echo";
    return {"5 Task", to_text(chain("T", 5, task)), small_input, 5};
}

Workload ten_branches() {
    Json parallel = Json::object();
    parallel["Type"] = "Parallel";
    for (int i = 0; i < 10; ++i) parallel["Branches"].push_back(chain("B" + std::to_string(i) + "_", 1, pass()));
    return {"10-way Parallel", to_text(chain("F", 1, parallel)), small_input, 11, true};
}

Workload thousand_items() {
    Json map = Json::object();
    map["Type"] = "Map";
    map["ItemProcessor"] = chain("I", 1, pass());
    Json items = Json::array();
    for (int i = 0; i < 1000; ++i) items.push_back(i);
    return {"Map of 1,000", to_text(chain("M", 1, map)), to_text(items), 1001, true};
}

}  // namespace pawl::bench
