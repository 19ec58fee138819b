// A program with a workflow engine inside: the store is a file of its own, the functions are C++ callables.
//     embedding [FILE]        (default: in memory)
#include <atomic>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include "orchestrator/clock.hpp"
#include "orchestrator/function_task_runner.hpp"
#include "orchestrator/functions/register_function.hpp"
#include "orchestrator/orchestrator.hpp"
#include "persistence/journal.hpp"
#include "persistence/store.hpp"

namespace {

constexpr auto definition = R"({
  "StartAt": "Price",
  "States": {
    "Price": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:price",
              "ResultPath": "$.price", "Next": "Charge"},
    "Charge": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:charge",
               "Retry": [{"ErrorEquals": ["Error"], "IntervalSeconds": 1, "MaxAttempts": 2}], "End": true}
  }
})";

}  // namespace

int main(int count, char** arguments) {
    const auto store = pawl::open_store(count > 1 ? std::string{"sqlite:"} + arguments[1] : "memory:");
    pawl::Journal journal{*store};
    pawl::SystemClock clock;
    pawl::FunctionPool functions{{}, {}};
    pawl::register_function(functions, "price",
                            [](const pawl::Json& order) { return pawl::Json(order.at("amount").get<int>() * 250); });
    pawl::register_function(functions, "charge",
                            [tries = std::make_shared<std::atomic<int>>(0)](const pawl::Json& order) {
                                if (++*tries == 1)
                                    throw std::runtime_error{"the bank does not answer"};  // the workflow tries again
                                return pawl::Json::object({{"charged", order.at("price")}});
                            });
    pawl::FunctionTaskRunner tasks{functions, clock, {}};
    pawl::Orchestrator orchestrator{*store, journal, tasks, clock, {}};

    pawl::CreateStateMachine machine;
    machine.name = "order";
    machine.definition = definition;
    machine.role_arn = "arn:aws:iam::000000000000:role/none";
    const auto created = orchestrator.create_state_machine(machine);
    if (!created) {
        std::cerr << created.error().message << "\n";
        return 2;
    }
    std::mutex mutex;
    std::condition_variable news;
    bool ended = false;
    const auto watching = orchestrator.watch("", [&](const pawl::ExecutionNews& told) {
        const std::lock_guard lock{mutex};
        ended = ended || told.status != pawl::ExecutionStatus::Running;
        news.notify_one();
    });
    pawl::StartExecution start;
    start.machine_arn = created->arn;
    start.input = R"({"amount": 4})";
    const auto started = orchestrator.start_execution(start);
    if (!started) {
        std::cerr << started.error().message << "\n";
        return 2;
    }
    {
        std::unique_lock lock{mutex};
        news.wait(lock, [&] { return ended; });
    }
    const auto end = orchestrator.describe_execution(started->arn);
    if (!end || !end->output) return 1;
    std::cout << end->output->text() << std::endl;  // {"charged":1000}
    return 0;
}
