// From text to Definition: JSON, then the machine, then the checks that need all of it.
#include "states/asl/parser.hpp"

#include <utility>

#include "states/asl/json_syntax.hpp"
#include "states/asl/source_text.hpp"
#include "states/asl/spelling.hpp"

namespace pawl::asl {
namespace {

constexpr FieldRule machine_fields[] = {{"Comment"}, {"QueryLanguage"},  {"StartAt"},
                                        {"States"},  {"TimeoutSeconds"}, {"Version"}};
constexpr std::size_t max_duplicate_warnings = 100;

std::string location_of(Position position) {
    return "[line: " + std::to_string(position.line) + ", column: " + std::to_string(position.column) + "]";
}

Diagnostics not_json(const SourceText& source, const JsonSyntaxError& error) {
    const auto text = source.json();
    if (text.empty()) {
        return {{Severity::Error,
                 std::string{code::missing_description},
                 "Received a null or empty workflow input",
                 "",
                 {},
                 "a definition is a JSON object with the fields StartAt and States"}};
    }
    Diagnostic diagnostic{Severity::Error, std::string{code::invalid_json}, error.message, "", {}, ""};
    std::size_t offset = error.offset, read = error.offset;
    if (auto problem = find_syntax_problem(text, "definition")) {
        diagnostic.message = std::move(problem->message);
        offset = problem->offset;
        read = problem->read;
    }
    diagnostic.position = position_at(source.original(), source.origin(offset));
    diagnostic.location = location_of(position_at(source.original(), source.origin(read)));
    diagnostic.hint = syntax_hint(text, offset);
    return {std::move(diagnostic)};
}

void warn_of_duplicates(const SourceIndex& source, Report& report) {
    for (auto& duplicate : source.duplicates(max_duplicate_warnings)) {
        report.add({.where = std::move(duplicate.place),
                    .message = "The field '" + duplicate.key + "' is in this object more than once",
                    .hint = "only the last one counts",
                    .code = code::duplicate_field,
                    .severity = Severity::Warning});
    }
}

void warn_of_open(const SourceText& source, const ParseOptions& options, Report& report) {
    std::vector<std::string_view> names;
    if (options.substitutions) {
        for (const auto& [name, value] : options.substitutions->items()) names.push_back(name);
    }
    for (const auto& [offset, name] : source.open()) {
        report.add_at(offset, {Severity::Warning,
                               std::string{code::open_placeholder},
                               "The placeholder '${" + name + "}' has no value",
                               location_of(position_at(source.original(), offset)),
                               {},
                               did_you_mean(name, names)});
    }
}

// An Express machine runs no longer, whatever its TimeoutSeconds say.
constexpr std::chrono::seconds express_time_limit{300};

void parse_machine(Parser& parser, const Json& source) {
    Fields untyped{parser.report, source, {}, QueryLanguage::JSONPath};
    auto& definition = parser.definition;
    untyped.allow_only(machine_fields);
    untyped.require({"States", "StartAt"});
    definition.query_language = parse_query_language(untyped, QueryLanguage::JSONPath);
    definition.comment = untyped.text("Comment").value_or("");
    definition.version = untyped.one_of("Version", {"1.0"}).value_or("1.0");
    const auto timeout = untyped.integer("TimeoutSeconds", 0, longest_seconds);
    // The service takes 0 for a machine without a time-out.
    if (timeout && *timeout > 0) definition.timeout = std::chrono::seconds{*timeout};
    if (parser.options.machine_type == MachineType::Express) {
        definition.timeout = std::min(definition.timeout.value_or(express_time_limit), express_time_limit);
    }
    definition.top = parse_block(parser, untyped, {}, 0, parser.options.machine_type);
}

// Parses `text` and lets `read` see it; the checks across states come last.
template <class Read>
Parsed parse_with(std::string_view text, const ParseOptions& options, const Read& read) {
    const auto source = SourceText::read(text, options);
    if (!source) return {nullptr, source.error()};
    const auto json = parse_json(source->json());
    if (!json) return {nullptr, not_json(*source, json.error())};
    const SourceIndex index{source->json()};
    auto definition = std::make_shared<Definition>();
    Parser parser{options, *definition, Report{*source, index}};
    if (json->is_object()) {
        read(parser, *json);
        check_transitions(parser);
        check_variable_scopes(parser);
    } else {
        parser.report.add({.where = {}, .message = "Expected value of type Object"});
    }
    warn_of_duplicates(index, parser.report);
    if (!options.placeholders) warn_of_open(*source, options, parser.report);
    Parsed parsed{std::move(definition), parser.report.diagnostics()};
    if (source->derived()) parsed.json = source->json();
    for (const auto& diagnostic : parsed.diagnostics) {
        if (diagnostic.severity == Severity::Error) parsed.definition = nullptr;
    }
    return parsed;
}

}  // namespace

Parsed parse_definition(std::string_view text, const ParseOptions& options) {
    return parse_with(text, options, parse_machine);
}

Parsed parse_state(std::string_view text, const ParseOptions& options) {
    return parse_with(text, options, [](Parser& parser, const Json& source) {
        const std::string name = "StateName";
        const Place place{"", "/States/" + name};
        Block block;
        block.alone = true;
        block.start_at = name;
        block.states = {{name, place}};
        parser.blocks.push_back(std::move(block));
        parser.state_names.insert(name);
        parser.definition.top.start_at = name;
        const auto* state = parse_state_at(parser, name, source, place, {0, 0, parser.options.machine_type}, 0);
        if (state) parser.definition.top.states = {state};
    });
}

QueryLanguage parse_query_language(const Fields& fields, QueryLanguage inherited) {
    const auto written = fields.one_of("QueryLanguage", {"JSONPath", "JSONata"});
    if (!written) return inherited;
    return *written == "JSONata" ? QueryLanguage::JSONata : QueryLanguage::JSONPath;
}

}  // namespace pawl::asl
