#include "cli/test_run.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "cli/definition_file.hpp"
#include "orchestrator/clock.hpp"
#include "orchestrator/orchestrator.hpp"
#include "orchestrator/task_runner.hpp"
#include "persistence/journal.hpp"
#include "persistence/memory_store.hpp"
#include "states/asl/definition.hpp"
#include "states/utf8.hpp"
#include "web/aws/history_event.hpp"

namespace pawl::cli {
namespace {

constexpr std::chrono::seconds patience{20};  // of the real clock, for one test
constexpr std::size_t most_differences = 10;
constexpr std::size_t longest_value = 200;

// Tests have mocks, so nothing is ever run.
class NoTasks final : public TaskRunner {
  public:
    std::optional<std::string> unsupported(std::string_view) const override { return std::nullopt; }
    void start(const TaskKey&, const StartTask& task, const std::string&, TaskListener listener) override {
        listener.answered(AslError{"States.Runtime", "The state '" + task.state + "' has no mock in this test"},
                          TaskFailure::Run);
    }
    void cancel(const TaskKey&) override {}
};

std::string machine_name(std::size_t index) { return "test-" + std::to_string(index); }

std::shared_ptr<const MockConfig> mocks_of(const std::vector<WorkflowTest>& tests) {
    const auto config = std::make_shared<MockConfig>();
    config->be_strict();
    for (std::size_t i = 0; i < tests.size(); ++i) config->add(machine_name(i), "test", tests[i].mocks);
    return config;
}

std::string shortened(const std::string& text) {
    if (text.size() <= longest_value) return text;
    return text.substr(0, cut_before(text, longest_value)) + "…";
}

void compare(const std::string& where, const Json& expected, const Json& actual, std::vector<std::string>& out) {
    if (out.size() >= most_differences || expected == actual) return;
    const auto escaped = [](const std::string& name) {
        std::string text;
        for (const char c : name) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        return text;
    };
    const auto shown = where.empty() ? std::string{"the whole"} : where;
    if (expected.is_object() && actual.is_object()) {
        for (const auto& [name, value] : expected.items()) {
            if (out.size() >= most_differences) return;
            const auto found = actual.find(name);
            const auto here = where + "/" + escaped(name);
            if (found == actual.end()) {
                out.push_back(here + ": expected " + shortened(to_text(value)) + ", but it is not there");
            } else {
                compare(here, value, *found, out);
            }
        }
        for (const auto& [name, value] : actual.items()) {
            if (out.size() >= most_differences) return;
            if (!expected.contains(name)) {
                out.push_back(where + "/" + escaped(name) + ": not expected, got " + shortened(to_text(value)));
            }
        }
    } else if (expected.is_array() && actual.is_array() && expected.size() == actual.size()) {
        for (std::size_t i = 0; i < expected.size(); ++i) {
            compare(where + "/" + std::to_string(i), expected[i], actual[i], out);
        }
    } else {
        out.push_back(shown + ": expected " + shortened(to_text(expected)) + ", got " + shortened(to_text(actual)));
    }
}

class OneTest {
  public:
    OneTest(Orchestrator& orchestrator, const WorkflowTest& test, std::size_t index)
        : orchestrator_{orchestrator}, test_{test}, machine_{machine_name(index)} {}

    TestOutcome run() {
        const auto begin = std::chrono::steady_clock::now();
        if (const auto arn = start()) {
            const auto ended = orchestrator_.wait_for_end(*arn, patience);
            if (!ended) {
                problem(ended.error().type + ": " + ended.error().message);
            } else if (!*ended) {
                problem("the execution has not ended after " + std::to_string(patience.count()) + " seconds");
            } else {
                check(**ended);
            }
        }
        outcome_.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
        return std::move(outcome_);
    }

  private:
    void problem(std::string text) { outcome_.problems.push_back(std::move(text)); }

    std::optional<std::string> start() {
        asl::ParseOptions options;
        options.syntax = syntax_of(test_.definition_file, test_.definition);
        auto parsed = check_definition(test_.definition, options);
        if (!parsed.definition) {
            for (auto& diagnostic : parsed.diagnostics) {
                if (test_.place) diagnostic.position = test_.place(diagnostic.position);
                problem(asl::to_text(diagnostic, test_.definition_file));
            }
            return std::nullopt;
        }
        for (const auto& [state, mock] : test_.mocks) {
            const auto trouble = mock_problem(state, *parsed.definition);
            if (!trouble.empty()) problem("a mock for '" + state + "': " + trouble);
        }
        if (!outcome_.good()) return std::nullopt;
        CreateStateMachine create;
        create.name = machine_;
        create.definition = parsed.json.empty() ? test_.definition : parsed.json;  // YAML, as JSON
        create.role_arn = "arn:aws:iam::000000000000:role/test";
        const auto created = orchestrator_.create_state_machine(create);
        if (!created) {
            problem(created.error().type + ": " + created.error().message);
            return std::nullopt;
        }
        StartExecution start;
        start.machine_arn = created->arn + "#test";
        start.name = test_.execution_name;
        start.input = test_.input;
        const auto started = orchestrator_.start_execution(start);
        if (!started) {
            problem(started.error().type + ": " + started.error().message);
            return std::nullopt;
        }
        return started->arn;
    }

