// pawl test: workflow tests from files, with a report for people and one for machines.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/engine.hpp"
#include "cli/progress.hpp"
#include "cli/test_run.hpp"

namespace pawl::cli {
namespace {

struct TestOptions {
    std::vector<std::string> paths;
    std::string junit;
    bool quiet = false;
};

std::string took_text(const TestOutcome& outcome) {
    auto text = std::to_string(outcome.took.count() / 1000) + " ms";
    if (outcome.passed > std::chrono::seconds{1}) text += ", " + duration_text(outcome.passed) + " for the workflow";
    return text;
}

std::size_t print(const std::vector<WorkflowTest>& tests, const std::vector<TestOutcome>& outcomes, bool quiet) {
    std::size_t failed = 0;
    std::string file;
    for (std::size_t i = 0; i < tests.size(); ++i) {
        const bool good = outcomes[i].good();
        if (!good) ++failed;
        if (good && quiet) continue;
        if (tests[i].file != file) std::cout << tests[i].file << "\n";
        file = tests[i].file;
        std::cout << (good ? "  ok    " : "  FAIL  ") << tests[i].name << "  (" << took_text(outcomes[i]) << ")\n";
        for (const auto& line : outcomes[i].problems) std::cout << "          " << line << "\n";
    }
    std::cout << tests.size() - failed << " passed, " << failed << " failed" << std::endl;
    return failed;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\n':
                out += "&#10;";
                break;
            default:
                // XML 1.0 has no other control characters, not even escaped.
                if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') out += c;
        }
    }
    return out;
}

std::string seconds_text(std::chrono::microseconds time) {
    return std::to_string(static_cast<double>(time.count()) / 1e6);
}

// As Jenkins, GitLab and the like read it: a suite for each file.
std::string junit(const std::vector<WorkflowTest>& tests, const std::vector<TestOutcome>& outcomes) {
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (std::size_t begin = 0; begin < tests.size();) {
        std::size_t end = begin, failures = 0;
        std::chrono::microseconds time{};
        std::string cases;
        for (; end < tests.size() && tests[end].file == tests[begin].file; ++end) {
            const auto& outcome = outcomes[end];
            time += outcome.took;
            cases += "    <testcase name=\"" + escaped(tests[end].name) + "\" classname=\"" + escaped(tests[end].file) +
                     "\" time=\"" + seconds_text(outcome.took) + "\"";
            if (outcome.good()) {
                cases += "/>\n";
                continue;
            }
            ++failures;
            std::string all;
            for (const auto& line : outcome.problems) all += line + "\n";
            cases += ">\n      <failure message=\"" + escaped(outcome.problems.front()) + "\">" + escaped(all) +
                     "</failure>\n    </testcase>\n";
        }
        out += "  <testsuite name=\"" + escaped(tests[begin].file) + "\" tests=\"" + std::to_string(end - begin) +
               "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\" skipped=\"0\" time=\"" +
               seconds_text(time) + "\">\n" + cases + "  </testsuite>\n";
        begin = end;
    }
    return out + "</testsuites>\n";
}

int test(const TestOptions& options) {
    try {
        std::vector<WorkflowTest> tests;
        for (const auto& path : options.paths) {
            auto more = read_workflow_tests(path);
            std::move(more.begin(), more.end(), std::back_inserter(tests));
        }
        const auto outcomes = run_tests(tests);
        const auto failed = print(tests, outcomes, options.quiet);
        if (!options.junit.empty()) {
            std::ofstream file{options.junit, std::ios::binary};
            file << junit(tests, outcomes);
            if (!file.flush()) throw UsageError{options.junit + ": can't be written"};
        }
        return failed == 0 ? 0 : 1;
    } catch (const std::exception& wrong) {  // 1 says that a test is not as expected, and this is no test
        std::cerr << "pawl: " << wrong.what() << "\n";
        return 2;
    }
}

}  // namespace

void add_test(CLI::App& app, const Chosen& chosen) {
    auto options = std::make_shared<TestOptions>();
    auto* command = app.add_subcommand(
        "test", "run workflow tests; exit 0 when all are as expected, 1 when one is not, 2 when they were not run");
    command->add_option("PATH", options->paths, "files, or folders with *.test.json in them")->required();
    command->add_option("--junit", options->junit, "write a report in JUnit's XML to this file");
    command->add_flag("--quiet", options->quiet, "show only what failed");
    command->callback([=] { chosen([=] { return test(*options); }); });
}

}  // namespace pawl::cli
