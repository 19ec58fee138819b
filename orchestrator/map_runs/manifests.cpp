// Manifests: objects that name the objects which hold the items.
// Spec: Amazon Athena user guide, "UNLOAD" (data manifest); Amazon S3 user guide, "Inventory manifest".
#include <deque>

#include "orchestrator/map_runs/csv_reader.hpp"
#include "orchestrator/map_runs/reading.hpp"

namespace pawl::reading {
namespace {

constexpr std::size_t max_manifest_bytes = 64U << 20U;  // of an inventory's: it is read whole

std::optional<Place> place_of(std::string_view uri) {
    constexpr std::string_view scheme = "s3://";
    if (!uri.starts_with(scheme)) return std::nullopt;
    uri.remove_prefix(scheme.size());
    const auto slash = uri.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == uri.size()) return std::nullopt;
    return Place{std::string{uri.substr(0, slash)}, std::string{uri.substr(slash + 1)}};
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

class AthenaPlaces final : public PlaceSource {
  public:
    explicit AthenaPlaces(std::unique_ptr<ByteSource> manifest) : rows_{std::move(manifest), ','} {}

    Result<std::optional<Place>> next() override {
        while (auto row = rows_.next()) {
            const auto uri = trimmed(row->front());
            if (uri.empty() && row->size() == 1) continue;
            auto place = place_of(uri);
            if (!place)
                return failed("The manifest holds a line that is no S3 URI: " + std::string{uri.substr(0, 200)});
            return place;
        }
        if (const auto* error = rows_.error()) return failed(*error);
        return std::optional<Place>{};
    }

  private:
    CsvReader rows_;
};

class PlaceQueue final : public PlaceSource {
  public:
    explicit PlaceQueue(std::deque<Place> places) : places_{std::move(places)} {}
    Result<std::optional<Place>> next() override {
        if (places_.empty()) return std::optional<Place>{};
        auto place = std::move(places_.front());
        places_.pop_front();
        return std::optional{std::move(place)};
    }

  private:
    std::deque<Place> places_;
};

Result<std::string> whole_text(std::unique_ptr<ByteSource> bytes) {
    ByteReader reader{std::move(bytes)};
    std::string text;
    for (int byte = reader.next(); byte != ByteReader::end; byte = reader.next()) {
        text += static_cast<char>(byte);
        if (text.size() > max_manifest_bytes) return failed("The manifest is too large.");
    }
    if (const auto* error = reader.error()) return failed(*error);
    return text;
}

const std::string* text_member(const Json& object, std::string_view name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get_ptr<const std::string*>() : nullptr;
}

// "Bucket, Key, Size" -> the headers.
std::vector<std::string> schema_columns(std::string_view schema) {
    std::vector<std::string> columns;
    while (true) {
        const auto comma = schema.find(',');
        columns.emplace_back(trimmed(schema.substr(0, comma)));
        if (comma == std::string_view::npos) return columns;
        schema.remove_prefix(comma + 1);
    }
}

// The bucket that the inventory was written to; a copy's own, when there is none of that name.
std::string inventory_bucket(const Buckets& buckets, const Json& manifest, const std::string& own) {
    const auto* written = text_member(manifest, "destinationBucket");
    if (written == nullptr) return own;
    auto name = written->substr(written->rfind(':') + 1);  // "arn:aws:s3:::bucket", or the name alone
    return buckets.has(name) ? name : own;
}

}  // namespace

std::unique_ptr<PlaceSource> athena_places(std::unique_ptr<ByteSource> manifest) {
    return std::make_unique<AthenaPlaces>(std::move(manifest));
}

Result<std::unique_ptr<ItemSource>> inventory_items(const Buckets& buckets, const Place& place) {
    auto bytes = open(buckets, place);
    if (!bytes) return bytes.error();
    const auto text = whole_text(*std::move(bytes));
    if (!text) return text.error();
    const auto manifest = parse_json(*text);
    if (!manifest) return failed("The manifest " + place.uri() + " is not valid JSON.");
    if (!manifest->is_object()) return failed("The manifest " + place.uri() + " is not an inventory manifest.");
    const auto* format = text_member(*manifest, "fileFormat");
    const auto* schema = text_member(*manifest, "fileSchema");
    const auto files = manifest->find("files");
    if (schema == nullptr || files == manifest->end() || !files->is_array()) {
        return failed("The manifest " + place.uri() + " is not an inventory manifest.");
    }
    if (format != nullptr && *format != "CSV") {
        return failed("The inventory's file format must be CSV, but it is " + *format + ".");
    }
    const auto bucket = inventory_bucket(buckets, *manifest, place.bucket);
    std::deque<Place> places;
    for (const auto& file : *files) {
        const auto* key = file.is_object() ? text_member(file, "key") : nullptr;
        if (key == nullptr) return failed("The manifest " + place.uri() + " names a file without a key.");
        places.push_back({bucket, *key});
    }
    const CsvFormat csv{',', schema_columns(*schema)};
    return items_of_places(std::make_unique<PlaceQueue>(std::move(places)),
                           [&buckets, csv](const Place& data) -> Result<std::unique_ptr<ItemSource>> {
                               auto opened = open(buckets, data);
                               if (!opened) return opened.error();
                               return csv_items(*std::move(opened), csv, data.uri());
                           });
}

}  // namespace pawl::reading
