// The output of `cdk synth`: one template a stack, assets beside them. Code is found by its asset: the hash in S3Key is
// the name of the asset's folder.
#include <algorithm>

#include "cli/templates/function_of.hpp"
#include "cli/templates/left_out.hpp"
#include "cli/templates/machine_configuration.hpp"
#include "cli/templates/template_file.hpp"

namespace pawl::templates {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_templates = 200;

std::vector<fs::path> templates_in(const fs::path& folder) {
    std::error_code trouble;
    std::vector<fs::path> found;
    for (fs::recursive_directory_iterator entry{folder, trouble}, end; !trouble && entry != end;
         entry.increment(trouble)) {
        if (entry->is_directory() && entry->path().filename().string().starts_with("asset.")) {
            entry.disable_recursion_pending();  // code may hold what looks like a template
        } else if (entry->path().string().ends_with(".template.json")) {
            found.push_back(entry->path());
        }
        if (found.size() > max_templates) throw TemplateError{folder.string() + ": too many templates"};
    }
    if (found.empty())
        throw TemplateError{folder.string() + ": there is no *.template.json; is it what `cdk synth` made?"};
    std::sort(found.begin(), found.end());
    return found;
}

class StackReader {
  public:
    StackReader(const fs::path& file, const ArnSpace& arns, const Parameters& parameters, Application& application)
        : file_{file},
          source_{read_template(file)},
          stack_{source_->value(), arns, parameters},
          application_{application} {}

    Exports exports() const { return stack_.exports(); }
    void collect_parameters(std::set<std::string, std::less<>>& names) const { stack_.collect_parameters(names); }

    void run(const Exports& imports) {
        stack_.see(imports);
        for (const auto& [id, resource] : stack_.resources().items()) {
            const auto type = resource.value("Type", "");
            const Json* properties = member(resource, "Properties");
            if (!properties) continue;
            try {
                if (type == "AWS::StepFunctions::StateMachine") machine(id, *properties);
                if (type == "AWS::Lambda::Function") function(id, resource, *properties);
            } catch (const TemplateError& wrong) {
                throw TemplateError{file_.string() + ": " + id + ": " + wrong.what()};
            }
        }
    }

  private:
    void machine(const std::string& id, const Json& properties) {
        const Json* kind = member(properties, "StateMachineType");
        const bool express = kind && stack_.resolve_text(*kind, "StateMachineType") == "EXPRESS";
        const Json* values = member(properties, "DefinitionSubstitutions");
        const auto substitutions = values ? stack_.resolve(*values) : Json::object();
        auto machine = read_definition(id, properties, substitutions.is_object() ? substitutions : Json::object(),
                                       express ? asl::MachineType::Express : asl::MachineType::Standard);
        machine.logical_id = id;
        machine.name = stack_.physical_name(id);
        machine.role_arn = role_of(stack_, properties, "RoleArn");
        std::vector<std::string> notes;
        machine.configuration =
            configuration_of(stack_, id, properties, {"LoggingConfiguration", "TracingConfiguration"}, notes);
        for (const auto& text : notes) note(text);
        application_.machines.push_back(std::move(machine));
    }

    TemplateMachine read_definition(const std::string& id, const Json& properties, const Json& substitutions,
                                    asl::MachineType type) const {
        if (const Json* text = member(properties, "DefinitionString")) {
            return machine_of_string(stack_.resolve_text(*text, "DefinitionString"), *source_,
                                     pointer_to(id, "DefinitionString"), file_.string(), substitutions, type);
        }
        if (const Json* value = member(properties, "Definition")) {
            return machine_of_object(stack_.resolve(*value), *source_, pointer_to(id, "Definition"), file_.string(),
                                     substitutions, type);
        }
        const Json* place = member(properties, "DefinitionS3Location");
        if (!place) throw TemplateError{"the state machine has no definition"};
        const auto key = member(*place, "Key");
        const auto file = asset(key ? stack_.resolve_text(*key, "Key") : "");
        return machine_of(read_whole(file), file.string(), asl::Syntax::Json, substitutions, type);
    }

