#include "cli/definition_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <utility>

#include "cli/engine.hpp"
#include "cli/read_file.hpp"
#include "orchestrator/integrations/known_resources.hpp"
#include "orchestrator/integrations/literal_parameters.hpp"
#include "states/asl/source_text.hpp"
#include "states/asl/spelling.hpp"

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

namespace {

// The parser knows no resources: which of them may have been meant is said here.
asl::Parsed parse_with_hints(std::string_view text, const asl::ParseOptions& options) {
    if (!options.unsupported_resource) return asl::parse_definition(text, options);
    std::map<std::string, std::string> hints;  // by message
    auto asking = options;
    asking.unsupported_resource = [&](std::string_view resource) {
        auto why = options.unsupported_resource(resource);
        if (why && unrecognized(resource)) hints[*why] = nearest_resource(resource);
        return why;
    };
    auto parsed = asl::parse_definition(text, asking);
    for (auto& diagnostic : parsed.diagnostics) {
        if (!diagnostic.hint.empty()) continue;
        if (const auto hint = hints.find(diagnostic.message); hint != hints.end()) diagnostic.hint = hint->second;
    }
    return parsed;
}

}  // namespace

asl::Parsed check_definition(std::string_view text, const asl::ParseOptions& options) {
    auto parsed = parse_with_hints(text, options);
    const bool good = parsed.definition != nullptr;
    check_literal_parameters(parsed, text);
    if (!good || parsed.definition || parsed.json.empty()) return parsed;
    // All errors are of that check, which knows places of the JSON text, not those of the text that it was made from.
    const auto source = asl::SourceText::read(text, options);
    for (auto& diagnostic : parsed.diagnostics) {
        if (diagnostic.severity != asl::Severity::Error) continue;
        const auto offset = templates::offset_at(source->json(), diagnostic.position);
        diagnostic.position = asl::position_at(text, source->origin(offset));
    }
    std::ranges::stable_sort(parsed.diagnostics, {}, [](const auto& one) {
        return std::pair{one.position.line, one.position.column};
    });
    return parsed;
}

std::unique_ptr<const templates::SourceDocument> read_data_file(const std::string& file) {
    auto text = read_text(file);
    const auto syntax = syntax_of(file, text);
    auto read = templates::SourceDocument::read(std::move(text), syntax, file);
    if (!read) throw UsageError{read.error()};
    return *std::move(read);
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
    const auto file = read_data_file(substitutions_file);
    if (!file->value().is_object())
        throw UsageError{substitutions_file + ": expected an object: {\"Name\": \"value\"}"};
    substitutions_ = std::make_shared<const Json>(file->value());
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
