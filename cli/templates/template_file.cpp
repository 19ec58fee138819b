#include "cli/templates/template_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "states/asl/spelling.hpp"

namespace pawl::templates {
namespace {

std::int64_t number_of(const Json& value, std::int64_t otherwise, std::string_view expected) {
    if (value.is_null()) return otherwise;
    const auto text = value.is_string() ? value.get<std::string>() : to_text(value);
    const bool good = !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!good || std::stol(text) == 0) throw TemplateError{std::string{expected} + ", not " + text.substr(0, 80)};
    return std::stol(text);
}

}  // namespace

std::string read_whole(const std::filesystem::path& file) {
    std::error_code unknown;
    // A folder can be opened, but reading it throws.
    if (std::filesystem::is_directory(file, unknown)) {
        throw TemplateError{file.string() + ": can't be read: it is a folder"};
    }
    std::ifstream in{file, std::ios::binary};
    if (!in) throw TemplateError{file.string() + ": can't be read: " + std::strerror(errno)};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in) throw TemplateError{file.string() + ": can't be read: " + std::strerror(errno)};
    return text;
}

std::unique_ptr<const SourceDocument> read_template(const std::filesystem::path& file) {
    auto text = read_whole(file);
    const auto syntax = asl::guess_syntax(text);
    auto read = SourceDocument::read(std::move(text), syntax, file.string(), {.cloudformation_tags = true});
    if (!read) throw TemplateError{read.error()};
    return *std::move(read);
}

TemplateMachine machine_of(const std::string& text, const std::string& file, asl::Syntax syntax,
                           const Json& substitutions, asl::MachineType type) {
    asl::ParseOptions options;
    options.machine_type = type;
    options.syntax = syntax;
    options.substitutions = std::make_shared<const Json>(substitutions);
    auto parsed = asl::parse_definition(text, options);
    TemplateMachine machine;
    machine.definition = parsed.json.empty() ? text : std::move(parsed.json);
    machine.diagnostics = std::move(parsed.diagnostics);
    machine.type = type;
    machine.file = file;
    return machine;
}

TemplateMachine machine_of_object(const Json& resolved, const SourceDocument& source, const std::string& pointer,
                                  const std::string& file, const Json& substitutions, asl::MachineType type) {
    const auto json = rewritten(resolved, source, pointer);
    auto machine = machine_of(json.text(), file, asl::Syntax::Json, substitutions, type);
    for (auto& diagnostic : machine.diagnostics) diagnostic.position = source.position_of(json, diagnostic.position);
    return machine;
}

TemplateMachine machine_of_string(const std::string& text, const SourceDocument& source, const std::string& pointer,
                                  const std::string& file, const Json& substitutions, asl::MachineType type) {
    auto machine = machine_of(text, file, asl::Syntax::Json, substitutions, type);
    for (auto& diagnostic : machine.diagnostics) {
        diagnostic.position = source.position(pointer);
        if (!diagnostic.location.empty()) diagnostic.message += " (in this text, at " + diagnostic.location + ")";
    }
    return machine;
}

std::string pointer_to(std::string_view resource, std::string_view property) {
    return asl::child_pointer(asl::child_pointer("/Resources", resource) + "/Properties", property);
}

std::string role_of(const CloudFormation& stack, const Json& properties, std::string_view field) {
    const Json* role = member(properties, field);
    const auto fallback = "arn:aws:iam::" + stack.arns().account + ":role/pawl";
    if (!role) return fallback;
    const auto arn = stack.resolve_text(*role, field);
    return arn.starts_with("arn:") ? arn : fallback;
}

std::int64_t seconds_of(const Json& value, std::int64_t otherwise) {
    return number_of(value, otherwise, "Timeout must be a number of seconds");
}

std::int64_t megabytes_of(const Json& value, std::int64_t otherwise) {
    return number_of(value, otherwise, "MemorySize must be a number of megabytes");
}

void expect_declared(const Parameters& given, const std::set<std::string, std::less<>>& declared) {
    for (const auto& [name, value] : given) {
        if (declared.contains(name)) continue;
        const std::vector<std::string_view> names(declared.begin(), declared.end());
        const auto hint = asl::did_you_mean(name, names);
        std::string all;
        for (const auto known : names) all += (all.empty() ? "its parameters are: " : ", ") + std::string{known};
        if (all.empty()) all = "it has no parameters";
        throw TemplateError{"--parameter " + name +
                            ": there is no such parameter in the template: " + (hint.empty() ? all : hint)};
    }
}

bool is_given(const CloudFormation& stack, const Json* value) {
    if (!value) return false;
    try {
        return !stack.resolve(*value).empty();
    } catch (const TemplateError&) {
        return true;
    }
}

const Json* member(const Json& object, std::string_view name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(std::string{name});
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace pawl::templates
