// pawl graph: a definition as a drawing.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/definition_file.hpp"
#include "cli/engine.hpp"
#include "cli/read_file.hpp"
#include "states/asl/drawing.hpp"

namespace pawl::cli {
namespace {

struct GraphOptions {
    std::string file;
    std::string format = "mermaid";
    DefinitionOptions definition;
};

int graph(const GraphOptions& options) {
    try {
        const auto text = read_text(options.file);
        const auto parsed = asl::parse_definition(text, options.definition.parse_options(options.file, text));
        for (const auto& diagnostic : parsed.diagnostics) std::cerr << asl::to_text(diagnostic, options.file) << "\n";
        if (!parsed.definition) return 2;
        std::cout << (options.format == "svg" ? asl::to_svg(*parsed.definition) : asl::to_mermaid(*parsed.definition));
        return 0;
    } catch (const UsageError& wrong) {
        std::cerr << "pawl: " << wrong.what() << "\n";
        return 2;
    }
}

}  // namespace

void add_graph(CLI::App& app, const Chosen& chosen) {
    auto options = std::make_shared<GraphOptions>();
    auto* command = app.add_subcommand("graph", "draw a definition: as a Mermaid flowchart or as SVG");
    command->add_option("FILE", options->file, "a definition in ASL, JSON or YAML; - for standard input")->required();
    command->add_option("--format", options->format, "mermaid or svg")
        ->check(CLI::IsMember({"mermaid", "svg"}))
        ->capture_default_str();
    options->definition.add_to(*command, true);
    command->callback([=] { chosen([=] { return graph(*options); }); });
}

}  // namespace pawl::cli
