#include "cli/templates/function_of.hpp"

#include <algorithm>
#include <filesystem>

#include "cli/templates/cloudformation.hpp"
#include "orchestrator/functions/function_name.hpp"
#include "orchestrator/functions/runtime_kind.hpp"

namespace pawl::templates {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

// "src/app.main" is the function main of src/app.py; dots before the last one lead into folders.
void expect_handler(const FunctionSource& source, std::initializer_list<std::string_view> endings) {
    const auto dot = source.handler.rfind('.');
    if (dot == std::string::npos || dot == 0) {
        throw TemplateError{"Handler must be FILE.FUNCTION, not '" + source.handler + "'"};
    }
    std::string module = source.handler.substr(0, dot);
    std::string nested = module;
    std::replace(nested.begin(), nested.end(), '.', '/');
    for (const auto& name : {module, nested}) {
        for (const auto ending : endings) {
            const auto file = fs::path{source.folder} / (name + std::string{ending});
            if (is_file(file)) return;
        }
    }
    const auto stem = (fs::path{source.folder} / module).string();
    if (is_file(stem + ".ts")) {
        throw TemplateError{stem + ".ts must be built first: run `sam build`, and give .aws-sam/build/template.yaml"};
    }
    throw TemplateError{"there is no file " + stem + std::string{*endings.begin()} + " for the handler '" +
                        source.handler + "'"};
}

// What can be seen before anything runs.
void check_code(const FunctionSource& source) {
    const auto kind = runtime_kind(source.runtime);
    if (!kind) {
        throw TemplateError{"the runtime '" + source.runtime + "' can't be started here (" +
                            std::string{known_runtimes} +
                            " can): put the function into a file for --functions, with "
                            "a 'command' that speaks the Lambda Runtime API"};
    }
    switch (*kind) {
        case RuntimeKind::Python:
            return expect_handler(source, {".py"});
        case RuntimeKind::Node:
            return expect_handler(source, {".js", ".cjs", ".mjs"});
        case RuntimeKind::Provided:
            break;
    }
    const auto file = fs::path{source.folder} / "bootstrap";
    if (!is_file(file)) throw TemplateError{"there is no program " + file.string() + ": build it first"};
}

}  // namespace

FunctionConfig function_of(const FunctionSource& source) {
    if (!is_function_name(source.name)) {
        throw TemplateError{"a function's name has letters, digits, '-' and '_', at most 64: '" + source.name + "'"};
    }
    check_code(source);
    FunctionConfig config;
    config.name = source.name;
    config.runtime = source.runtime;
    config.handler = source.handler.empty() ? "bootstrap" : source.handler;
    config.code_folder = fs::absolute(source.folder).string();
    config.working_directory = config.code_folder;
    config.hot_reload = true;
    config.timeout = std::chrono::seconds{source.timeout_seconds};
    config.memory_megabytes = static_cast<std::size_t>(source.memory_megabytes);
    if (source.environment.is_object()) {
        for (const auto& [name, value] : source.environment.items()) {
            if (value.is_structured() || value.is_null()) {
                throw TemplateError{"the environment variable '" + name + "' must be a text"};
            }
            config.environment[name] = value.is_string() ? value.get<std::string>() : to_text(value);
        }
    }
    return config;
}

}  // namespace pawl::templates
