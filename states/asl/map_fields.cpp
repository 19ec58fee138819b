#include "states/asl/map_fields.hpp"

namespace pawl::asl {
namespace {

constexpr std::int64_t max_items = 100'000'000;
constexpr std::int64_t max_batch_bytes = 262'144;

constexpr auto path_only = Dialect::JSONPath;
constexpr FieldRule reader_fields[] = {
    {"Resource"}, {"ReaderConfig"}, {"Parameters", path_only}, {"Arguments", Dialect::JSONata}};
constexpr FieldRule reader_config_fields[] = {{"InputType"},    {"Transformation"},          {"ManifestType"},
                                              {"CSVDelimiter"}, {"CSVHeaderLocation"},       {"CSVHeaders"},
                                              {"MaxItems"},     {"MaxItemsPath", path_only}, {"ItemsPointer"}};
constexpr FieldRule batcher_fields[] = {{"MaxItemsPerBatch"},
                                        {"MaxItemsPerBatchPath", path_only},
                                        {"MaxInputBytesPerBatch"},
                                        {"MaxInputBytesPerBatchPath", path_only},
                                        {"BatchInput"}};
constexpr FieldRule writer_fields[] = {
    {"Resource"}, {"WriterConfig"}, {"Parameters", path_only}, {"Arguments", Dialect::JSONata}};
constexpr FieldRule writer_config_fields[] = {{"OutputType"}, {"Transformation"}};

// A resource of S3, whatever the partition.
void check_resource(const Fields& fields, std::initializer_list<std::string_view> actions) {
    const auto resource = fields.non_empty_text("Resource");
    if (!resource) return;
    for (const auto action : actions) {
        if (resource->ends_with(":states:::s3:" + std::string{action})) return;
    }
    fields.error("Resource", "The field 'Resource' does not match any of the allowed values");
}

void check_headers(const Fields& config) {
    const auto type = config.one_of("InputType", {"CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"});
    if (type == "PARQUET") {
        config.error("InputType", "Parquet files cannot be read", "convert them to CSV, JSON or JSON Lines");
    }
    const auto location = config.one_of("CSVHeaderLocation", {"FIRST_ROW", "GIVEN"});
    if (type == "CSV" && !config.has("CSVHeaderLocation"))
        config.error_here("The field 'CSVHeaderLocation' is required");
    if (location == "GIVEN") config.require({"CSVHeaders"});
    const Json* headers = config.list("CSVHeaders");
    if (!headers) return;
    for (std::size_t i = 0; i < headers->size(); ++i) {
        if ((*headers)[i].is_string()) continue;
        config.report().add({.where = config.at("CSVHeaders").at(i), .message = "Expected value of type String"});
    }
}

void read_reader_config(const Fields& reader, ItemReader& read) {
    const Json* source = reader.object("ReaderConfig");
    if (!source) return;
    Fields config{reader.report(), *source, reader.at("ReaderConfig"), reader.language()};
    config.allow_only(reader_config_fields);
    check_headers(config);
    config.one_of("Transformation", {"NONE", "LOAD_AND_FLATTEN"});
    config.one_of("ManifestType", {"ATHENA_DATA", "S3_INVENTORY"});
    config.one_of("CSVDelimiter", {"COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"});
    read.max_items = config.integer_or_path("MaxItems", 0, max_items);
    const auto pointer = config.text("ItemsPointer");
    if (pointer && !pointer->empty() && pointer->front() != '/') {
        config.error("ItemsPointer", "Value must be a valid JSON Pointer", "it begins with '/'");
    }
    read.config = *source;
}

// Parameters, or Arguments in JSONata.
std::optional<Template> read_arguments(const Fields& fields) {
    return fields.object_template(fields.language() == QueryLanguage::JSONPath ? "Parameters" : "Arguments");
}

ItemReader read_reader(const Fields& map_state, const Json& source) {
    ItemReader read;
    Fields reader{map_state.report(), source, map_state.at("ItemReader"), map_state.language()};
    reader.allow_only(reader_fields);
    reader.require({"Resource"});
    check_resource(reader, {"getObject", "listObjectsV2"});
    read.resource = reader.text("Resource").value_or("");
    read.arguments = read_arguments(reader);
    read_reader_config(reader, read);
    return read;
}

ItemBatcher read_batcher(const Fields& map_state, const Json& source) {
    ItemBatcher read;
    Fields batcher{map_state.report(), source, map_state.at("ItemBatcher"), map_state.language()};
    batcher.allow_only(batcher_fields);
    read.max_items = batcher.integer_or_path("MaxItemsPerBatch", 0, max_items);
    read.max_input_bytes = batcher.integer_or_path("MaxInputBytesPerBatch", 0, max_batch_bytes);
    read.batch_input = batcher.object_template("BatchInput");
    const bool sized = batcher.has("MaxItemsPerBatch") || batcher.has("MaxItemsPerBatchPath") ||
                       batcher.has("MaxInputBytesPerBatch") || batcher.has("MaxInputBytesPerBatchPath");
    if (!sized) {
        batcher.error_here("At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]");
    }
    return read;
}

ResultWriter read_writer(const Fields& map_state, const Json& source) {
    ResultWriter read;
    Fields writer{map_state.report(), source, map_state.at("ResultWriter"), map_state.language()};
    writer.allow_only(writer_fields);
    if (!writer.has("WriterConfig")) writer.require({"Resource"});
    check_resource(writer, {"putObject"});
    read.resource = writer.text("Resource").value_or("");
    read.arguments = read_arguments(writer);
    const Json* config_source = writer.object("WriterConfig");
    if (!config_source) return read;
    Fields config{writer.report(), *config_source, writer.at("WriterConfig"), writer.language()};
    config.allow_only(writer_config_fields);
    config.one_of("OutputType", {"JSON", "JSONL"});
    config.one_of("Transformation", {"NONE", "COMPACT", "FLATTEN"});
    read.config = *config_source;
    return read;
}

// The member, if it is there and may be: only a distributed Map reads, batches and writes.
const Json* distributed_only(const Fields& map_state, const Map& map, std::string_view name) {
    const Json* source = map_state.object(name);
    if (source && map.mode == MapMode::Inline) {
        map_state.error_here("The field '" + std::string{name} + "' is only supported in the 'DISTRIBUTED' mode",
                             "set 'Mode' of 'ProcessorConfig' to 'DISTRIBUTED'", name);
    }
    return source;
}

}  // namespace

void read_map_data(const Fields& map_state, Map& map) {
    if (const Json* source = distributed_only(map_state, map, "ItemReader")) {
        map.item_reader = read_reader(map_state, *source);
    }
    if (const Json* source = distributed_only(map_state, map, "ItemBatcher")) {
        map.item_batcher = read_batcher(map_state, *source);
    }
    if (const Json* source = distributed_only(map_state, map, "ResultWriter")) {
        map.result_writer = read_writer(map_state, *source);
    }
}

}  // namespace pawl::asl
