// pawl run: one workflow to its end; output on stdout, progress and what functions print on stderr.
#include <CLI/CLI.hpp>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <variant>

#include "cli/commands.hpp"
#include "cli/definition_file.hpp"
#include "cli/deploy.hpp"
#include "cli/engine.hpp"
#include "cli/progress.hpp"
#include "cli/read_file.hpp"
#include "cli/workflow_test.hpp"
#include "orchestrator/names.hpp"
#include "web/app.hpp"
#include "web/http.hpp"
#include "web/lambda/lambda_api.hpp"

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

constexpr std::size_t untold_limit_bytes = 4 * 1024 * 1024;  // of what functions print, and nobody takes so fast

// What the threads of the engine and of its functions tell and the main thread shows, in the order in which it came.
class News {
  public:
    struct Printed {
        std::string function, lines;
    };
    using Item = std::variant<std::vector<RecordedEvent>, Printed>;

    void add(const ExecutionNews& news) {
        const std::lock_guard lock{mutex_};
        if (!news.events.empty()) items_.emplace_back(news.events);
        ended_ = ended_ || news.status != ExecutionStatus::Running;
        arrived_.notify_one();
    }
    void add(std::string_view function, std::string_view lines) {
        const std::lock_guard lock{mutex_};
        if (printed_bytes_ > untold_limit_bytes) return;
        printed_bytes_ += lines.size();
        const bool too_many = printed_bytes_ > untold_limit_bytes;
        items_.emplace_back(Printed{std::string{function}, std::string{too_many ? "(more than can be shown)" : lines}});
        arrived_.notify_one();
    }
    // All that came since the last call; waits a little for the first.
    std::vector<Item> take(bool& ended) {
        std::unique_lock lock{mutex_};
        arrived_.wait_for(lock, std::chrono::milliseconds{100}, [this] { return !items_.empty() || ended_; });
        ended = ended_;
        printed_bytes_ = 0;
        return std::exchange(items_, {});
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Item> items_;
    std::size_t printed_bytes_ = 0;
    bool ended_ = false;
};

void show(const std::vector<News::Item>& items, Progress& progress) {
    for (const auto& item : items) {
        std::visit(overloaded{
                       [&](const std::vector<RecordedEvent>& events) { progress.show(events); },
                       [&](const News::Printed& said) { progress.print(said.function, said.lines); },
                   },
                   item);
    }
}

// One run of the command.
struct Run {
    const RunOptions& options;
    std::string input;
    News news{};  // outlives the engine
    bool has_started = false;

    EngineOptions engine_options() {
        auto engine = options.engine;
        if (!options.quiet) {
            engine.printed = [this](std::string_view function, std::string_view lines) { news.add(function, lines); };
        }
        return engine;
    }
};

// What functions call that answer for waiting tasks, or that start executions, as boto3 does.
class ServerForFunctions {
  public:
    explicit ServerForFunctions(Engine& engine) : functions_{engine.functions()} {
        if (engine.given_functions().empty()) return;
        web::ServerSettings settings;
        settings.port = 0;
        settings.body_limit_of = web::lambda::body_limit;
        server_.emplace(settings, web::make_handler(engine.orchestrator(), {{settings.host}}, &functions_));
        functions_.pool.serve_at("http://" + settings.host + ":" + std::to_string(server_->port()));
    }

  private:
    const web::Functions functions_;
    std::optional<web::Server> server_;
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

int run_machine(Engine& engine, Run& run, const templates::TemplateMachine& wanted) {
    const auto& options = run.options;
    const ServerForFunctions server{engine};
    auto& orchestrator = engine.orchestrator();
    const auto machine = put_machine(orchestrator, wanted);
    if (!machine) return fail(machine.error(), 2);
    StartExecution start;
    start.machine_arn = *machine;
    if (!options.mocks.empty()) start.machine_arn += "#" + std::string{mocked_case};
    start.input = run.input;
    start.name = options.name.empty() ? new_execution_name(SystemClock{}.now()) : options.name;
    const ArnSpace arns{orchestrator.settings().region, orchestrator.settings().account};
    const auto watching = orchestrator.watch(arns.execution(wanted.name, *start.name),
                                             [&](const ExecutionNews& told) { run.news.add(told); });
    const auto started = orchestrator.start_execution(start);
    if (!started) return fail(started.error(), 2);
    run.has_started = true;

    {
        Progress progress{stderr};
        const SystemClock clock;
        for (bool ended = false; !ended;) {
            const auto items = run.news.take(ended);
            if (options.quiet) continue;
            show(items, progress);
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
int run_template(Run& run) {
    const auto& options = run.options;
    if (!options.mocks.empty()) throw UsageError{"--mock goes with a DEFINITION, not with --sam or --cdk-out"};
    Engine engine{run.engine_options()};
    const auto& machine = find_machine(engine.application(), options.definition);
    deploy(engine.orchestrator(), engine.application());
    return run_machine(engine, run, machine);
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

int run_file(Run& run) {
    const auto& options = run.options;
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
    auto engine_options = run.engine_options();
    if (auto mocks = mocks_of(options, machine.name, *parsed.definition)) engine_options.mocks = std::move(mocks);
    Engine engine{engine_options};
    const auto checked = check_definition(engine.orchestrator(), text, parse_options);
    print(checked);
    if (!checked.definition) return 2;
    return run_machine(engine, run, machine);
}

int run(const RunOptions& options) {
    Run run{options, {}};
    try {
        run.input = read_json_argument(options.input, "--input");
        const auto code = options.engine.has_template() ? run_template(run) : run_file(run);
        bool ended = true;  // a function that answers with a token may print after that, until it is stopped
        if (!options.quiet && run.has_started) {
            Progress progress{stderr};
            show(run.news.take(ended), progress);
        }
        return code;
    } catch (const std::exception& wrong) {
        if (run.has_started) throw;  // 1 says that the execution failed: there has to be one
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
    command->add_flag("--quiet", options->quiet, "no progress on stderr, and nothing of what functions print");
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
