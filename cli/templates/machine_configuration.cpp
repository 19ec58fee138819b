#include "cli/templates/machine_configuration.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "cli/templates/template_file.hpp"

namespace pawl::templates {
namespace {

constexpr std::array<std::string_view, 4> levels{"ALL", "ERROR", "FATAL", "OFF"};

// CloudFormation's names begin with a capital letter, the API's do not.
Json as_the_api_has_it(const Json& value) {
    if (!value.is_structured()) return value;
    Json renamed = value.is_array() ? Json::array() : Json::object();
    if (value.is_array()) {
        for (const auto& element : value) renamed.push_back(as_the_api_has_it(element));
        return renamed;
    }
    for (const auto& [name, member] : value.items()) {
        auto small = name;
        if (!small.empty()) small[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(small[0])));
        renamed[small] = as_the_api_has_it(member);
    }
    return renamed;
}

// Parameters of templates are texts.
void make_flag(Json& object, const std::string& name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_boolean()) return;
    if (*found != "true" && *found != "false") {
        throw TemplateError{name + " must be true or false, not " + to_text(*found).substr(0, 80)};
    }
    *found = *found == "true";
}

void check_logging(Json& logging) {
    make_flag(logging, "includeExecutionData");
    if (const Json* level = member(logging, "level")) {
        const auto name = level->is_string() ? level->get<std::string>() : std::string{};
        if (std::find(levels.begin(), levels.end(), name) == levels.end()) {
            throw TemplateError{"Level must be ALL, ERROR, FATAL or OFF, not " + to_text(*level).substr(0, 80)};
        }
    }
    const Json* destinations = member(logging, "destinations");
    if (destinations && !destinations->is_array()) throw TemplateError{"Destinations must be a list"};
}

// Null: there is none.
Json resolved(const CloudFormation& stack, const Json& properties, std::string_view field) {
    const Json* written = member(properties, field);
    return written ? as_the_api_has_it(stack.resolve(*written)) : Json{};
}

void expect_object(const Json& value, std::string_view field) {
    if (!value.is_null() && !value.is_object()) throw TemplateError{std::string{field} + " must be an object"};
}

}  // namespace

Json configuration_of(const CloudFormation& stack, const std::string& logical_id, const Json& properties,
                      const ConfigurationFields& fields, std::vector<std::string>& notes) {
    Json configuration = Json::object();
    auto tracing = resolved(stack, properties, fields.tracing);
    expect_object(tracing, fields.tracing);
    if (!tracing.is_null()) {
        make_flag(tracing, "enabled");
        configuration["tracingConfiguration"] = std::move(tracing);
    }
    Json logging;
    try {
        logging = resolved(stack, properties, fields.logging);
    } catch (const TemplateError& wrong) {
        notes.push_back("the logging of the state machine " + logical_id + " is left out: " + wrong.what());
    }
    expect_object(logging, fields.logging);
    if (!logging.is_null()) {
        check_logging(logging);
        configuration["loggingConfiguration"] = std::move(logging);
    }
    return configuration;
}

}  // namespace pawl::templates