    void function(const std::string& id, const Json& resource, const Json& properties) {
        const auto name = stack_.physical_name(id);
        const auto text = [&](std::string_view field) {
            const Json* value = member(properties, field);
            return value ? stack_.resolve_text(*value, field) : std::string{};
        };
        FunctionSource source{.name = name,
                              .runtime = text("Runtime"),
                              .handler = text("Handler"),
                              .folder = {},
                              .environment = Json::object()};
        if (text("PackageType") == "Image" || source.runtime.empty()) {
            return left_out(id, "is a container image");
        }
        const auto folder = code_folder(resource, properties, source);
        if (folder.empty()) return left_out(id, "has its code in S3");
        source.folder = folder.string();
        if (const Json* block = member(properties, "Environment")) {
            if (const Json* variables = member(*block, "Variables")) source.environment = stack_.resolve(*variables);
        }
        if (const Json* timeout = member(properties, "Timeout")) {
            source.timeout_seconds = seconds_of(stack_.resolve(*timeout), source.timeout_seconds);
        }
        if (const Json* memory = member(properties, "MemorySize")) {
            source.memory_megabytes = megabytes_of(stack_.resolve(*memory), source.memory_megabytes);
        }
        application_.functions.push_back(function_of(source));
        const auto has = [&](std::string_view property) { return is_given(stack_, member(properties, property)); };
        for (const auto& sentence : left_out_of_function(id, has)) note(sentence);
    }

    // CDK adds functions of its own, for custom resources; a workflow seldom calls them.
    void left_out(const std::string& id, const std::string& what) {
        note("the function " + id + " " + what + ": it is left out");
    }
    void note(const std::string& text) { application_.notes.push_back(file_.string() + ": " + text); }

    // Metadata names the asset when CDK was asked to; else the hash that S3Key begins with does.
    fs::path code_folder(const Json& resource, const Json& properties, const FunctionSource& source) const {
        if (const Json* metadata = member(resource, "Metadata")) {
            const Json* path = member(*metadata, "aws:asset:path");
            if (path && path->is_string()) return existing(file_.parent_path() / path->get<std::string>());
        }
        const Json* code = member(properties, "Code");
        if (const Json* text = code ? member(*code, "ZipFile") : nullptr) {
            auto& written = application_.inline_code;
            if (!written) written = std::make_shared<InlineCode>();
            return written->add(source.runtime, source.handler, stack_.resolve_text(*text, "the code"));
        }
        const Json* key = code ? member(*code, "S3Key") : nullptr;
        return key ? asset(stack_.resolve_text(*key, "S3Key")) : fs::path{};
    }

    fs::path asset(const std::string& key) const {
        const auto name = fs::path{key}.stem().string();
        const auto folder = file_.parent_path();
        for (const auto& path : {folder / ("asset." + name), folder / ("asset." + fs::path{key}.filename().string()),
                                 folder.parent_path() / ("asset." + name)}) {
            if (fs::exists(path)) return path;
        }
        throw TemplateError{"there is no asset '" + key + "' in " + folder.string()};
    }

    static fs::path existing(const fs::path& path) {
        if (fs::exists(path)) return path;
        throw TemplateError{"there is no asset " + path.string()};
    }

    fs::path file_;
    std::unique_ptr<const SourceDocument> source_;
    CloudFormation stack_;
    Application& application_;
};

void add(std::vector<StackReader>& stacks, const fs::path& file, const ArnSpace& arns, const Parameters& parameters,
         Application& application) {
    try {
        stacks.emplace_back(file, arns, parameters, application);
    } catch (const TemplateError& wrong) {
        const std::string text = wrong.what();
        throw TemplateError{text.starts_with(file.string()) ? text : file.string() + ": " + text};
    }
}

}  // namespace

Result<Application, std::string> read_cdk_out(const std::string& folder, const ArnSpace& arns,
                                              const Parameters& parameters) {
    try {
        Application application;
        std::vector<StackReader> stacks;
        Exports exports;
        std::set<std::string, std::less<>> declared;
        for (const auto& file : templates_in(fs::absolute(folder).lexically_normal())) {
            add(stacks, file, arns, parameters, application);
            exports.merge(stacks.back().exports());
            stacks.back().collect_parameters(declared);
        }
        expect_declared(parameters, declared);
        for (auto& stack : stacks) stack.run(exports);
        return application;
    } catch (const TemplateError& wrong) {
        return std::string{wrong.what()};
    }
}

}  // namespace pawl::templates
