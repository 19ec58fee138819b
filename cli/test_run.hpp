// Runs workflow tests: each in an execution of its own, all in one engine in memory, with mocks for every task and a
// clock that jumps over what is waited for.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "cli/workflow_test.hpp"

namespace pawl::cli {

struct TestOutcome {
    std::vector<std::string> problems;  // empty: as expected. Lines for people, the first of each without indentation
    std::chrono::microseconds took{};
    std::chrono::milliseconds passed{};  // as the execution saw it
    bool good() const { return problems.empty(); }
};

// In the order of the tests.
std::vector<TestOutcome> run_tests(const std::vector<WorkflowTest>& tests);

// Where two documents differ: "/total: expected 12, got 13"; at most ten lines.
std::vector<std::string> differences(const Json& expected, const Json& actual);
// Whether `part` is in `whole`: members that it names are there, recursively; a text that holds JSON may be named by
// its content.
bool contains_part(const Json& whole, const Json& part);

}  // namespace pawl::cli
