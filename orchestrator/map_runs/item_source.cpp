#include "orchestrator/map_runs/item_source.hpp"

#include <algorithm>
#include <span>

#include "orchestrator/map_runs/reading.hpp"
#include "states/error_names.hpp"

namespace pawl {

namespace reading {

AslError failed(std::string cause) { return {std::string{error::item_reader_failed}, std::move(cause)}; }

Payload member_item(const std::string& key, const std::string& value) {
    return Payload::from_text("{\"Key\":" + to_text(key) + ",\"Value\":" + value + "}");
}

Result<std::unique_ptr<ByteSource>> open(const Buckets& buckets, const Place& place) {
    auto bytes = buckets.get(place.bucket, place.key);
    if (!bytes) return failed(bytes.error());
    return unpacked(*std::move(bytes), place.key);
}

namespace {

class StateItems final : public ItemSource {
  public:
    explicit StateItems(Payload data) : data_{std::move(data)} {}

    Result<std::optional<Item>> next() override {
        const auto& json = data_.json();
        if (!json.is_structured() || position_ == json.size()) return std::optional<Item>{};
        const auto at = static_cast<std::ptrdiff_t>(position_++);
        if (json.is_array()) return std::optional{Item{Payload::from_json(*(json.begin() + at)), {}, {}}};
        const auto& [key, value] = *(json.get_ref<const Json::object_t&>().begin() + at);
        return std::optional{Item{member_item(key, to_text(value)), key, {}}};
    }

  private:
    const Payload data_;
    std::size_t position_ = 0;
};

// Ends after so many items.
class FirstItems final : public ItemSource {
  public:
    FirstItems(std::unique_ptr<ItemSource> items, double limit) : items_{std::move(items)}, limit_{limit} {}

    Result<std::optional<Item>> next() override {
        if (given_ >= limit_) return std::optional<Item>{};
        given_ += 1;
        return items_->next();
    }

