// What the readers of this folder share: how they fail, and how they are made.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/map_runs/item_source.hpp"

namespace pawl::reading {

AslError failed(std::string cause);
inline AslError failed(const S3Error& error) { return failed(error.message); }

// What an object's member is as an item: {"Key": …, "Value": …}, of the value's JSON text.
Payload member_item(const std::string& key, const std::string& value);

// Where the bytes of one source come from.
struct Place {
    std::string bucket;
    std::string key;
    std::string uri() const { return "s3://" + bucket + "/" + key; }
};

// An object as a stream, unpacked when its name says that it is packed.
Result<std::unique_ptr<ByteSource>> open(const Buckets& buckets, const Place& place);

// How delimited text is written.
struct CsvFormat {
    char delimiter = ',';
    std::optional<std::vector<std::string>> headers = {};  // nothing: the first row has them
};

std::unique_ptr<ItemSource> csv_items(std::unique_ptr<ByteSource> bytes, CsvFormat format, std::string source);
// The array or, behind a pointer, the object that `pointer` (RFC 6901; empty: the whole text) leads to.
std::unique_ptr<ItemSource> json_items(std::unique_ptr<ByteSource> bytes, std::string pointer, std::string source);
std::unique_ptr<ItemSource> json_line_items(std::unique_ptr<ByteSource> bytes, std::string source);
std::unique_ptr<ItemSource> object_list_items(std::unique_ptr<ObjectList> list, const std::string& bucket);

// Names objects, one after the other; their items follow each other.
class PlaceSource {
  public:
    virtual ~PlaceSource() = default;
    virtual Result<std::optional<Place>> next() = 0;
};
using ReadPlace = std::function<Result<std::unique_ptr<ItemSource>>(const Place& place)>;
std::unique_ptr<ItemSource> items_of_places(std::unique_ptr<PlaceSource> places, ReadPlace read);

std::unique_ptr<PlaceSource> listed_places(std::unique_ptr<ObjectList> list, std::string bucket);
// The lines of a manifest of Athena: s3://bucket/key.
std::unique_ptr<PlaceSource> athena_places(std::unique_ptr<ByteSource> manifest);
// The rows of an inventory of S3, which `manifest` lies beside.
Result<std::unique_ptr<ItemSource>> inventory_items(const Buckets& buckets, const Place& manifest);

}  // namespace pawl::reading
