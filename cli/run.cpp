// pawl run: one workflow to its end; output on stdout, progress on stderr.
#include <CLI/CLI.hpp>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include "cli/commands.hpp"
#include "cli/definition_file.hpp"
#include "cli/deploy.hpp"
#include "cli/engine.hpp"
#include "cli/progress.hpp"
#include "cli/read_file.hpp"
#include "cli/workflow_test.hpp"
#include "orchestrator/names.hpp"

namespace pawl::cli {
namespace {

struct RunOptions {
    EngineOptions engine;
    std::string definition;
    DefinitionOptions template_options;
    std::string input = "{}";
    std::string name;
    std::vector<std::string> mocks;  // STATE=JSON or STATE=@FILE
    bool quiet = false;
};

// The name of the machine that `run` makes: the file's, as far as a machine may be called so.
std::string machine_name(const std::string& file) {
    auto name = file.substr(file.rfind('/') + 1);
    name = name.substr(0, name.find('.'));
    for (auto& c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_') c = '-';
    }
    return name.empty() ? "run" : name.substr(0, 80);
}

// What the engine's thread tells and the main thread shows.
class News {
  public:
    void add(const ExecutionNews& news) {
        const std::lock_guard lock{mutex_};
        events_.insert(events_.end(), news.events.begin(), news.events.end());
        ended_ = ended_ || news.status != ExecutionStatus::Running;
        arrived_.notify_one();
    }
    // All that came since the last call; waits a little for the first.
    std::vector<RecordedEvent> take(bool& ended) {
        std::unique_lock lock{mutex_};
        arrived_.wait_for(lock, std::chrono::milliseconds{100}, [this] { return !events_.empty() || ended_; });
        ended = ended_;
        return std::exchange(events_, {});
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<RecordedEvent> events_;
    bool ended_ = false;
};

// The one test case that --mock makes: its states answer, all others are run.
constexpr std::string_view mocked_case = "run";

Json mock_value(const std::string& given, const std::string& option) {
    if (given.starts_with('@')) return json_in(given.substr(1), read_text(given.substr(1)));
    auto value = parse_json(given);
    if (value) return *std::move(value);
    throw UsageError{option +
                     ": what it answers is not JSON: " + templates::json_trouble(given, value.error()).in_words()};
}

std::shared_ptr<const MockConfig> mocks_of(const RunOptions& options, const std::string& machine,
                                           const asl::Definition& definition) {
    if (options.mocks.empty()) return nullptr;
    MockConfig::States states;
    for (const auto& mock : options.mocks) {
        const auto equals = mock.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw UsageError{"--mock " + mock + ": expected STATE=JSON or STATE=@FILE"};
        }
        const auto state = mock.substr(0, equals);
        const auto given = mock.substr(equals + 1);
        if (const auto trouble = mock_problem(state, definition); !trouble.empty()) {
            throw UsageError{"--mock " + state + ": " + trouble};
        }
        const auto value = mock_value(given, "--mock " + state);
        // {"Return": …}, {"Throw": …}, ranges and lists of them; anything else is what the state always gets.
        auto response = read_mock(value, state, "--mock " + state);
        if (!response) response = read_mock({{"Return", value}}, state, "--mock " + state);
        states.insert_or_assign(state, *std::move(response));
    }
    auto config = std::make_shared<MockConfig>();
    config->add(machine, std::string{mocked_case}, std::move(states));
    return config;
}

int fail(const ApiError& error, int code) {
    std::cerr << "pawl: " << error.type << ": " << error.message << "\n";
    return code;
}

// What to do about a function that is not there, since --functions is easily forgotten.
void hint_at_functions(const Engine& engine) {
    std::string known;
    for (const auto& function : engine.given_functions()) known += (known.empty() ? "" : ", ") + function.name;
    std::cerr << "hint: there is no function of that name here; "
              << (known.empty() ? "none is known" : "known are: " + known)
              << "; say what is behind it with --functions FILE, or what it answers with --mock STATE=JSON\n";
}

int run_machine(Engine& engine, const RunOptions& options, const templates::TemplateMachine& wanted,
                const std::string& input, bool& has_started) {
    auto& orchestrator = engine.orchestrator();
    const auto machine = put_machine(orchestrator, wanted);
    if (!machine) return fail(machine.error(), 2);
    StartExecution start;
    start.machine_arn = *machine;
    if (!options.mocks.empty()) start.machine_arn += "#" + std::string{mocked_case};
    start.input = input;
    start.name = options.name.empty() ? new_execution_name(SystemClock{}.now()) : options.name;
    const ArnSpace arns{orchestrator.settings().region, orchestrator.settings().account};
    News news;
    const auto watching = orchestrator.watch(arns.execution(wanted.name, *start.name),
                                             [&](const ExecutionNews& told) { news.add(told); });
    const auto started = orchestrator.start_execution(start);
    if (!started) return fail(started.error(), 2);
    has_started = true;

    {
        Progress progress{stderr};
        const SystemClock clock;
        for (bool ended = false; !ended;) {
            const auto events = news.take(ended);
            if (options.quiet) continue;
            if (!events.empty()) progress.show(events);
            if (!ended) progress.tick(clock.now());
        }
    }
    const auto end = orchestrator.describe_execution(started->arn);
    if (!end) return fail(end.error(), 1);
    if (end->output) {
        std::cout << end->output->text() << std::endl;
        return 0;
    }
    std::cerr << "pawl: " << to_string(end->row.status);
    if (end->error.name) std::cerr << "  " << *end->error.name;
    if (end->error.cause && !end->error.cause->empty()) std::cerr << "\n" << *end->error.cause;
    std::cerr << "\n";
    if (end->error.name == "Lambda.ResourceNotFoundException") hint_at_functions(engine);
    return 1;
}

// The machine of --sam or --cdk-out; all others are there too, since one may start another.
int run_template(const RunOptions& options, const std::string& input, bool& has_started) {
    if (!options.mocks.empty()) throw UsageError{"--mock goes with a DEFINITION, not with --sam or --cdk-out"};
    Engine engine{options.engine};
    const auto& machine = find_machine(engine.application(), options.definition);
    deploy(engine.orchestrator(), engine.application());
    return run_machine(engine, options, machine, input, has_started);
}

// With what only an engine knows: which resources it can run.
asl::Parsed check_definition(const Orchestrator& orchestrator, std::string_view text, asl::ParseOptions options) {
    options.unsupported_resource = [&](std::string_view resource) -> std::optional<std::string> {
        // As MockableResources has it.
        if (orchestrator.settings().mocks && resource.starts_with("arn:")) return std::nullopt;
        return orchestrator.unsupported_resource(resource);
    };
    return cli::check_definition(text, options);
}

int run_file(const RunOptions& options, const std::string& input, bool& has_started) {
    if (options.definition.empty()) throw UsageError{"give a DEFINITION, or --sam or --cdk-out"};
    const auto text = read_text(options.definition);
    const auto parse_options = options.template_options.parse_options(options.definition, text);
    const auto print = [&](const asl::Parsed& parsed) {
        for (const auto& diagnostic : parsed.diagnostics) {
            std::cerr << asl::to_text(diagnostic, options.definition) << "\n";
        }
    };
    const auto parsed = cli::check_definition(text, parse_options);
    if (!parsed.definition) {
        print(parsed);
        return 2;
    }
    templates::TemplateMachine machine;
    machine.name = machine_name(options.definition);
    machine.definition = parsed.json.empty() ? text : parsed.json;
    auto engine_options = options.engine;
    if (auto mocks = mocks_of(options, machine.name, *parsed.definition)) engine_options.mocks = std::move(mocks);
    Engine engine{engine_options};
    const auto checked = check_definition(engine.orchestrator(), text, parse_options);
    print(checked);
    if (!checked.definition) return 2;
    return run_machine(engine, options, machine, input, has_started);
}

int run(const RunOptions& options) {
    bool has_started = false;
    try {
        const auto input = read_json_argument(options.input, "--input");
        return options.engine.has_template() ? run_template(options, input, has_started)
                                             : run_file(options, input, has_started);
    } catch (const std::exception& wrong) {
        if (has_started) throw;  // 1 says that the execution failed: there has to be one
        std::cerr << "pawl: " << wrong.what() << "\n";
        return 2;
    }
}

}  // namespace

void add_run(CLI::App& app, const Chosen& chosen) {
    auto options = std::make_shared<RunOptions>();
    auto* command = app.add_subcommand(
        "run", "run one workflow to its end; exit 0 when it succeeded, 1 when it failed, 2 when it was not started");
    command->add_option(
        "DEFINITION", options->definition,
        "a definition in ASL, JSON or YAML; - for standard input; with --sam or --cdk-out the name of one "
        "of its state machines");
    command->add_option("--input", options->input, "JSON, @FILE or FILE, or - for standard input")
        ->capture_default_str();
    command->add_option("--name", options->name, "of the execution");
    command->add_flag("--quiet", options->quiet, "no progress on stderr");
    command
        ->add_option("--mock", options->mocks,
                     "STATE=JSON or STATE=@FILE: what a state's task answers, instead of being run")
        ->allow_extra_args(false);  // else it would take the DEFINITION behind it for one more
    options->template_options.add_to(*command, false);
    options->engine.add_to(*command, "memory:");
    options->engine.answers_on_stdout = true;
    command->callback([=] { chosen([=] { return run(*options); }); });
}

}  // namespace pawl::cli