    void check(const ExecutionView& view) {
        outcome_.passed = view.row.stopped.value_or(view.row.started) - view.row.started;
        GetHistory query;
        query.arn = view.row.arn;
        query.limit = 100'000;
        const auto history = orchestrator_.history(query);
        if (!history) return problem(history.error().type + ": " + history.error().message);
        check_status(view);
        check_output(view);
        check_text("error", test_.expectation.error, view.error.name);
        check_text("cause", test_.expectation.cause, view.error.cause);
        check_path(*history);
        check_events(*history);
    }

    void check_status(const ExecutionView& view) {
        const auto& expected = test_.expectation;
        const bool fails = expected.error || expected.cause;
        if (!expected.status && fails && view.row.status != ExecutionStatus::Succeeded) return;
        const auto wanted = expected.status.value_or(fails ? "FAILED" : "SUCCEEDED");
        const std::string got{to_string(view.row.status)};
        if (wanted == got) return;
        auto text = "status: expected " + wanted + ", got " + got;
        if (view.error.name) text += "  " + *view.error.name;
        problem(std::move(text));
        if (view.error.cause) problem("  cause: " + shortened(*view.error.cause));
    }

    void check_output(const ExecutionView& view) {
        if (!test_.expectation.output) return;
        if (!view.output) return problem("output: the execution has none");
        const auto found = differences(*test_.expectation.output, view.output->json());
        if (found.empty()) return;
        problem("output:");
        for (const auto& one : found) problem("  " + one);
    }

    void check_text(const char* what, const std::optional<std::string>& expected,
                    const std::optional<std::string>& got) {
        if (!expected || expected == got) return;
        problem(std::string{what} + ": expected " + *expected + ", got " + shortened(got.value_or("none")));
    }

    void check_path(const std::vector<RecordedEvent>& history) {
        if (!test_.expectation.path) return;
        const auto& expected = *test_.expectation.path;
        std::vector<std::string> path;
        for (const auto& recorded : history) {
            if (const auto* entered = std::get_if<StateEntered>(&recorded.event)) path.push_back(entered->name);
        }
        if (path == expected) return;
        const auto [here, there] = std::ranges::mismatch(expected, path);
        const auto line = [](const std::vector<std::string>& states) {
            std::string text;
            for (const auto& state : states) text += (text.empty() ? "" : " → ") + state;
            return text.empty() ? std::string{"nothing"} : text;
        };
        problem("path: differs at step " + std::to_string(here - expected.begin() + 1));
        problem("  expected: " + line(expected));
        problem("  got:      " + line(path));
    }

    void check_events(const std::vector<RecordedEvent>& history) {
        std::size_t next = 0;
        std::vector<Json> rendered;
        for (const auto& recorded : history) rendered.push_back(web::aws::history_event(recorded, {"us-east-1", true}));
        for (const auto& expected : test_.expectation.events) {
            const auto from = next;
            while (next < rendered.size() && !contains_part(rendered[next], expected)) ++next;
            if (next++ < rendered.size()) continue;
            problem("events: after event " + std::to_string(from) + " there is none with " +
                    shortened(to_text(expected)));
            for (std::size_t i = from; i < rendered.size(); ++i) {
                if (expected.contains("type") && rendered[i].at("type") == expected.at("type")) {
                    problem("  event " + std::to_string(i + 1) + " is " + shortened(to_text(rendered[i])));
                }
            }
            return;
        }
    }

    Orchestrator& orchestrator_;
    const WorkflowTest& test_;
    const std::string machine_;
    TestOutcome outcome_;
};

}  // namespace

std::vector<std::string> differences(const Json& expected, const Json& actual) {
    std::vector<std::string> found;
    compare("", expected, actual, found);
    return found;
}

bool contains_part(const Json& whole, const Json& part) {
    if (part.is_object() && whole.is_string()) {
        const auto inner = parse_json(whole.get_ref<const std::string&>());
        return inner && contains_part(*inner, part);
    }
    if (part.is_object() && whole.is_object()) {
        return std::ranges::all_of(part.items(), [&](const auto& member) {
            const auto found = whole.find(member.key());
            return found != whole.end() && contains_part(*found, member.value());
        });
    }
    return whole == part;
}

std::vector<TestOutcome> run_tests(const std::vector<WorkflowTest>& tests) {
    MemoryStore store;
    Journal journal{store};
    SystemClock clock;
    NoTasks tasks;
    OrchestratorSettings settings;
    settings.mocks = mocks_of(tests);
    settings.skip_time = true;
    Orchestrator orchestrator{store, journal, tasks, clock, settings};

    std::vector<TestOutcome> outcomes(tests.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (auto i = next++; i < tests.size(); i = next++) outcomes[i] = OneTest{orchestrator, tests[i], i}.run();
    };
    // They mostly wait for the engine.
    const auto threads = std::clamp<std::size_t>(tests.size(), 1, 16);
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < threads; ++i) workers.emplace_back(work);
    workers.clear();
    return outcomes;
}

}  // namespace pawl::cli
