// One state: which fields its type may have, and those that several types share.
// Spec: states-language.net, "States Fields"; Developer Guide, "Transforming data".
#include <array>
#include <utility>

#include "states/asl/parser.hpp"
#include "states/asl/spelling.hpp"

namespace pawl::asl {
namespace {

constexpr std::array<StateType, 8> types{StateType::Task, StateType::Wait,   StateType::Pass,     StateType::Succeed,
                                         StateType::Fail, StateType::Choice, StateType::Parallel, StateType::Map};

// The fields of each state type. Spec: Developer Guide, "State machine structure" and the pages of the states.
constexpr auto path_only = Dialect::JSONPath;
constexpr auto jsonata_only = Dialect::JSONata;
// clang-format off
constexpr FieldRule pass_fields[] = {
    {"Type"}, {"Comment"}, {"QueryLanguage"}, {"Next"}, {"End"}, {"Assign"},
    {"InputPath", path_only}, {"OutputPath", path_only}, {"ResultPath", path_only},
    {"Parameters", path_only}, {"Result", path_only}, {"Output", jsonata_only}};
constexpr FieldRule task_fields[] = {
    {"Type"}, {"Comment"}, {"QueryLanguage"}, {"Next"}, {"End"}, {"Assign"}, {"Retry"}, {"Catch"},
    {"Resource"}, {"Credentials"}, {"TimeoutSeconds"}, {"HeartbeatSeconds"},
    {"TimeoutSecondsPath", path_only}, {"HeartbeatSecondsPath", path_only},
    {"InputPath", path_only}, {"OutputPath", path_only}, {"ResultPath", path_only},
    {"Parameters", path_only}, {"ResultSelector", path_only},
    {"Arguments", jsonata_only}, {"Output", jsonata_only}};
constexpr FieldRule choice_fields[] = {
    {"Type"}, {"Comment"}, {"QueryLanguage"}, {"Assign"}, {"Choices"}, {"Default"},
    {"InputPath", path_only}, {"OutputPath", path_only}, {"Output", jsonata_only}};
constexpr FieldRule wait_fields[] = {
    {"Type"}, {"Comment"}, {"QueryLanguage"}, {"Next"}, {"End"}, {"Assign"}, {"Seconds"}, {"Timestamp"},
    {"SecondsPath", path_only}, {"TimestampPath", path_only},
    {"InputPath", path_only}, {"OutputPath", path_only}, {"Output", jsonata_only}};
constexpr FieldRule succeed_fields[] = {
    {"Type"}, {"Comment"}, {"QueryLanguage"},
    {"InputPath", path_only}, {"OutputPath", path_only}, {"Output", jsonata_only}};
constexpr FieldRule fail_fields[] = {
    {"Type"}, {"Comment"}, {"QueryLanguage"}, {"Error"}, {"Cause"},
    {"ErrorPath", path_only}, {"CausePath", path_only}};
constexpr FieldRule parallel_fields[] = {
    {"Type"}, {"Comment"}, {"QueryLanguage"}, {"Next"}, {"End"}, {"Assign"}, {"Retry"}, {"Catch"}, {"Branches"},
    {"InputPath", path_only}, {"OutputPath", path_only}, {"ResultPath", path_only},
    {"Parameters", path_only}, {"ResultSelector", path_only},
    {"Arguments", jsonata_only}, {"Output", jsonata_only}};
constexpr FieldRule map_fields[] = {
    {"Type"}, {"Comment"}, {"QueryLanguage"}, {"Next"}, {"End"}, {"Assign"}, {"Retry"}, {"Catch"},
    {"ItemProcessor"}, {"Iterator"}, {"ItemSelector"}, {"ItemReader"}, {"ItemBatcher"}, {"ResultWriter"}, {"Label"},
    {"MaxConcurrency"}, {"ToleratedFailureCount"}, {"ToleratedFailurePercentage"},
    {"MaxConcurrencyPath", path_only}, {"ToleratedFailureCountPath", path_only},
    {"ToleratedFailurePercentagePath", path_only}, {"ItemsPath", path_only},
    {"InputPath", path_only}, {"OutputPath", path_only}, {"ResultPath", path_only},
    {"Parameters", path_only}, {"ResultSelector", path_only},
    {"Items", jsonata_only}, {"Output", jsonata_only}};
// clang-format on

std::span<const FieldRule> fields_of(StateType type) {
    switch (type) {
        case StateType::Pass:
            return pass_fields;
        case StateType::Task:
            return task_fields;
        case StateType::Choice:
            return choice_fields;
        case StateType::Wait:
            return wait_fields;
        case StateType::Succeed:
            return succeed_fields;
        case StateType::Fail:
            return fail_fields;
        case StateType::Parallel:
            return parallel_fields;
        case StateType::Map:
            return map_fields;
    }
    return {};
}

bool has_field(StateType type, std::string_view name) {
    for (const auto& rule : fields_of(type)) {
        if (rule.name == name) return true;
    }
    return false;
}

std::optional<StateType> read_type(const Fields& fields) {
    if (!fields.require({"Type"})) return std::nullopt;
    const auto written = fields.text("Type");
    if (!written) return std::nullopt;
    std::vector<std::string_view> names;
    std::string listed;
    for (const auto type : types) {
        names.push_back(to_string(type));
        if (*written == names.back()) return type;
        listed += (listed.empty() ? "" : ", ") + std::string{names.back()};
    }
    fields.error("Type", "The field 'Type' should have one of these values: [" + listed + "]",
                 did_you_mean(*written, names));
    return std::nullopt;
}

Filter read_filter(const Fields& fields, std::string_view name) {
    const Json* value = fields.find(name);
    if (value && value->is_null()) return {.null = true, .path = {}};
    return {.null = false, .path = fields.path(name)};
}

// Next, or End: true.
std::string read_way_out(StateReader& reader) {
    const Fields& fields = reader.fields;
    std::string next = reader.target(fields, "Next");
    const auto end = fields.flag("End");
    if (end.value_or(false)) {
        reader.block().terminal = true;
        if (fields.has("Next")) fields.at_most_one({"Next", "End"});
    } else if (!fields.has("Next")) {
        reader.block().unclear = true;
        const bool told = fields.has("End") && !end;  // its type is wrong
        if (!told) fields.error_here("This object should have only one of the following fields: [Next, End]");
    }
    return end.value_or(false) ? std::string{} : next;
}

// What every state type reads by itself.
void read_kind(StateReader& reader, StateType type, State& state) {
    switch (type) {
        case StateType::Pass:
            state.kind = parse_pass(reader);
            break;
        case StateType::Task:
            state.kind = parse_task(reader);
            break;
        case StateType::Choice:
            state.kind = parse_choice(reader);
            break;
        case StateType::Wait:
            state.kind = parse_wait(reader);
            break;
        case StateType::Succeed:
            state.kind = Succeed{};
            break;
        case StateType::Fail:
            state.kind = parse_fail(reader);
            break;
        case StateType::Parallel:
            state.kind = parse_parallel(reader);
            break;
        case StateType::Map:
            state.kind = parse_map(reader);
            break;
    }
}

// What several state types have in common.
void read_common(StateReader& reader, StateType type, State& state) {
    const Fields& fields = reader.fields;
    state.comment = fields.text("Comment").value_or("");
    state.input_path = read_filter(fields, "InputPath");
    state.output_path = read_filter(fields, "OutputPath");
    if (type != StateType::Map)
        state.parameters = fields.object_template(reader.json_path() ? "Parameters" : "Arguments");
    state.result_selector = fields.payload_template("ResultSelector");
    state.result_path = parse_result_path(fields);
    state.output = fields.query_template("Output", reader.result_part);
    state.assign = parse_assign(reader, fields, reader.result_part);
    state.retry = parse_retry(reader);
    state.catchers = parse_catch(reader);
    if (has_field(type, "End")) state.next = read_way_out(reader);
    if (type == StateType::Succeed || type == StateType::Fail) reader.block().terminal = true;
}

// Is it left to a placeholder where the state leads to?
bool leads_anywhere(const Fields& fields) {
    for (const std::string_view name : {"Next", "End", "Default", "Choices", "Catch"}) {
        const Json* value = fields.find(name);
        if (!value) continue;
        if (fields.report().open(fields.at(name))) return true;
        for (std::size_t i = 0; value->is_array() && i < value->size(); ++i) {
            if (fields.report().open(fields.at(name).at(i))) return true;
        }
    }
    return false;
}

QueryLanguage read_language(Parser& parser, const Fields& fields) {
    const auto machine = parser.definition.query_language;
    const Json* written = fields.find("QueryLanguage");
    if (machine == QueryLanguage::JSONata && written && *written == "JSONPath") {
        fields.error_here("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", {},
                          "QueryLanguage");
        return QueryLanguage::JSONPath;
    }
    return parse_query_language(fields, machine);
}

}  // namespace

std::string StateReader::target(const Fields& in, std::string_view name) const {
    auto target = in.text(name);
    if (!target || in.report().open(in.at(name))) {
        if (in.has(name)) block().unclear = true;
        return {};
    }
    block().transitions.push_back({index, *target, in.at(name)});
    return *std::move(target);
}

const State* parse_state_at(Parser& parser, const std::string& name, const Json& source, Place place,
                            Surroundings around, std::size_t index) {
    if (!source.is_object()) {
        parser.report.add({.where = std::move(place), .message = "Expected value of type Object"});
        parser.blocks[around.block].unclear = true;
        return nullptr;
    }
    const Fields untyped{parser.report, source, place, QueryLanguage::JSONPath};
    const auto type = read_type(untyped);
    if (!type) {
        parser.blocks[around.block].unclear = true;
        return nullptr;
    }
    State state;
    state.name = name;
    state.pointer = place.pointer;
    state.query_language = read_language(parser, untyped);
    place.state = place.location.size();
    Fields fields{parser.report, source, std::move(place), state.query_language};
    fields.allow_only(fields_of(*type));
    const bool has_result = *type == StateType::Task || *type == StateType::Parallel || *type == StateType::Map;
    StateReader reader{parser, around, fields, index, has_result ? data::StatesPart::Result : data::StatesPart::None};
    if (leads_anywhere(fields)) reader.block().unclear = true;
    read_common(reader, *type, state);
    read_kind(reader, *type, state);
    return &parser.definition.add(std::move(state));
}

}  // namespace pawl::asl
