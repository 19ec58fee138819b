#include "cli/definition_file.hpp"

#include <CLI/CLI.hpp>

#include "cli/engine.hpp"
#include "cli/read_file.hpp"
#include "states/asl/spelling.hpp"
#include "states/asl/yaml_value.hpp"

namespace pawl::cli {

asl::Syntax syntax_of(const std::string& file, std::string_view text) {
    if (file.ends_with(".yaml") || file.ends_with(".yml")) return asl::Syntax::Yaml;
    return file.ends_with(".json") ? asl::Syntax::Json : asl::guess_syntax(text);
}

std::string mock_problem(const std::string& state, const asl::Definition& definition) {
    if (const auto* found = definition.find(state)) {
        if (found->type() == asl::StateType::Task) return {};
        return "the state is a " + std::string{asl::to_string(found->type())} + ", which has no task";
    }
    std::vector<std::string_view> names;
    for (const auto& each : definition.all()) names.push_back(each.name);
    const auto hint = asl::did_you_mean(state, names);
    return "the definition has no such state" + (hint.empty() ? hint : ": " + hint);
}

Json read_data_file(const std::string& file) {
    const auto text = read_text(file);
    if (syntax_of(file, text) == asl::Syntax::Json) {
        auto value = parse_json(text);
        if (value) return *std::move(value);
        const auto at = asl::position_at(text, value.error().offset);
        throw UsageError{file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                         ": not JSON: " + value.error().message};
    }
    auto value = asl::read_yaml(text);
    if (!value) throw UsageError{asl::to_text(value.error(), file)};
    return *std::move(value);
}

void DefinitionOptions::add_to(CLI::App& command, bool may_stay_open) {
    command
        .add_option("--substitutions", substitutions_file,
                    "JSON or YAML file with the values of ${Name}s in the definition: {\"Name\": \"value\"}")
        ->check(CLI::ExistingFile);
    if (!may_stay_open) return;
    command.add_flag("--placeholders", placeholders,
                     "the definition is part of a template (SAM, CDK, Terraform): a ${Name} may stand for anything");
}

std::shared_ptr<const Json> DefinitionOptions::read_substitutions() const {
    if (substitutions_file.empty() || substitutions_) return substitutions_;
    auto values = read_data_file(substitutions_file);
    if (!values.is_object()) throw UsageError{substitutions_file + ": expected an object: {\"Name\": \"value\"}"};
    substitutions_ = std::make_shared<const Json>(std::move(values));
    return substitutions_;
}

asl::ParseOptions DefinitionOptions::parse_options(const std::string& file, std::string_view text) const {
    asl::ParseOptions options;
    options.syntax = syntax_of(file, text);
    options.placeholders = placeholders;
    options.substitutions = read_substitutions();
    return options;
}

}  // namespace pawl::cli
