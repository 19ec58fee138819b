// Workflow tests as files (*.test.json): a definition, the answers of its tasks, and what has to come of it.
// docs/testing-workflows.md describes the format.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/mocks/mock_config.hpp"
#include "states/asl/source.hpp"
#include "states/json.hpp"

namespace pawl::cli {

struct Expectation {
    std::optional<std::string> status;  // "SUCCEEDED"; absent: SUCCEEDED, unless an error is expected
    std::optional<Json> output;         // the whole of it
    std::optional<std::string> error, cause;
    std::optional<std::vector<std::string>> path;  // the states that are entered, in order
    std::vector<Json> events;                      // parts of events that come in this order, others between them
};

struct WorkflowTest {
    std::string file;  // where it is written
    std::string name;
    std::string definition;  // its text
    std::string definition_file;
    // Where in that file a place of the definition's text is, when it is only a part of it. Any thread may ask.
    std::function<asl::Position(asl::Position)> place;
    std::string input = "{}";
    std::string execution_name = "test";
    MockConfig::States mocks;
    Expectation expectation;
};

// All tests of a file, or of the files *.test.json in a folder and those in it. UsageError says what is wrong where.
std::vector<WorkflowTest> read_workflow_tests(const std::string& path);

// A mock as tests and the command line write it: {"Return": …} or {"Throw": …} for every invocation, a list of those
// for one after the other, or ranges as in a mock configuration file. The error says what is wrong.
Result<MockedResponse, std::string> read_mock(const Json& value, const std::string& state, const std::string& where);

}  // namespace pawl::cli
