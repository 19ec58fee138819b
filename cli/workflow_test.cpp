#include "cli/workflow_test.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <utility>

#include "cli/definition_file.hpp"
#include "cli/engine.hpp"
#include "cli/read_file.hpp"

namespace pawl::cli {
namespace {

constexpr std::string_view suffix = ".test.json";

// A part of a file of tests: its value, and its name for people.
class Part {
  public:
    Part(const std::string& file, const templates::SourceDocument& source)
        : Part{file, source, source.value(), "", ""} {}

    const Json* operator->() const { return &value_; }
    const Json& value() const { return value_; }
    bool has(const std::string& name) const { return value_.contains(name); }
    Part at(const std::string& name) const {
        return {file_, source_, value_.at(name), asl::child_pointer(pointer_, name),
                words_ + (words_.empty() ? "" : ".") + name};
    }
    Part at(std::size_t index) const {
        return {file_, source_, value_.at(index), asl::child_pointer(pointer_, index),
                words_ + "[" + std::to_string(index) + "]"};
    }
    std::vector<std::pair<std::string, Part>> members() const {
        std::vector<std::pair<std::string, Part>> all;
        for (const auto& [name, value] : value_.items()) all.emplace_back(name, at(name));
        return all;
    }

    // "m.test.json:7:9: tests[0].expect"
    std::string where() const {
        const auto [line, column] = source_.position(pointer_);
        return file_ + ":" + std::to_string(line) + ":" + std::to_string(column) + (words_.empty() ? "" : ": ") +
               words_;
    }
    [[noreturn]] void wrong(const std::string& what) const { throw UsageError{where() + ": " + what}; }

    std::string text() const {
        if (!value_.is_string()) wrong("is to be a text");
        return value_.get<std::string>();
    }
    void check_members(std::initializer_list<std::string_view> known) const {
        if (!value_.is_object()) wrong("is to be an object");
        for (const auto& [name, member] : members()) {
            if (std::ranges::find(known, std::string_view{name}) != known.end()) continue;
            std::string names;
            for (const auto one : known) names += (names.empty() ? "" : ", ") + std::string{one};
            member.wrong("there is no such member; the members are: " + names);
        }
    }

  private:
    Part(const std::string& file, const templates::SourceDocument& source, const Json& value, std::string pointer,
         std::string words)
        : file_{file}, source_{source}, value_(value), pointer_{std::move(pointer)}, words_{std::move(words)} {}

    const std::string& file_;
    const templates::SourceDocument& source_;
    const Json& value_;
    std::string pointer_, words_;
};

std::string beside(const std::string& file, const std::string& path) {
    return (std::filesystem::path{file}.parent_path() / path).string();
}

Expectation read_expectation(const Part& part) {
    part.check_members({"status", "output", "error", "cause", "path", "events"});
    Expectation expectation;
    for (const auto& [name, member] : part.members()) {
        if (name == "status") {
            expectation.status = member.text();
            const auto known = parse_execution_status(*expectation.status);
            if (!known) member.wrong("is to be SUCCEEDED, FAILED, TIMED_OUT or ABORTED");
        } else if (name == "output") {
            expectation.output = member.value();
        } else if (name == "error") {
            expectation.error = member.text();
        } else if (name == "cause") {
            expectation.cause = member.text();
        } else if (name == "path") {
            if (!member->is_array()) member.wrong("is to be a list of states");
            expectation.path.emplace();
            for (std::size_t i = 0; i < member->size(); ++i) expectation.path->push_back(member.at(i).text());
        } else {
            if (!member->is_array()) member.wrong("is to be a list of events");
            for (const auto& event : member.value()) {
                if (!event.is_object()) member.wrong("is to be a list of objects, as {\"type\": \"TaskFailed\"}");
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
    std::function<asl::Position(asl::Position)> place;
    std::optional<MockConfig> config;  // a mock configuration file
    std::string machine;               // whose test cases are meant
};

void read_definition(const Part& part, const std::shared_ptr<const templates::SourceDocument>& source, Suite& suite) {
    if (part->is_object()) {
        auto text = templates::rewritten(part.value(), *source, "/definition");
        suite.definition = text.text();
        suite.definition_file = suite.file;
        suite.place = [source, text = std::move(text)](asl::Position position) {
            return source->position_of(text, position);
        };
    } else {
        suite.definition_file = beside(suite.file, part.text());
        suite.definition = read_text(suite.definition_file);
    }
}

WorkflowTest read_test(const Part& part, const Suite& suite) {
    part.check_members({"name", "comment", "input", "executionName", "mocks", "testCase", "expect"});
    WorkflowTest test;
    test.file = suite.file;
    test.definition = suite.definition;
    test.definition_file = suite.definition_file;
    test.place = suite.place;
    if (!part.has("name")) part.wrong("has no name");
    test.name = part.at("name").text();
    if (part.has("input")) {
        const auto& input = part->at("input");
        const bool in_file = input.is_string() && input.get_ref<const std::string&>().starts_with('@');
        const auto file = in_file ? beside(suite.file, input.get<std::string>().substr(1)) : "";
        test.input = in_file ? read_text(file) : to_text(input);
        if (in_file) json_in(file, test.input);
    }
    if (part.has("executionName")) test.execution_name = part.at("executionName").text();
    if (part.has("testCase")) {
        const auto test_case = part.at("testCase");
        const auto named = suite.machine + "#" + test_case.text();
        const auto* states = suite.config ? suite.config->find(named) : nullptr;
        if (!states) test_case.wrong("the mock configuration has no " + named);
        test.mocks = *states;
    }
    if (part.has("mocks")) {
        const auto mocks = part.at("mocks");
        if (!mocks->is_object()) mocks.wrong("is to be an object, from states to their answers");
        for (const auto& [state, mock] : mocks.members()) {
            auto response = read_mock(mock.value(), state, mock.where());
            if (!response) throw UsageError{response.error()};
            test.mocks.insert_or_assign(state, *std::move(response));
        }
    }
    if (part.has("expect")) test.expectation = read_expectation(part.at("expect"));
    return test;
}

std::vector<WorkflowTest> read_file(const std::string& file) {
    const std::shared_ptr<const templates::SourceDocument> source = read_data_file(file);
    const Part root{file, *source};
    root.check_members({"comment", "definition", "mockConfig", "machine", "tests"});
    Suite suite;
    suite.file = file;
    if (!root.has("definition")) root.wrong("has no definition: a file's name, or the definition itself");
    read_definition(root.at("definition"), source, suite);
    if (root.has("mockConfig")) {
        const auto named = root.at("mockConfig");
        const auto config_file = beside(file, named.text());
        const auto text = read_text(config_file);
        json_in(config_file, text);
        auto config = MockConfig::parse(text);
        if (!config) throw UsageError{config_file + ": " + config.error()};
        suite.config = *std::move(config);
        if (!root.has("machine")) named.wrong("there is no machine beside it: whose test cases does it mean?");
        suite.machine = root.at("machine").text();
    }
    if (!root.has("tests")) root.wrong("has no tests: a list of objects");
    const auto tests = root.at("tests");
    if (!tests->is_array() || tests->empty()) tests.wrong("is to be a list of objects, and not empty");
    std::vector<WorkflowTest> read;
    for (std::size_t i = 0; i < tests->size(); ++i) read.push_back(read_test(tests.at(i), suite));
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
