// Templates of SAM: Globals, AWS::Serverless::Function, AWS::Serverless::StateMachine; and the plain resources of
// CloudFormation, which a template may hold beside them.
#include "cli/templates/function_of.hpp"
#include "cli/templates/left_out.hpp"
#include "cli/templates/machine_configuration.hpp"
#include "cli/templates/template_file.hpp"

namespace pawl::templates {
namespace {

namespace fs = std::filesystem;

class SamReader {
  public:
    SamReader(const fs::path& file, const ArnSpace& arns, const Parameters& parameters)
        : file_{file},
          folder_{fs::absolute(file).lexically_normal().parent_path()},
          source_{read_template(file)},
          stack_{source_->value(), arns, parameters} {}

    Application run(const Parameters& parameters) {
        std::set<std::string, std::less<>> declared;
        stack_.collect_parameters(declared);
        expect_declared(parameters, declared);
        for (const auto& [id, resource] : stack_.resources().items()) {
            const auto type = resource.value("Type", "");
            try {
                read(id, type, resource);
            } catch (const TemplateError& wrong) {
                throw TemplateError{file_.string() + ": " + id + ": " + wrong.what()};
            }
        }
        return std::move(application_);
    }

  private:
    void read(const std::string& id, const std::string& type, const Json& resource) {
        const Json none = Json::object();
        const Json* found = member(resource, "Properties");
        const Json& properties = found ? *found : none;
        if (type == "AWS::Serverless::Function") {
            function(id, properties, member(properties, "CodeUri"));
        } else if (type == "AWS::Lambda::Function") {
            function(id, properties, member(properties, "Code"));
        } else if (type == "AWS::Serverless::StateMachine") {
            machine(id, properties, {"Definition", "DefinitionUri", "Type", "Role", {"Logging", "Tracing"}});
        } else if (type == "AWS::StepFunctions::StateMachine") {
            machine(id, properties,
                    {"Definition",
                     "DefinitionS3Location",
                     "StateMachineType",
                     "RoleArn",
                     {"LoggingConfiguration", "TracingConfiguration"}});
        }
    }

    // A property of a function, or what Globals says for all of them; null: neither.
    const Json* written(const Json& properties, std::string_view name) const {
        if (const Json* own = member(properties, name)) return own;
        const Json* globals = member(stack_.source(), "Globals");
        const Json* functions = globals ? member(*globals, "Function") : nullptr;
        return functions ? member(*functions, name) : nullptr;
    }
    Json setting(const Json& properties, std::string_view name) const {
        const Json* found = written(properties, name);
        return found ? stack_.resolve(*found) : Json{};
    }
    std::string setting_text(const Json& properties, std::string_view name) const {
        const auto value = setting(properties, name);
        if (value.is_null()) return {};
        if (!value.is_string()) throw TemplateError{std::string{name} + " must be a text"};
        return value.get<std::string>();
    }

    // Variables of the function and of Globals; the function's own win.
    Json environment(const Json& properties) const {
        Json variables = Json::object();
        const Json* globals = member(stack_.source(), "Globals");
        const Json* of_all = globals ? member(*globals, "Function") : nullptr;
        for (const Json* holder : {of_all, &properties}) {
            const Json* block = holder ? member(*holder, "Environment") : nullptr;
            const Json* own = block ? member(*block, "Variables") : nullptr;
            if (!own) continue;
            const auto resolved = stack_.resolve(*own);
            if (!resolved.is_object()) throw TemplateError{"Environment.Variables must be an object"};
            for (const auto& [name, value] : resolved.items()) variables[name] = value;
        }
        return variables;
    }

    void function(const std::string& id, const Json& properties, const Json* code) {
        if (setting_text(properties, "PackageType") == "Image") {
            throw TemplateError{
                "a function that is a container image can't be started here: put it into a file for "
                "--functions, with a 'command' that speaks the Lambda Runtime API"};
        }
        FunctionSource source;
        source.name = stack_.physical_name(id);
        source.runtime = setting_text(properties, "Runtime");
        source.handler = setting_text(properties, "Handler");
        source.folder = code_folder(properties, code, source);
        source.environment = environment(properties);
        source.timeout_seconds = seconds_of(setting(properties, "Timeout"), source.timeout_seconds);
        source.memory_megabytes = megabytes_of(setting(properties, "MemorySize"), source.memory_megabytes);
        const auto has = [&](std::string_view name) { return is_given(stack_, written(properties, name)); };
        note(left_out_of_function(id, has));
        if (!fs::is_directory(source.folder))
            throw TemplateError{"there is no folder " + source.folder + " with the code"};
        application_.functions.push_back(function_of(source));
    }