  private:
    std::unique_ptr<ItemSource> items_;
    const double limit_;
    double given_ = 0;
};

std::string text_of(const Json& object, std::string_view name) {
    if (!object.is_object()) return {};
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<CsvFormat> csv_format(const Json& config) {
    CsvFormat format;
    const auto delimiter = text_of(config, "CSVDelimiter");
    for (const auto& [name, character] : {std::pair{"COMMA", ','}, std::pair{"PIPE", '|'}, std::pair{"SEMICOLON", ';'},
                                          std::pair{"SPACE", ' '}, std::pair{"TAB", '\t'}}) {
        if (delimiter == name) format.delimiter = character;
    }
    if (text_of(config, "CSVHeaderLocation") != "GIVEN") return format;
    const auto given = config.find("CSVHeaders");
    if (given == config.end() || !given->is_array()) return failed("CSVHeaders must be a list of strings.");
    format.headers.emplace();
    for (const auto& header : *given) {
        if (!header.is_string()) return failed("CSVHeaders must be a list of strings.");
        format.headers->push_back(header.get<std::string>());
    }
    return format;
}

using ReadBytes = std::function<std::unique_ptr<ItemSource>(std::unique_ptr<ByteSource> bytes, const std::string& uri)>;

// How InputType says that one object is read.
Result<ReadBytes> reader_of(const Json& config) {
    const auto type = text_of(config, "InputType");
    if (type == "CSV") {
        auto format = csv_format(config);
        if (!format) return format.error();
        return ReadBytes{[format = *format](std::unique_ptr<ByteSource> bytes, const std::string& uri) {
            return csv_items(std::move(bytes), format, uri);
        }};
    }
    if (type == "JSONL") return ReadBytes{json_line_items};
    if (type == "JSON") {
        return ReadBytes{
            [pointer = text_of(config, "ItemsPointer")](std::unique_ptr<ByteSource> bytes, const std::string& uri) {
                return json_items(std::move(bytes), pointer, uri);
            }};
    }
    if (type.empty()) return failed("The field 'InputType' of 'ReaderConfig' is required.");
    return failed("The input type " + type + " cannot be read.");
}

Result<ReadPlace> reader_of(const Json& config, const Buckets& buckets) {
    auto read = reader_of(config);
    if (!read) return read.error();
    return ReadPlace{[&buckets, read = *std::move(read)](const Place& place) -> Result<std::unique_ptr<ItemSource>> {
        auto bytes = open(buckets, place);
        if (!bytes) return bytes.error();
        return read(*std::move(bytes), place.uri());
    }};
}

class TextBytes final : public ByteSource {
  public:
    explicit TextBytes(std::string text) : text_{std::move(text)} {}
    S3Result<std::size_t> read(std::span<char> into) override {
        const auto size = text_.copy(into.data(), into.size(), position_);
        position_ += size;
        return size;
    }

  private:
    const std::string text_;
    std::size_t position_ = 0;
};

Result<std::unique_ptr<ItemSource>> read_object(const Json& config, const Place& place, const Buckets& buckets) {
    const auto type = text_of(config, "InputType");
    const auto manifest = text_of(config, "ManifestType");
    if (type == "MANIFEST" || manifest == "S3_INVENTORY") return inventory_items(buckets, place);
    auto read = reader_of(config, buckets);
    if (!read) return read.error();
    if (manifest != "ATHENA_DATA") return (*read)(place);
    auto bytes = open(buckets, place);
    if (!bytes) return bytes.error();
    return items_of_places(athena_places(*std::move(bytes)), *std::move(read));
}

Result<std::unique_ptr<ItemSource>> read_list(const ReaderRequest& request, const std::string& bucket,
                                              const Buckets& buckets) {
    auto list = buckets.list(bucket, text_of(request.arguments, "Prefix"));
    if (!list) return failed(list.error());
    if (text_of(request.config, "Transformation") != "LOAD_AND_FLATTEN") {
        return object_list_items(*std::move(list), bucket);
    }
    auto read = reader_of(request.config, buckets);
    if (!read) return read.error();
    return items_of_places(listed_places(*std::move(list), bucket), *std::move(read));
}

Result<std::unique_ptr<ItemSource>> read_all(const ReaderRequest& request, const Buckets& buckets) {
    const auto bucket = text_of(request.arguments, "Bucket");
    if (bucket.empty()) return failed("The argument 'Bucket' must be a string that is not empty.");
    if (request.resource.ends_with(":s3:listObjectsV2")) return read_list(request, bucket, buckets);
    if (!request.resource.ends_with(":s3:getObject")) return failed("Nothing can be read by " + request.resource + ".");
    const auto key = text_of(request.arguments, "Key");
    if (key.empty()) return failed("The argument 'Key' must be a string that is not empty.");
    // A folder keeps no versions; "null" is the name of what was there before versions.
    const auto version = text_of(request.arguments, "VersionId");
    if (!version.empty() && version != "null") return failed("The specified version does not exist.");
    return read_object(request.config, {bucket, key}, buckets);
}

}  // namespace
}  // namespace reading

std::unique_ptr<ItemSource> state_items(Payload array_or_object) {
    return std::make_unique<reading::StateItems>(std::move(array_or_object));
}

Result<std::unique_ptr<ItemSource>> read_items(const ReaderRequest& request, const Buckets& buckets) {
    auto items = reading::read_all(request, buckets);
    if (!items || !request.config.is_object()) return items;
    const auto limit = request.config.find("MaxItems");
    if (limit == request.config.end() || !limit->is_number() || limit->get<double>() <= 0) return items;  // 0: no limit
    return std::unique_ptr<ItemSource>{std::make_unique<reading::FirstItems>(*std::move(items), limit->get<double>())};
}

Result<Json> all_items(const Json& config, std::string text) {
    const auto read = reading::reader_of(config);
    if (!read) return read.error();
    const auto source = (*read)(std::make_unique<reading::TextBytes>(std::move(text)), {});
    Json items;
    while (true) {
        auto item = source->next();
        if (!item) return item.error();
        if (!*item) return items.is_null() ? Json::array() : items;
        const auto& value = (*item)->value.json();
        if (const auto& key = (*item)->key) {
            items[*key] = value.at("Value");
        } else {
            items.push_back(value);
        }
    }
}

}  // namespace pawl
