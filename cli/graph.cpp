// pawl graph: a definition as a drawing.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/engine.hpp"
#include "cli/read_file.hpp"
#include "states/asl/definition.hpp"

namespace pawl::cli {
namespace {

int graph(const std::string& file) {
    std::string text;
    try {
        text = read_text(file);
    } catch (const UsageError& wrong) {
        std::cerr << "pawl: " << wrong.what() << "\n";
        return 2;
    }
    const auto parsed = asl::parse_definition(text);
    for (const auto& diagnostic : parsed.diagnostics) std::cerr << asl::to_text(diagnostic, file) << "\n";
    if (!parsed.definition) return 2;
    std::cout << asl::to_mermaid(*parsed.definition);
    return 0;
}

}  // namespace

void add_graph(CLI::App& app, const Chosen& chosen) {
    struct Options {
        std::string file;
        std::string format = "mermaid";
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("graph", "print a definition as a Mermaid flowchart");
    command->add_option("FILE", options->file, "a definition in ASL; - for standard input")->required();
    command->add_option("--format", options->format, "mermaid")
        ->check(CLI::IsMember({"mermaid"}))
        ->capture_default_str();
    command->callback([=] { chosen([=] { return graph(options->file); }); });
}

}  // namespace pawl::cli