    std::string code_folder(const Json& properties, const Json* code, const FunctionSource& source) {
        const Json* text = member(properties, "InlineCode");
        if (!text && code) text = member(*code, "ZipFile");
        if (text) {
            if (!application_.inline_code) application_.inline_code = std::make_shared<InlineCode>();
            return application_.inline_code->add(source.runtime, source.handler, stack_.resolve_text(*text, "the code"))
                .string();
        }
        const auto uri = code ? stack_.resolve(*code) : setting(properties, "CodeUri");
        if (uri.is_object()) throw TemplateError{"the code is in S3: give the template that names local folders"};
        auto folder = (folder_ / (uri.is_string() ? uri.get<std::string>() : ".")).lexically_normal().string();
        if (folder.ends_with('/')) folder.pop_back();
        return folder;
    }

    // Their names for what both kinds of state machines have.
    struct MachineFields {
        std::string_view definition, uri, type, role;
        ConfigurationFields configuration;
    };

    void machine(const std::string& id, const Json& properties, const MachineFields& fields) {
        const Json* kind = member(properties, fields.type);
        const auto type = kind && stack_.resolve_text(*kind, fields.type) == "EXPRESS" ? asl::MachineType::Express
                                                                                       : asl::MachineType::Standard;
        const Json* values = member(properties, "DefinitionSubstitutions");
        const auto substitutions = values ? stack_.resolve(*values) : Json::object();
        if (!substitutions.is_object()) throw TemplateError{"DefinitionSubstitutions must be an object"};
        auto machine = read_definition(id, properties, fields, substitutions, type);
        machine.logical_id = id;
        machine.name = stack_.physical_name(id);
        machine.role_arn = role_of(stack_, properties, fields.role);
        std::vector<std::string> notes;
        machine.configuration = configuration_of(stack_, id, properties, fields.configuration, notes);
        note(notes);
        note(
            left_out_of_machine(id, [&](std::string_view name) { return is_given(stack_, member(properties, name)); }));
        application_.machines.push_back(std::move(machine));
    }

    TemplateMachine read_definition(const std::string& id, const Json& properties, const MachineFields& fields,
                                    const Json& substitutions, asl::MachineType type) const {
        if (const Json* uri = member(properties, fields.uri)) {
            const auto place = stack_.resolve(*uri);
            if (!place.is_string() || place.get<std::string>().starts_with("s3:")) {
                throw TemplateError{std::string{fields.uri} + " is in S3: give the template that names a local file"};
            }
            const auto file = (folder_ / place.get<std::string>()).lexically_normal();
            const auto text = read_whole(file);
            const bool yaml = file.extension() == ".yaml" || file.extension() == ".yml";
            return machine_of(text, file.string(), yaml ? asl::Syntax::Yaml : asl::guess_syntax(text), substitutions,
                              type);
        }
        if (const Json* text = member(properties, "DefinitionString")) {
            return machine_of_string(stack_.resolve_text(*text, "DefinitionString"), *source_,
                                     pointer_to(id, "DefinitionString"), file_.string(), substitutions, type);
        }
        const Json* inline_definition = member(properties, fields.definition);
        if (!inline_definition) throw TemplateError{"the state machine has no definition"};
        return machine_of_object(stack_.resolve(*inline_definition), *source_, pointer_to(id, fields.definition),
                                 file_.string(), substitutions, type);
    }

    void note(const std::vector<std::string>& notes) {
        for (const auto& text : notes) application_.notes.push_back(file_.string() + ": " + text);
    }

    fs::path file_, folder_;
    std::unique_ptr<const SourceDocument> source_;
    CloudFormation stack_;
    Application application_;
};

}  // namespace

Result<Application, std::string> read_sam(const std::string& file, const ArnSpace& arns, const Parameters& parameters) {
    try {
        return SamReader{file, arns, parameters}.run(parameters);
    } catch (const TemplateError& wrong) {
        const std::string text = wrong.what();
        return text.starts_with(file) ? text : file + ": " + text;
    }
}

}  // namespace pawl::templates
