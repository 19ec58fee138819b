#include "cli/workflow_test.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>

#include "cli/definition_file.hpp"
#include "cli/engine.hpp"
#include "cli/read_file.hpp"

namespace pawl::cli {
namespace {

constexpr std::string_view suffix = ".test.json";

[[noreturn]] void wrong(const std::string& where, const std::string& what) { throw UsageError{where + ": " + what}; }

std::string beside(const std::string& file, const std::string& path) {
    return (std::filesystem::path{file}.parent_path() / path).string();
}

std::string text_of(const Json& value, const std::string& where) {
    if (!value.is_string()) wrong(where, "is to be a text");
    return value.get<std::string>();
}

void check_members(const Json& value, const std::string& where, std::initializer_list<std::string_view> known) {
    if (!value.is_object()) wrong(where, "is to be an object");
    for (const auto& [name, member] : value.items()) {
        if (std::ranges::find(known, std::string_view{name}) != known.end()) continue;
        std::string names;
        for (const auto one : known) names += (names.empty() ? "" : ", ") + std::string{one};
        wrong(where, "there is no member '" + name + "'; the members are: " + names);
    }
}

Expectation read_expectation(const Json& value, const std::string& where) {
    check_members(value, where, {"status", "output", "error", "cause", "path", "events"});
    Expectation expectation;
    for (const auto& [name, member] : value.items()) {
        const auto here = where + "." + name;
        if (name == "status") {
            expectation.status = text_of(member, here);
            const auto known = parse_execution_status(*expectation.status);
            if (!known) wrong(here, "is to be SUCCEEDED, FAILED, TIMED_OUT or ABORTED");
        } else if (name == "output") {
            expectation.output = member;
        } else if (name == "error") {
            expectation.error = text_of(member, here);
        } else if (name == "cause") {
            expectation.cause = text_of(member, here);
        } else if (name == "path") {
            if (!member.is_array()) wrong(here, "is to be a list of states");
            expectation.path.emplace();
            for (const auto& state : member) expectation.path->push_back(text_of(state, here));
        } else {
            if (!member.is_array()) wrong(here, "is to be a list of events");
            for (const auto& event : member) {
                if (!event.is_object()) wrong(here, "is to be a list of objects, as {\"type\": \"TaskFailed\"}");
                expectation.events.push_back(event);
            }
        }
    }
    return expectation;
}

// A file of tests, as its tests see it.
struct Suite {
    std::string file;
    std::string definition;
    std::string definition_file;
    std::optional<MockConfig> config;  // a mock configuration file
    std::string machine;               // whose test cases are meant
};

void read_definition(const Json& value, Suite& suite) {
    const auto where = suite.file + ": definition";
    if (value.is_object()) {
        suite.definition = to_text(value);
        suite.definition_file = suite.file;
    } else {
        suite.definition_file = beside(suite.file, text_of(value, where));
        suite.definition = read_text(suite.definition_file);
    }
}

WorkflowTest read_test(const Json& value, const Suite& suite, const std::string& where) {
    check_members(value, where, {"name", "comment", "input", "executionName", "mocks", "testCase", "expect"});
    WorkflowTest test;
    test.file = suite.file;
    test.definition = suite.definition;
    test.definition_file = suite.definition_file;
    if (!value.contains("name")) wrong(where, "has no name");
    test.name = text_of(value.at("name"), where + ".name");
    if (const auto input = value.find("input"); input != value.end()) {
        const bool in_file = input->is_string() && input->get_ref<const std::string&>().starts_with('@');
        test.input = in_file ? read_text(beside(suite.file, input->get<std::string>().substr(1))) : to_text(*input);
    }
    if (value.contains("executionName")) {
        test.execution_name = text_of(value.at("executionName"), where + ".executionName");
    }
    if (const auto test_case = value.find("testCase"); test_case != value.end()) {
        const auto named = suite.machine + "#" + text_of(*test_case, where + ".testCase");
        const auto* states = suite.config ? suite.config->find(named) : nullptr;
        if (!states) wrong(where + ".testCase", "the mock configuration has no " + named);
        test.mocks = *states;
    }
    if (const auto mocks = value.find("mocks"); mocks != value.end()) {
        if (!mocks->is_object()) wrong(where + ".mocks", "is to be an object, from states to their answers");
        for (const auto& [state, mock] : mocks->items()) {
            auto response = read_mock(mock, state, where + ".mocks." + state);
            if (!response) throw UsageError{response.error()};
            test.mocks.insert_or_assign(state, *std::move(response));
        }
    }
    if (value.contains("expect")) test.expectation = read_expectation(value.at("expect"), where + ".expect");
    return test;
}

std::vector<WorkflowTest> read_file(const std::string& file) {
    const auto root = read_data_file(file);
    check_members(root, file, {"comment", "definition", "mockConfig", "machine", "tests"});
    Suite suite;
    suite.file = file;
    if (!root.contains("definition")) wrong(file, "has no definition: a file's name, or the definition itself");
    read_definition(root.at("definition"), suite);
    if (root.contains("mockConfig")) {
        const auto config_file = beside(file, text_of(root.at("mockConfig"), file + ": mockConfig"));
        auto config = MockConfig::parse(read_text(config_file));
        if (!config) wrong(config_file, config.error());
        suite.config = *std::move(config);
        if (!root.contains("machine")) wrong(file, "names a mockConfig, but not the machine whose test cases it means");
        suite.machine = text_of(root.at("machine"), file + ": machine");
    }
    const auto tests = root.find("tests");
    if (tests == root.end() || !tests->is_array() || tests->empty()) wrong(file, "has no tests: a list of objects");
    std::vector<WorkflowTest> read;
    for (std::size_t i = 0; i < tests->size(); ++i) {
        read.push_back(read_test((*tests)[i], suite, file + ": tests[" + std::to_string(i) + "]"));
    }
    return read;
}

}  // namespace

Result<MockedResponse, std::string> read_mock(const Json& value, const std::string& state, const std::string& where) {
    constexpr auto always = std::numeric_limits<std::int64_t>::max();
    MockedResponse response;
    response.name = state;
    if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            auto answer = parse_mocked_answer(value[i], where + "[" + std::to_string(i) + "]");
            if (!answer) return std::move(answer).error();
            const auto at = static_cast<std::int64_t>(i);
            response.ranges.push_back({at, at, *std::move(answer)});
        }
        return response;
    }
    if (value.is_object() && (value.contains("Return") || value.contains("Throw"))) {
        auto answer = parse_mocked_answer(value, where);
        if (!answer) return std::move(answer).error();
        response.ranges.push_back({0, always, *std::move(answer)});
        return response;
    }
    return parse_mocked_response(value, state, where);
}

std::vector<WorkflowTest> read_workflow_tests(const std::string& path) {
    if (!std::filesystem::is_directory(path)) return read_file(path);
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{path}) {
        if (entry.is_regular_file() && entry.path().string().ends_with(suffix)) files.push_back(entry.path().string());
    }
    if (files.empty()) throw UsageError{path + ": there is no file *" + std::string{suffix} + " in it"};
    std::ranges::sort(files);
    std::vector<WorkflowTest> all;
    for (const auto& file : files) std::ranges::move(read_file(file), std::back_inserter(all));
    return all;
}

}  // namespace pawl::cli
