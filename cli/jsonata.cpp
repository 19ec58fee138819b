// pawl jsonata: evaluates JSONata, one expression from the command line or many as JSON lines.
#include <CLI/CLI.hpp>
#include <iostream>
#include <random>

#include "cli/commands.hpp"
#include "cli/engine.hpp"
#include "cli/read_file.hpp"
#include "states/jsonata/lines.hpp"

namespace pawl::cli {
namespace {

struct JsonataOptions {
    std::string expression;
    std::string input;
    std::string bindings;
    bool lines = false;
    bool aws = false;
};

// A longer request is refused, not read into memory.
constexpr std::size_t max_line_bytes = 64u << 20;

jsonata::Environment surroundings() {
    using namespace std::chrono;
    std::random_device entropy;
    jsonata::Environment environment;
    environment.now_ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    environment.seed = (std::uint64_t{entropy()} << 32) | entropy();
    environment.clock = [] { return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()); };
    return environment;
}

Json read_json(const std::string& given, const std::string& option) {
    return *parse_json(read_json_argument(given, option));
}

std::string to_text(const jsonata::Error& error) {
    std::string text = error.code;
    if (error.position) text += " at position " + std::to_string(*error.position);
    return text + ": " + error.message;
}

int evaluate(const JsonataOptions& options) {
    std::optional<Json> input;
    Json given = Json::object();
    try {
        if (!options.input.empty()) input = read_json(options.input, "--input");
        if (!options.bindings.empty()) given = read_json(options.bindings, "--bindings");
        if (!given.is_object()) throw UsageError{"--bindings " + options.bindings + ": must be a JSON object"};
    } catch (const UsageError& wrong) {
        std::cerr << "pawl: " << wrong.what() << "\n";
        return 2;
    }
    std::vector<jsonata::Binding> bindings;
    for (const auto& [name, value] : given.get_ref<const Json::object_t&>()) bindings.push_back({name, &value});

    jsonata::Options language;
    if (options.aws) language.coalescing_operators = language.eval = false;
    const auto expression = jsonata::Expression::compile(options.expression, language);
    if (!expression) {
        std::cerr << to_text(expression.error()) << "\n";
        return 1;
    }
    const auto result = expression->evaluate(input ? &*input : nullptr, bindings, surroundings());
    if (!result) {
        std::cerr << to_text(result.error()) << "\n";
        return 1;
    }
    if (*result) std::cout << pawl::to_text(**result) << "\n";
    return 0;
}

// The next line without its end. Of one that is too long, only the beginning; it is then no JSON.
bool read_line(std::istream& in, std::string& line) {
    line.clear();
    auto& source = *in.rdbuf();
    constexpr int end = std::char_traits<char>::eof();
    int c = source.sbumpc();
    if (c == end) return false;
    for (; c != end && c != '\n'; c = source.sbumpc()) {
        if (line.size() < max_line_bytes) line += static_cast<char>(c);
    }
    return true;
}

int answer_lines() {
    std::ios::sync_with_stdio(false);
    std::string line;
    while (read_line(std::cin, line)) {
        std::cout << jsonata::answer_line(std::string_view{line}, surroundings()) << "\n" << std::flush;
        if (!std::cout) return 1;
    }
    return 0;
}

}  // namespace

void add_jsonata(CLI::App& app, const Chosen& chosen) {
    auto options = std::make_shared<JsonataOptions>();
    auto* command = app.add_subcommand("jsonata",
                                       "evaluate a JSONata expression and print its result, or nothing when that is "
                                       "undefined; exit 1 on an error");
    auto* expression = command->add_option("EXPR", options->expression, "the expression");
    command->add_option("--input", options->input, "JSON, @FILE or FILE, or - for standard input; otherwise undefined");
    command->add_option("--bindings", options->bindings, "a JSON object, @FILE or FILE: names of variables to values");
    command->add_flag("--aws", options->aws, "only what Step Functions accepts: no ??, no ?:, no $eval");
    auto* lines = command->add_flag("--lines", options->lines,
                                    "answer each line {\"expr\", \"data\", \"bindings\", \"depth\", \"timelimit\"} of "
                                    "standard input with {\"result\"}, {\"undefined\": true} or {\"error\"}");
    lines->excludes(expression)->excludes("--input")->excludes("--bindings")->excludes("--aws");
    command->callback([=] {
        if (!options->lines && expression->empty()) throw CLI::RequiredError{"EXPR"};
        chosen([=] { return options->lines ? answer_lines() : evaluate(*options); });
    });
}

}  // namespace pawl::cli
