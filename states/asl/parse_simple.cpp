// Pass, Wait and Fail. Spec: states-language.net, "Pass State", "Wait State", "Fail State".
#include "states/asl/parser.hpp"
#include "states/asl/template_lint.hpp"

namespace pawl::asl {
namespace {

void warn_of_path(const Fields& fields, std::string_view name) {
    const Json* value = fields.find(name);
    if (!value || !value->is_string() || !looks_evaluated(value->get_ref<const std::string&>())) return;
    const std::string field{name};
    fields.report().add({.where = fields.at(name),
                         .message = "The value of '" + field + "' looks like a path, but it is taken literally",
                         .hint = "name the field '" + field + "Path' to have it evaluated",
                         .code = code::no_path,
                         .severity = Severity::Warning});
}

Fail::Text read_text_or_path(const Fields& fields, std::string_view name) {
    const std::string path_name = std::string{name} + "Path";
    if (!fields.at_most_one({name, path_name})) return {};
    if (const auto path = fields.text(path_name)) {
        auto expression = data::Expression::compile(*path);
        if (expression) return *std::move(expression);
        fields.error(
            path_name,
            "The value for the field '" + path_name + "' must be a valid JSONPath or a valid intrinsic function call",
            expression.error());
        return {};
    }
    if (fields.is_expression(name)) {
        if (auto query = fields.query(name)) return *std::move(query);
        return {};
    }
    if (fields.language() == QueryLanguage::JSONPath) warn_of_path(fields, name);
    if (auto written = fields.text(name)) return *std::move(written);
    return {};
}

void read_timestamp(const Fields& fields, Wait& wait) {
    if (fields.is_expression("Timestamp")) {
        if (auto query = fields.query("Timestamp")) wait.timestamp.held = *std::move(query);
        return;
    }
    const auto written = fields.text("Timestamp");
    if (!written) return;
    if (!parse_iso8601(*written)) {
        const std::string hint =
            looks_evaluated(*written) ? "a path goes into 'TimestampPath'" : "write it like 2030-01-31T18:00:00Z";
        fields.error("Timestamp", "String does not match RFC3339 timestamp", hint);
        return;
    }
    wait.timestamp.held = *written;
}

}  // namespace

Pass parse_pass(StateReader& reader) {
    const Fields& fields = reader.fields;
    Pass pass;
    if (const Json* result = fields.find("Result")) {
        lint_result(*result, fields.at("Result"), fields.report());
        pass.result = *result;
    }
    return pass;
}

Wait parse_wait(StateReader& reader) {
    const Fields& fields = reader.fields;
    Wait wait;
    const bool one = reader.json_path() ? fields.exactly_one({"SecondsPath", "Seconds", "TimestampPath", "Timestamp"})
                                        : fields.exactly_one({"Seconds", "Timestamp"});
    if (!one) return wait;
    if (fields.is_expression("Seconds")) {
        if (auto query = fields.query("Seconds")) wait.seconds.held = *std::move(query);
    } else if (const auto seconds = fields.integer("Seconds", 0, longest_seconds)) {
        wait.seconds.held = *seconds;
    }
    if (auto path = fields.reference_path("SecondsPath", Fields::Roots::Any)) wait.seconds.held = *std::move(path);
    read_timestamp(fields, wait);
    if (auto path = fields.reference_path("TimestampPath", Fields::Roots::Any)) {
        wait.timestamp.held = *std::move(path);
    }
    return wait;
}

Fail parse_fail(StateReader& reader) {
    return {read_text_or_path(reader.fields, "Error"), read_text_or_path(reader.fields, "Cause")};
}

}  // namespace pawl::asl
