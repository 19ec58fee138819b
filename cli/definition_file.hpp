// Definitions that commands are given: JSON or YAML, perhaps as part of a template.
#pragma once
#include <memory>
#include <string>

#include "cli/templates/source_document.hpp"
#include "states/asl/definition.hpp"

namespace CLI {
class App;
}

namespace pawl::cli {

// Options that `validate`, `graph` and `run` have in common.
struct DefinitionOptions {
    std::string substitutions_file;
    bool placeholders = false;

    void add_to(CLI::App& command, bool may_stay_open);
    // For a definition in `file`: its name says whether it is YAML; "-" and others are looked at.
    // UsageError when the substitutions can't be read.
    asl::ParseOptions parse_options(const std::string& file, std::string_view text) const;

  private:
    std::shared_ptr<const Json> read_substitutions() const;
    mutable std::shared_ptr<const Json> substitutions_;
};

// JSON or YAML, by the file's name, or else by how the text begins.
asl::Syntax syntax_of(const std::string& file, std::string_view text);

// Why a mock for the state of that name would never answer; empty: it can.
std::string mock_problem(const std::string& state, const asl::Definition& definition);

// A definition with all that can be said about it without an engine: what integrations say about literal Parameters,
// too.
asl::Parsed check_definition(std::string_view text, const asl::ParseOptions& options);

// A JSON or YAML file, with the places of its parts. UsageError when it can't be read, with the place.
std::unique_ptr<const templates::SourceDocument> read_data_file(const std::string& file);

}  // namespace pawl::cli
