// pawl validate: diagnostics of definitions, as file:line:column lines or JSON.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.hpp"
#include "cli/engine.hpp"
#include "cli/read_file.hpp"
#include "states/asl/definition.hpp"

namespace pawl::cli {
namespace {

struct ValidateOptions {
    std::vector<std::string> files;
    bool express = false;
    std::string format = "text";
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

int validate(const ValidateOptions& options) {
    asl::ParseOptions parse_options;
    if (options.express) parse_options.machine_type = asl::MachineType::Express;
    bool good = true;
    auto all = Json::array();
    for (const auto& file : options.files) {
        std::string text;
        try {
            text = read_text(file);
        } catch (const UsageError& wrong) {
            std::cerr << "pawl: " << wrong.what() << "\n";
            return 2;
        }
        const auto parsed = asl::parse_definition(text, parse_options);
        good = good && parsed.definition;
        for (const auto& diagnostic : parsed.diagnostics) {
            if (options.format == "json") {
                all.push_back(to_json(diagnostic, file));
            } else {
                std::cout << asl::to_text(diagnostic, file) << "\n";
            }
        }
        if (options.format == "text" && parsed.diagnostics.empty()) std::cout << file << ": no problems\n";
    }
    if (options.format == "json") std::cout << all.dump(2) << "\n";
    return good ? 0 : 2;
}

}  // namespace

void add_validate(CLI::App& app, const Chosen& chosen) {
    auto options = std::make_shared<ValidateOptions>();
    auto* command = app.add_subcommand("validate", "check definitions; exit 0 when none has an error, else 2");
    command->add_option("FILE", options->files, "definitions in ASL; - for standard input")->required();
    command->add_flag("--express", options->express, "as Express machines");
    command->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    command->callback([=] { chosen([=] { return validate(*options); }); });
}

}  // namespace pawl::cli
