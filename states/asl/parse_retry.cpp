// Retry, Catch, ResultPath and Assign: what several states have. Spec: states-language.net, "Errors", "Variables".
#include <array>
#include <utility>

#include "states/asl/parser.hpp"
#include "states/asl/python_text.hpp"
#include "states/asl/spelling.hpp"
#include "states/error_names.hpp"

namespace pawl::asl {
namespace {

constexpr std::int64_t longest_delay = 31'622'400;  // 366 days
constexpr std::size_t max_variable_name = 80;       // in characters

constexpr FieldRule retrier_fields[] = {{"ErrorEquals"},     {"IntervalSeconds"}, {"MaxAttempts"}, {"BackoffRate"},
                                        {"MaxDelaySeconds"}, {"JitterStrategy"},  {"Comment"}};
constexpr FieldRule catcher_fields[] = {{"ErrorEquals"},
                                        {"Next"},
                                        {"Assign"},
                                        {"Comment"},
                                        {"ResultPath", Dialect::JSONPath},
                                        {"Output", Dialect::JSONata}};

constexpr std::array reserved_errors = {error::all,
                                        error::task_failed,
                                        error::timeout,
                                        error::heartbeat_timeout,
                                        error::runtime,
                                        error::data_limit_exceeded,
                                        error::no_choice_matched,
                                        error::intrinsic_failure,
                                        error::parameter_path_failure,
                                        error::result_path_match_failure,
                                        error::query_evaluation_error,
                                        error::permissions,
                                        error::exceed_tolerated_failure_threshold,
                                        error::item_reader_failed,
                                        error::result_writer_failed,
                                        std::string_view{"States.BranchFailed"},
                                        std::string_view{"States.Http.Socket"}};

void warn_of_unknown(const Place& place, const std::string& name, Report& report) {
    if (!name.starts_with("States.") || name.starts_with("States.Http.")) return;
    if (std::find(reserved_errors.begin(), reserved_errors.end(), name) != reserved_errors.end()) return;
    auto hint = did_you_mean(name, reserved_errors);
    if (hint.empty()) return;  // one of the author's own, though such names are reserved
    report.add({.where = place,
                .message = "'" + name + "' is not an error that the service raises",
                .hint = std::move(hint),
                .code = code::unknown_error_name,
                .severity = Severity::Warning});
}

// `last`: no rule comes after this one.
std::vector<std::string> read_errors(const Fields& fields, bool last) {
    std::vector<std::string> names;
    const Json* list = fields.list("ErrorEquals");
    if (!list) return names;
    const Place place = fields.at("ErrorEquals");
    for (const auto& name : *list) {
        const Place here = place.at(names.size());
        names.push_back(name.is_string() ? name.get<std::string>() : std::string{});
        if (!name.is_string()) {
            fields.report().add({.where = here, .message = "Expected value of type String"});
        } else {
            warn_of_unknown(here, names.back(), fields.report());
        }
    }
    const bool all = std::find(names.begin(), names.end(), error::all) != names.end();
    if (all && (names.size() > 1 || !last)) {
        fields.error("ErrorEquals", "States.ALL must appear alone and at end of list",
                     names.size() > 1 ? "it matches every error: leave out the others"
                                      : "no later rule would ever be looked at: put this one last");
    }
    return names;
}

Retrier read_retrier(const Fields& fields, bool last) {
    Retrier retrier;
    fields.require({"ErrorEquals"});
    fields.text("Comment");
    retrier.error_equals = read_errors(fields, last);
    if (const auto seconds = fields.integer("IntervalSeconds", 0, longest_seconds)) {
        retrier.interval = std::chrono::seconds{*seconds};
    }
    retrier.max_attempts = fields.integer("MaxAttempts", 0, longest_seconds).value_or(retrier.max_attempts);
    retrier.backoff_rate = fields.number("BackoffRate", 1.0, 1e9).value_or(retrier.backoff_rate);
    retrier.full_jitter = fields.one_of("JitterStrategy", {"NONE", "FULL"}) == "FULL";
    if (const auto seconds = fields.integer("MaxDelaySeconds", 1, longest_delay)) {
        retrier.max_delay = std::chrono::seconds{*seconds};
        if (*retrier.max_delay <= retrier.interval) {
            fields.error("MaxDelaySeconds", "MaxDelaySeconds must be greater than IntervalSeconds");
        }
    }
    return retrier;
}

Catcher read_catcher(StateReader& reader, const Fields& fields, bool last) {
    Catcher catcher;
    fields.require({"ErrorEquals", "Next"});
    fields.text("Comment");
    catcher.error_equals = read_errors(fields, last);
    catcher.result_path = parse_result_path(fields);
    catcher.output = fields.query_template("Output", data::StatesPart::ErrorOutput);
    catcher.assign = parse_assign(reader, fields, data::StatesPart::ErrorOutput);
    catcher.next = reader.target(fields, "Next");
    return catcher;
}

// Calls `read` for each object of the list `name`.
template <class Read>
void each_rule(StateReader& reader, std::string_view name, std::span<const FieldRule> rules, const Read& read) {
    const Json* value = reader.fields.find(name);
    if (!value) return;
    if (!value->is_array()) return reader.fields.wrong_type(name, "Array");  // may be empty
    const Place list = reader.fields.at(name);
    std::size_t index = 0;
    for (const auto& source : *value) {
        Place place = list.at(index++);
        if (!source.is_object()) {
            reader.parser.report.add({.where = std::move(place), .message = "Expected value of type Object"});
            continue;
        }
        Fields fields{reader.parser.report, source, std::move(place), reader.fields.language()};
        fields.allow_only(rules);
        read(fields, index == value->size());
    }
}

bool starts_identifier(char32_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80; }

// Empty: a good name.
std::string trouble_with_name(std::string_view name) {
    if (name.empty()) return "the variable name is empty.";
    std::size_t length = 0;
    for (std::string_view rest = name; !rest.empty(); ++length) {
        const auto [bytes, c] = first_character(rest);
        const bool good = starts_identifier(c) || (length > 0 && (c == '_' || (c >= '0' && c <= '9')));
        if (!good) return "the variable name contains invalid characters.";
        rest.remove_prefix(bytes);
    }
    return length > max_variable_name ? "the variable name is longer than 80 characters." : "";
}

}  // namespace

std::vector<Retrier> parse_retry(StateReader& reader) {
    std::vector<Retrier> retriers;
    each_rule(reader, "Retry", retrier_fields,
              [&](const Fields& fields, bool last) { retriers.push_back(read_retrier(fields, last)); });
    return retriers;
}

std::vector<Catcher> parse_catch(StateReader& reader) {
    std::vector<Catcher> catchers;
    each_rule(reader, "Catch", catcher_fields,
              [&](const Fields& fields, bool last) { catchers.push_back(read_catcher(reader, fields, last)); });
    return catchers;
}

ResultPath parse_result_path(const Fields& fields) {
    const Json* value = fields.find("ResultPath");
    if (!value) return {};
    if (value->is_null()) return {.discard = true, .path = {}};
    return {.discard = false, .path = fields.reference_path("ResultPath", Fields::Roots::Data)};
}

std::optional<Template> parse_assign(StateReader& reader, const Fields& fields, data::StatesPart part) {
    const Json* assigned = fields.object("Assign");
    if (!assigned) return std::nullopt;
    for (const auto& [key, value] : assigned->items()) {
        std::string name = key.ends_with(".$") && reader.json_path() ? key.substr(0, key.size() - 2) : key;
        const auto complain = [&, &member = key](std::string message, std::string_view code, std::string hint) {
            reader.parser.report.add({.where = fields.at("Assign"),
                                      .message = std::move(message),
                                      .hint = std::move(hint),
                                      .code = code,
                                      .member = member});
        };
        if (const auto trouble = trouble_with_name(name); !trouble.empty()) {
            complain("Invalid variable name '" + name + "': " + trouble, code::invalid_variable,
                     "a letter, then letters, digits and underscores; at most 80 characters");
        } else if (name == "states") {
            complain("Cannot assign to reserved variable '$states'.", code::reserved_variable, {});
        } else {
            reader.block().assigned.emplace_back(std::move(name), fields.at("Assign"));
        }
    }
    return fields.object_template("Assign", part);
}

}  // namespace pawl::asl
