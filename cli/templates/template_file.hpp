// What the readers of templates have in common.
#pragma once
#include <filesystem>
#include <set>
#include <string>

#include "cli/templates/application.hpp"
#include "cli/templates/source_document.hpp"

namespace pawl::templates {

// A template in JSON or YAML, functions in their long form. TemplateError says where it is wrong.
std::unique_ptr<const SourceDocument> read_template(const std::filesystem::path& file);
std::string read_whole(const std::filesystem::path& file);

// The definition in `text` with its substitutions, as a machine; diagnostics instead of an error.
TemplateMachine machine_of(const std::string& text, const std::string& file, asl::Syntax syntax,
                           const Json& substitutions, asl::MachineType type);
// The same of a definition that stands in the template itself, at `pointer`. Diagnostics have their places there, as
// far as there are some: what a function made stands where the function does.
TemplateMachine machine_of_object(const Json& resolved, const SourceDocument& source, const std::string& pointer,
                                  const std::string& file, const Json& substitutions, asl::MachineType type);
// Of one that the template has as a text: how that text is written there does not matter, so all of it has one place.
TemplateMachine machine_of_string(const std::string& text, const SourceDocument& source, const std::string& pointer,
                                  const std::string& file, const Json& substitutions, asl::MachineType type);
// Where a property of a resource stands.
std::string pointer_to(std::string_view resource, std::string_view property);

// Type, RoleArn and names, which both kinds of state machines have.
std::string role_of(const CloudFormation& stack, const Json& properties, std::string_view field);
// A number from 1, or a text that is one (parameters of templates are texts).
std::int64_t seconds_of(const Json& value, std::int64_t otherwise);
std::int64_t megabytes_of(const Json& value, std::int64_t otherwise);
// TemplateError when a value was given for a parameter that no template declares.
void expect_declared(const Parameters& given, const std::set<std::string, std::less<>>& declared);
// Does it come to something? Null, an empty list and an empty object do not; what can't be worked out does.
bool is_given(const CloudFormation& stack, const Json* value);
// A member of an object; null when it is not there.
const Json* member(const Json& object, std::string_view name);

}  // namespace pawl::templates
