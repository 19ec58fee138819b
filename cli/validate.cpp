// pawl validate: diagnostics of definitions, as file:line:column lines, JSON or SARIF.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/definition_file.hpp"
#include "cli/engine.hpp"
#include "cli/read_file.hpp"
#include "cli/sarif.hpp"
#include "orchestrator/integrations/known_resources.hpp"
#include "states/asl/placeholders.hpp"

namespace pawl::cli {
namespace {

struct ValidateOptions {
    std::vector<std::string> files;
    bool express = false;
    std::string format = "text";
    DefinitionOptions definition;
};

Json to_json(const asl::Diagnostic& diagnostic, const std::string& file) {
    return {{"file", file},
            {"line", diagnostic.position.line},
            {"column", diagnostic.position.column},
            {"severity", diagnostic.severity == asl::Severity::Error ? "ERROR" : "WARNING"},
            {"code", diagnostic.code},
            {"message", diagnostic.message},
            {"location", diagnostic.location},
            {"hint", diagnostic.hint}};
}

void print(const std::vector<FileDiagnostics>& checked, const std::string& format) {
    if (format == "sarif") {
        std::cout << sarif_log(checked, PAWL_VERSION).dump(2) << "\n";
        return;
    }
    auto all = Json::array();
    for (const auto& [file, diagnostics] : checked) {
        for (const auto& diagnostic : diagnostics) {
            if (format == "json") {
                all.push_back(to_json(diagnostic, file));
            } else {
                std::cout << asl::to_text(diagnostic, file) << "\n";
            }
        }
        if (format == "text" && diagnostics.empty()) std::cout << file << ": no problems\n";
    }
    if (format == "json") std::cout << all.dump(2) << "\n";
}

// What AWS itself refuses: what can be run here depends on endpoints that only an engine knows. A part of a template is
// complete elsewhere; resources of other partitions are for their regions to judge.
std::optional<std::string> problem_of_resource(std::string_view resource) {
    if (asl::has_placeholder(resource)) return std::nullopt;
    if (resource.starts_with("arn:aws-")) return std::nullopt;
    return unrecognized(resource);
}

int validate(const ValidateOptions& options) {
    bool good = true;
    std::vector<FileDiagnostics> checked;
    for (const auto& file : options.files) {
        try {
            const auto text = read_text(file);
            auto parse_options = options.definition.parse_options(file, text);
            if (options.express) parse_options.machine_type = asl::MachineType::Express;
            parse_options.unsupported_resource = problem_of_resource;
            auto parsed = check_definition(text, parse_options);
            good = good && parsed.definition;
            checked.push_back({file, std::move(parsed.diagnostics)});
        } catch (const UsageError& wrong) {  // the others are checked all the same
            std::cerr << "pawl: " << wrong.what() << "\n";
            good = false;
        }
    }
    print(checked, options.format);
    return good ? 0 : 2;
}

}  // namespace

void add_validate(CLI::App& app, const Chosen& chosen) {
    auto options = std::make_shared<ValidateOptions>();
    auto* command = app.add_subcommand("validate", "check definitions; exit 0 when none has an error, else 2");
    command->add_option("FILE", options->files, "definitions in ASL, JSON or YAML; - for standard input")->required();
    command->add_flag("--express", options->express, "as Express machines");
    command->add_option("--format", options->format, "text, json or sarif (for editors and code hosts)")
        ->check(CLI::IsMember({"text", "json", "sarif"}))
        ->capture_default_str();
    options->definition.add_to(*command, true);
    command->callback([=] { chosen([=] { return validate(*options); }); });
}

}  // namespace pawl::cli
