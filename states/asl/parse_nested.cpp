// Parallel and Map: states that hold states. Spec: states-language.net, "Parallel State", "Map State"; Developer
// Guide, "Using Map state in Distributed mode".
#include <utility>

#include "states/asl/map_fields.hpp"
#include "states/asl/parser.hpp"
#include "states/asl/python_text.hpp"

namespace pawl::asl {
namespace {

constexpr FieldRule branch_fields[] = {{"StartAt"}, {"States"}, {"Comment"}};
constexpr FieldRule processor_fields[] = {{"StartAt"}, {"States"}, {"Comment"}, {"ProcessorConfig"}};
constexpr FieldRule standard_config[] = {{"Mode"}, {"ExecutionType"}};
constexpr FieldRule inline_config[] = {{"Mode"}};

States parse_branch(StateReader& reader, const Json& source, Place place) {
    if (!source.is_object()) {
        reader.parser.report.add({.where = std::move(place), .message = "Expected value of type Object"});
        return {};
    }
    Fields fields{reader.parser.report, source, std::move(place), reader.fields.language()};
    fields.allow_only(branch_fields);
    fields.text("Comment");
    fields.require({"States", "StartAt"});
    Block block;
    block.parent = reader.around.block;
    return parse_block(reader.parser, fields, std::move(block), reader.around.depth + 1, reader.around.machine);
}

// What a Label and the names of state machines may not hold.
bool forbidden_in_label(char32_t c) {
    constexpr std::string_view special = "?*<>{}[]\"#%\\^|~`$&,;:/";
    if (c < 0x7F) return c <= 0x20 || special.find(static_cast<char>(c)) != std::string_view::npos;
    const bool space = c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
                       c == 0x202F || c == 0x205F || c == 0x3000;
    return c <= 0x9F || space || c == 0xFFFE || c == 0xFFFF;
}

std::string read_label(StateReader& reader) {
    auto label = reader.fields.text("Label");
    if (!label) return {};
    const auto refuse = [&](std::string message, std::string_view code, std::string hint = {}) {
        reader.parser.report.add(
            {.where = reader.fields.at("Label"), .message = std::move(message), .hint = std::move(hint), .code = code});
    };
    if (label->empty()) {
        refuse("Label cannot be empty", code::invalid_label, "without a Label, a generated one stands in the ARN");
        return {};
    }
    std::size_t length = 0;
    for (std::string_view rest = *label; !rest.empty(); ++length) {
        const auto [bytes, c] = first_character(rest);
        if (forbidden_in_label(c)) {
            refuse("Label contains invalid character: " + python_repr(rest.substr(0, bytes)), code::invalid_label,
                   "a label is part of an ARN: use letters, digits, '-' and '_'");
            return {};
        }
        rest.remove_prefix(bytes);
    }
    if (length > max_label) {
        refuse("Label cannot exceed " + std::to_string(max_label) + " characters", code::invalid_label);
    } else if (!reader.parser.labels.insert(*label).second) {
        refuse("Duplicate Label name: " + *label, code::duplicate_label);
    }
    return *std::move(label);
}

void read_processor_config(StateReader& reader, const Fields& processor, Map& map) {
    const Json* source = processor.object("ProcessorConfig");
    if (!source) return;
    Fields config{reader.parser.report, *source, processor.at("ProcessorConfig"), processor.language()};
    const bool distributed = config.one_of("Mode", {"INLINE", "DISTRIBUTED"}) == "DISTRIBUTED";
    if (!distributed) return config.allow_only(inline_config);
    map.mode = MapMode::Distributed;
    config.allow_only(standard_config);
    config.require({"ExecutionType"});
    if (config.one_of("ExecutionType", {"STANDARD", "EXPRESS"}) == "EXPRESS") map.execution_type = MachineType::Express;
    if (reader.around.machine == MachineType::Express) {
        config.error("Mode",
                     "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines");
    }
}

void read_processor(StateReader& reader, Map& map) {
    const Fields& fields = reader.fields;
    if (!fields.exactly_one({"ItemProcessor", "Iterator"})) return;
    const std::string_view name = fields.has("ItemProcessor") ? "ItemProcessor" : "Iterator";
    const Json* source = fields.object(name);
    if (!source) return;
    Fields processor{reader.parser.report, *source, fields.at(name), fields.language()};
    processor.allow_only(processor_fields);
    processor.text("Comment");
    processor.require({"States", "StartAt"});
    read_processor_config(reader, processor, map);
    const bool distributed = map.mode == MapMode::Distributed;
    Block block;
    block.parent = reader.around.block;
    block.own_variables = distributed;
    map.processor = parse_block(reader.parser, processor, std::move(block), reader.around.depth + 1,
                                distributed ? map.execution_type : reader.around.machine);
}

// Items: an array, or an expression that gives one.
void read_items(const Fields& fields, Map& map) {
    const Json* items = fields.find("Items");
    if (!items) return;
    const bool object = items->is_object() && map.mode == MapMode::Distributed;
    if (!items->is_array() && !object && !fields.is_expression("Items")) return fields.wrong_type("Items", "Array");
    map.items = fields.query_template("Items");
}

}  // namespace

Parallel parse_parallel(StateReader& reader) {
    Parallel parallel;
    reader.fields.require({"Branches"});
    const Json* branches = reader.fields.list("Branches");
    if (!branches) return parallel;
    const Place place = reader.fields.at("Branches");
    std::size_t index = 0;
    for (const auto& branch : *branches) parallel.branches.push_back(parse_branch(reader, branch, place.at(index++)));
    return parallel;
}

Map parse_map(StateReader& reader) {
    const Fields& fields = reader.fields;
    Map map;
    read_processor(reader, map);
    map.items_path = fields.reference_path("ItemsPath", Fields::Roots::Any);
    read_items(fields, map);
    if (fields.at_most_one({"ItemSelector", "Parameters"})) {
        if (fields.has("Parameters")) map.item_selector_field = "Parameters";
        map.item_selector = fields.object_template(map.item_selector_field);
    }
    map.max_concurrency = fields.integer_or_path("MaxConcurrency", 0, INT64_MAX);
    map.tolerated_failure_count = fields.integer_or_path("ToleratedFailureCount", 0, INT64_MAX);
    if (fields.at_most_one({"ToleratedFailurePercentage", "ToleratedFailurePercentagePath"})) {
        auto& percentage = map.tolerated_failure_percentage.held;
        if (fields.is_expression("ToleratedFailurePercentage")) {
            if (auto query = fields.query("ToleratedFailurePercentage")) percentage = *std::move(query);
        } else if (const auto value = fields.number("ToleratedFailurePercentage", 0.0, 100.0)) {
            percentage = *value;
        }
        if (auto path = fields.reference_path("ToleratedFailurePercentagePath")) percentage = *std::move(path);
    }
    map.label = read_label(reader);
    read_map_data(fields, map);
    return map;
}

}  // namespace pawl::asl
